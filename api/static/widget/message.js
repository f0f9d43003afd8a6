// One message: who, what, and for the bot's the source, the choices and whether it helped.

import { h } from "./element.js";
import { safeNodes } from "./safe_html.js";

export function messageOf(context, event, actions) {
  const { t } = context;
  return h(
    "div",
    { class: `message message--${event.author}`, "data-who": event.author + (event.name ?? ""), "data-number": event.number },
    who(t, event),
    bubble(context, event, actions),
    translation(t, event),
    (event.sources ?? []).map((source) => sourceOf(context, source, actions)),
    event.masked?.length ? h("span", { class: "message__time" }, t.masked(event.masked.map((kind) => t.kinds[kind] ?? kind))) : null,
    event.choices?.length ? choices(t, event.choices, actions) : null,
    event.offers?.length ? offers(t, event.offers, actions) : null,
    event.author === "bot" && event.action === "answer" ? helped(t, event, actions) : null,
    h("time", { class: "message__time", datetime: event.at }, clock(event.at, context.lang)),
  );
}

export function waitingOf({ t }, { text }) {
  return h(
    "div",
    { class: "message message--player message--waiting" },
    h("div", { class: "bubble" }, text),
    h("span", { class: "message__time" }, t.waitingToSend),
  );
}

function who(t, event) {
  if (event.author === "player") return h("span", { class: "message__who unseen" }, t.you);
  if (event.author === "bot") {
    return h("span", { class: "message__who" }, t.bot, " ", h("span", { class: "message__mark" }, t.botMark));
  }
  return h("span", { class: "message__who" }, event.name ?? "");
}

function bubble({ lang }, event, actions) {
  if (!event.html) return h("div", { class: "bubble" }, event.text);
  const element = h("div", { class: "bubble", lang: event.language && event.language !== lang && event.language !== "und" ? event.language : null });
  try {
    element.append(...safeNodes(event.html));
  } catch {
    element.textContent = event.text;
  }
  for (const link of element.querySelectorAll("[data-article]")) {
    link.addEventListener("click", (click) => {
      click.preventDefault();
      actions.read(link.dataset.article);
    });
  }
  return element;
}

// Marked as a machine's words, what the consultant wrote one click away; or as not translated.
function translation(t, event) {
  if (event.untranslated) return h("p", { class: "message__translation" }, t.untranslated);
  if (!event.translation) return null;
  const { from, original } = event.translation;
  return h("details", { class: "message__translation" },
    h("summary", {}, t.translated), h("p", { lang: from }, original));
}

function sourceOf({ t, lang }, source, actions) {
  const date = new Date(source.reviewed).toLocaleDateString(lang === "en" ? "en-GB" : lang, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  return h(
    "button",
    { class: "source", type: "button", onclick: () => actions.read(source.id) },
    h("span", { class: "source__title" }, source.title),
    h("span", { class: "source__date" }, `${t.source}, ${t.reviewed(date)}`),
  );
}

function choices(t, texts, actions) {
  return h(
    "div",
    { class: "choices", role: "group", "aria-label": t.choices },
    texts.map((text) => h("button", { type: "button", onclick: once(() => actions.say(text)) }, text)),
    h("button", { type: "button", onclick: actions.focusField }, t.somethingElse),
  );
}

function offers(t, kinds, actions) {
  const names = { email: t.offerEmail, callback: t.offerCallback };
  return h(
    "div",
    { class: "offers", role: "group", "aria-label": t.offers },
    kinds.filter((kind) => names[kind]).map((kind) => h("button", { type: "button", onclick: () => actions.offer(kind) }, names[kind])),
  );
}

function helped(t, event, actions) {
  const tell = (isHelpful) => () => actions.send({ type: "feedback", about: event.number, is_helpful: isHelpful });
  return h(
    "div",
    { class: "helped", role: "group", "aria-label": t.helped },
    h("span", {}, t.helped),
    h("button", { class: "quiet", type: "button", onclick: tell(true) }, t.yes),
    h("button", { class: "quiet", type: "button", onclick: tell(false) }, t.no),
  );
}

function once(act) {
  let isDone = false;
  return () => {
    if (!isDone) act();
    isDone = true;
  };
}

function clock(at, lang) {
  return new Date(at).toLocaleTimeString(lang === "en" ? "en-GB" : lang, { hour: "2-digit", minute: "2-digit" });
}
