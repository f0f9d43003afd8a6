// The chat by e-mail, once it has ended.

import { h } from "./element.js";
import { read } from "./store.js";

export function transcript({ t, lang, http }) {
  const email = h("input", { type: "email", name: "email", required: true, maxlength: 254, autocomplete: "email", "aria-label": t.transcriptTo, placeholder: t.transcriptTo });
  const told = h("p", { role: "status", hidden: true });
  const form = h("form", { class: "transcript__form", hidden: true, onsubmit: submit }, email, h("button", { class: "quiet", type: "submit" }, t.mailSend));
  const button = h("button", { class: "quiet", type: "button", "aria-expanded": "false", onclick: open }, t.transcript);
  const element = h("div", { class: "transcript" }, button, form, told);

  function open() {
    form.hidden = !form.hidden;
    button.setAttribute("aria-expanded", String(!form.hidden));
    if (!form.hidden) email.focus();
  }

  async function submit(event) {
    event.preventDefault();
    tell("");
    try {
      const sent = await http.post("/conversations/current/transcript", { token: read().token, body: { email: email.value, lang } });
      form.hidden = button.hidden = true;
      tell(t.transcriptSent(sent.email));
    } catch (error) {
      tell(t.mailRefused[error.code] ?? t.mailRefused.other);
    }
  }

  function tell(text) {
    told.textContent = text;
    told.hidden = !text;
  }

  return element;
}
