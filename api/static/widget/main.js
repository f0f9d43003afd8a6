// The chat on a page: options come from the script tag, everything lives in a shadow root, nothing is left outside.

import { accentOf } from "./colours.js";
import { h } from "./element.js";
import { launcher } from "./launcher.js";
import { panel } from "./panel.js";
import { requests } from "./requests.js";
import { read } from "./store.js";

const LANGUAGES = ["pl", "en"];
const SHEETS = ["theme", "launcher", "panel", "messages", "composer", "articles", "closing", "mail", "view"];

export async function start(options) {
  const lang = LANGUAGES.includes(options.lang) ? options.lang : "pl";
  const { TEXTS: t } = await import(`./texts_${lang}.js`);
  const host = h("div", { lang, "data-krupier-chat": true });
  if (options.theme) host.dataset.theme = options.theme;
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = await Promise.all(SHEETS.map(sheet));
  paint(host, options.color);

  const context = { t, lang, base: options.base, name: options.name || t.name, http: requests(options.base) };
  const button = launcher(context, () => chat.open());
  const chat = panel(context, {
    opened: () => (button.element.hidden = true),
    closed() {
      button.element.hidden = false;
      button.element.focus();
    },
    unread: button.count,
  });
  root.append(button.element, chat.element);
  document.body.append(host);
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-krupier-open]")) return; // what would lead elsewhere without the chat
    event.preventDefault();
    chat.open();
  });
  if (read().isOpen) chat.open({ isQuiet: true });
  chat.connect();
}

// Constructable sheets need no style-src of the page, only the connect-src that the chat needs anyway.
async function sheet(name) {
  const response = await fetch(new URL(`./${name}.css`, import.meta.url));
  return new CSSStyleSheet().replace(await response.text());
}

function paint(host, colour) {
  const colours = accentOf(colour);
  if (!colours) return;
  host.style.setProperty("--accent", colours.accent);
  host.style.setProperty("--on-accent", colours.onAccent);
}
