// Where the player writes, with articles that match the first question, and the way to a person.

import { h, icon } from "./element.js";
import { matching } from "./matching.js";

const TEXT_MAX = 4_000;
const TYPING_EVERY_MS = 2_000;

export function composer(context, { say, person, typing, read, write }) {
  const { t } = context;
  let typedAt = 0;
  const refusal = h("p", { class: "composer__refusal", role: "alert", hidden: true });
  const field = h("textarea", {
    rows: "1", maxlength: TEXT_MAX, "aria-label": t.field, placeholder: t.placeholder, enterkeyhint: "send",
    "aria-describedby": "privacy", oninput: typed, onkeydown: keys, onpaste: pasted,
  });
  const found = matching(context, field, read);
  const personButton = h("button", { class: "composer__person", type: "button", onclick: person }, icon("person"), h("span", {}, t.person));
  const element = h(
    "form",
    { class: "composer", onsubmit: submit },
    refusal, found.element,
    h(
      "div",
      { class: "composer__field" },
      field,
      h("button", { class: "composer__send", type: "submit", "aria-label": t.send, title: t.send }, icon("send")),
    ),
    h("div", { class: "composer__foot" }, personButton, h("button", { class: "composer__person", type: "button", onclick: write }, icon("mail"), h("span", {}, t.mail)), h("p", { class: "composer__privacy", id: "privacy" }, t.privacy)),
  );

  function submit(event) {
    event.preventDefault();
    const text = field.value.trim();
    if (!text) return;
    field.value = "";
    typedAt = 0;
    refuse("");
    found.stop();
    say(text);
    field.focus();
  }

  function keys(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    element.requestSubmit();
  }

  function typed() {
    refuse("");
    found.look();
    const isEmpty = !field.value.trim();
    if (!isEmpty && Date.now() - typedAt < TYPING_EVERY_MS) return;
    typedAt = isEmpty ? 0 : Date.now();
    typing(!isEmpty);
  }

  function pasted(event) {
    if (!event.clipboardData.files.length) return;
    event.preventDefault();
    refuse(t.files);
  }

  function refuse(why, text) {
    refusal.textContent = why;
    refusal.hidden = !why;
    if (text && !field.value) field.value = text;
  }

  function state(now) {
    const isComing = now?.status === "waiting";
    personButton.hidden = now?.status === "held";
    personButton.disabled = isComing;
    personButton.lastChild.textContent = isComing ? t.personWaiting : t.person;
  }

  return { element, refuse, state, focus: () => field.focus(), started: found.end, reset: found.begin };
}
