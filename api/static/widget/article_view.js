// An article read inside the chat; what was being typed stays where it is.

import { h, icon } from "./element.js";
import { safeNodes } from "./safe_html.js";

export function articleView({ t, lang, http }, closed) {
  const text = h("div", { class: "article__text", tabindex: "0" });
  const back = h("button", { class: "article__back", type: "button", onclick: close }, icon("back"), t.backToChat);
  const element = h("div", { class: "article", hidden: true }, back, text);

  async function open(id) {
    element.hidden = false;
    text.replaceChildren(h("p", { role: "status" }, t.loading));
    back.focus();
    try {
      show(await http.get(`/articles/${encodeURIComponent(id)}?lang=${lang}`));
    } catch {
      text.replaceChildren(h("p", { role: "alert" }, t.articleFailed));
    }
  }

  function show(article) {
    const date = new Date(article.reviewed).toLocaleDateString(lang === "en" ? "en-GB" : lang, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
    const prose = h("div", { class: "prose" }, safeNodes(article.html));
    prose.addEventListener("click", (event) => {
      const link = event.target.closest("[data-article]");
      if (!link) return;
      event.preventDefault();
      open(link.dataset.article);
    });
    text.replaceChildren(h("h2", {}, article.title), h("p", { class: "article__date" }, t.reviewed(date)), prose);
    text.scrollTop = 0;
  }

  function close() {
    element.hidden = true;
    closed();
  }

  return { element, open, close, isOpen: () => !element.hidden };
}
