// Writing to people instead of waiting for them: what was said in the chat is carried over, the answer comes by e-mail.

import { h, icon } from "./element.js";
import { read } from "./store.js";

const EMAIL_MAX = 254;
const TEXT_MAX = 10_000;

export function mailForm({ t, lang, http }, { closed, carried }) {
  let id = newId(); // one for each message, so that sending it twice is sending it once
  const refusal = h("p", { class: "mail__refusal", role: "alert", hidden: true });
  const email = h("input", { id: "mail-email", type: "email", name: "email", required: true, maxlength: EMAIL_MAX, autocomplete: "email" });
  const text = h("textarea", { id: "mail-text", name: "text", rows: "7", required: true, maxlength: TEXT_MAX });
  const send = h("button", { class: "strong", type: "submit" }, t.mailSend);
  const form = h(
    "form",
    { class: "mail", onsubmit: submit },
    h("h2", {}, t.mailTitle),
    h("p", {}, t.mailHint),
    refusal,
    h("label", { for: "mail-email" }, t.mailAddress), email,
    h("label", { for: "mail-text" }, t.mailText), text,
    h("p", { class: "mail__privacy" }, t.mailPrivacy),
    h("p", {}, send),
  );
  const place = h("div", { class: "article__text", tabindex: "-1" }, form);
  const back = h("button", { class: "article__back", type: "button", onclick: close }, icon("back"), t.backToChat);
  const element = h("div", { class: "article", hidden: true }, back, place);

  function open() {
    element.hidden = false;
    if (!form.isConnected) place.replaceChildren(form);
    if (!text.value.trim()) text.value = carried();
    email.focus();
  }

  async function submit(event) {
    event.preventDefault();
    send.disabled = true;
    refuse("");
    try {
      const body = { client_id: id, email: email.value, text: text.value, lang };
      sent(await http.post("/contact/messages", { token: read().token, body }));
    } catch (error) {
      refuse(t.mailRefused[error.code] ?? t.mailRefused.other);
      if (error.code === "bad_address") email.focus();
    } finally {
      send.disabled = false;
    }
  }

  function sent({ email: address, due }) {
    id = newId();
    text.value = "";
    const done = h("div", { class: "mail" }, h("h2", {}, t.mailSent), h("p", { role: "status" }, t.mailSentTo(address, due)));
    place.replaceChildren(done);
    back.focus();
  }

  function refuse(why) {
    refusal.textContent = why;
    refusal.hidden = !why;
  }

  function close() {
    element.hidden = true;
    closed();
  }

  return { element, open, close, isOpen: () => !element.hidden };
}

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12)); // randomUUID exists on https only
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
