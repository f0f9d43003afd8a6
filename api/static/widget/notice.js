// What happened between messages, in a line.

import { h } from "./element.js";

export function noticeOf({ t, lang }, event) {
  const said = {
    escalated: (event.presence ?? "staffed") === "staffed" ? t.escalated : t.escalatedAway,
    callback_booked: t.callbackBooked(slot(event, lang), event.number_end),
    callback_changed: t.callbackChanged(slot(event, lang)),
    callback_cancelled: t.callbackCancelled(slot(event, lang)),
    callback_failed: event.why === "wrong_number" ? t.callbackWrongNumber : t.callbackUnreachable,
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

// By the clock in Poland, as it was booked.
function slot({ slot_at: at, slot_minutes: minutes }, lang) {
  if (!at) return "";
  const locale = lang === "en" ? "en-GB" : lang;
  const [begin, end] = [new Date(at), new Date(Date.parse(at) + minutes * 60_000)];
  const day = begin.toLocaleDateString(locale, { weekday: "long", day: "numeric", month: "long", timeZone: "Europe/Warsaw" });
  const [from, to] = [begin, end].map((time) => time.toLocaleTimeString(locale, { hour: "numeric", minute: "2-digit", timeZone: "Europe/Warsaw" }));
  return `${day}, ${from}–${to}`;
}
