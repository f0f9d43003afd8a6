// What happened between messages, in a line.

import { h } from "./element.js";

export function noticeOf({ t }, event) {
  const said = {
    escalated: t.escalated,
    joined: t.joined(event.name ?? ""),
    handed_back: t.handedBack,
    released: t.released,
    closed: event.by === "consultant" ? t.closedByConsultant : t.closedByPlayer,
    rated: t.rated,
    translation_switched: event.is_on ? t.translationOn : t.translationOff,
  }[event.kind];
  if (!said) return null;
  return h("p", { class: event.kind === "joined" ? "event event--person" : "event" }, said);
}
