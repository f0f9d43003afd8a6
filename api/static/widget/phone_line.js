// The number to call, with its hours; a link only while somebody answers.

import { h } from "./element.js";

export function phoneLine({ t }, phone) {
  if (!phone) return [];
  const number = phone.is_open ? h("a", { href: `tel:${phone.dialled}` }, phone.number) : h("strong", {}, phone.number);
  const state = phone.is_open ? t.lineOpen(phone.changes) : t.lineClosed(phone.changes);
  return [h("p", { class: "view__line" }, t.lineOr, " ", number, ". ", state), h("p", { class: "view__hint" }, t.lineHours(phone.lines.join("; ")))];
}
