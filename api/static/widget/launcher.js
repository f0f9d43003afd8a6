// The button that opens the chat, with the number of messages not seen yet.

import { h, icon } from "./element.js";

export function launcher({ t }, open) {
  const badge = h("span", { class: "launcher__count", "aria-hidden": "true", hidden: true });
  const element = h("button", { class: "launcher", type: "button", "aria-haspopup": "dialog", onclick: open }, icon("chat"), badge);

  function count(unread) {
    badge.hidden = unread === 0;
    badge.textContent = unread > 99 ? "99+" : unread;
    element.setAttribute("aria-label", unread ? `${t.open}. ${t.unread(unread)}` : t.open);
  }

  count(0);
  return { element, count };
}
