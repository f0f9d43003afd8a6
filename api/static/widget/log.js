// The list of what was said and done: events in order, then what waits to be sent, then who is typing.

import { h } from "./element.js";
import { messageOf, waitingOf } from "./message.js";
import { noticeOf } from "./notice.js";

const TYPING_SECONDS = 8;
const MARGIN = 12;
const NEAR_END = 60; // pixels: who has scrolled further up is reading, and is not pulled away

export function log(context, actions) {
  const { t, name } = context;
  let first = 0; // number of the earliest event shown; 0 while nothing is
  let before = 0; // there is something earlier up to this number
  let isAtEnd = true;
  let newest = null; // the message to be read from its beginning; null once the player writes
  let typingTimer;
  const byNumber = new Map();
  const olderButton = h("button", { class: "quiet older", type: "button", hidden: true, onclick: older }, t.older);
  const events = h("div");
  const queue = h("div");
  const typist = h("div", { role: "status" });
  const greeting = h("p", { class: "greeting" }, h("strong", {}, t.greeting), `${name}. ${t.automatic}`);
  const element = h(
    "div",
    { class: "log", role: "log", "aria-label": t.log, "aria-live": "polite", tabindex: "0" },
    greeting, olderButton, events, queue, typist,
  );

  function add(fresh) {
    for (const event of fresh) append(event);
    const last = fresh.at(-1);
    if (last.kind === "message") newest = last.author === "player" ? null : byNumber.get(last.number);
    if (fresh.some((event) => event.author !== "player")) typing({ is_typing: false });
  }

  function append(event) {
    if (event.kind === "message" && event.author === "player") forgetChoices();
    if (event.kind === "feedback") return thank(event);
    const node = event.kind === "message" ? messageOf(context, event, actions) : noticeOf(context, event);
    if (!node) return undefined;
    const previous = events.lastElementChild;
    node.classList.toggle("message--same", isSame(previous, node));
    if (!first) first = event.number;
    byNumber.set(event.number, node);
    return events.append(node);
  }

  function isSame(previous, node) {
    return Boolean(previous?.dataset.who) && previous.dataset.who === node.dataset.who && node.dataset.who !== "bot"; // each of the bot's is marked
  }

  function forgetChoices() {
    for (const choices of events.querySelectorAll(".choices")) choices.remove();
  }

  function thank(event) {
    byNumber.get(event.about)?.querySelector(".helped")?.replaceChildren(event.is_helpful ? t.thanks : t.notHelped, ...(event.is_helpful ? [] : [personButton()]));
  }

  function personButton() {
    return h("button", { class: "quiet", type: "button", onclick: actions.person }, t.person);
  }

  function waiting(items) {
    if (items.length) newest = null;
    queue.replaceChildren(...items.map((item) => waitingOf(context, item)));
  }

  function typing({ author, name: who, is_typing: isTyping }) {
    clearTimeout(typingTimer);
    const said = t.typing(author === "consultant" ? who : t.bot);
    const dots = [h("span", { class: "typing", "aria-hidden": "true" }, h("i"), h("i"), h("i")), h("span", { class: "unseen" }, said)];
    typist.replaceChildren(...(isTyping ? dots : []));
    if (isTyping) typingTimer = setTimeout(() => typist.replaceChildren(), TYPING_SECONDS * 1000);
  }

  async function older() {
    olderButton.disabled = true;
    try {
      const { events: page } = await actions.older(before + 1);
      const nodes = page.filter((event) => event.number <= before).map((event) =>
        event.kind === "message" ? messageOf(context, event, actions) : noticeOf(context, event));
      const height = element.scrollHeight;
      events.prepend(...nodes.filter(Boolean));
      before = Math.max(0, before - 100);
      olderButton.hidden = before === 0;
      element.scrollTop += element.scrollHeight - height;
    } finally {
      olderButton.disabled = false;
    }
  }

  function clear(after) {
    first = 0;
    before = after;
    byNumber.clear();
    olderButton.hidden = after === 0;
    events.replaceChildren();
    queue.replaceChildren();
    typing({ is_typing: false });
  }

  // Whatever grows or shrinks, who was at the end stays there; of a message longer than the chat, the beginning is shown.
  function toEnd() {
    isAtEnd = true;
    element.scrollTop = end();
  }

  function end() {
    const bottom = element.scrollHeight - element.clientHeight;
    return newest?.isConnected ? Math.min(bottom, newest.offsetTop - MARGIN) : bottom;
  }

  element.addEventListener("scroll", () => {
    isAtEnd = element.scrollTop > end() - NEAR_END;
  });
  const growth = new ResizeObserver(() => isAtEnd && toEnd());
  for (const each of [element, events, queue, typist]) growth.observe(each);

  return { element, add, waiting, typing, clear, toEnd, state: (now) => element.classList.toggle("log--closed", now?.status === "closed") };
}
