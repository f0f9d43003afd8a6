// A view over the conversation, e.g. a form; what was being typed in the chat stays where it is.

import { h, icon } from "./element.js";

export function view({ t }, closed) {
  const back = h("button", { class: "article__back", type: "button", onclick: close }, icon("back"), t.backToChat);
  const body = h("div", { class: "article__text view", tabindex: "0" });
  const element = h("div", { class: "article", hidden: true }, back, body);

  function open() {
    element.hidden = false;
    back.focus();
  }

  function show(...children) {
    body.replaceChildren(...children.filter(Boolean));
    body.scrollTop = 0;
  }

  function close() {
    element.hidden = true;
    closed();
  }

  return { element, open, show, focus: () => body.focus(), close, isOpen: () => !element.hidden };
}

// A labelled field with a place for what is wrong with it.
export function labelled(label, input, hint) {
  const id = `f-${input.name}`;
  const wrong = h("p", { class: "view__wrong", id: `${id}-wrong`, role: "alert", hidden: true });
  input.id = id;
  const element = h("div", { class: "view__field" }, h("label", { for: id }, label), input, hint && h("p", { class: "view__hint" }, hint), wrong);

  function refuse(why) {
    wrong.textContent = why ?? "";
    wrong.hidden = !why;
    if (why) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    if (why) input.setAttribute("aria-describedby", wrong.id);
    else input.removeAttribute("aria-describedby");
  }

  return { element, refuse };
}
