// The articles, searched without leaving the conversation.

import { part } from "./requests.js";

const PAUSE_MS = 250;

export function articles(id, place, form, { lang, insert }) {
  const input = form.elements.q;
  let asking = null;
  let timer;

  async function look() {
    clearTimeout(timer);
    asking?.abort();
    const mine = (asking = new AbortController());
    const q = input.value.trim();
    if (!q) return place.replaceChildren();
    try {
      const html = await part("articles", { q, conversation: id, article_lang: lang() }, mine.signal);
      if (mine === asking) place.innerHTML = html;
    } catch {
      if (mine === asking) place.replaceChildren();
    }
    return undefined;
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE_MS);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    look();
  });
  place.addEventListener("click", (event) => {
    const chosen = event.target.closest("[data-insert-article]")?.dataset;
    if (chosen) insert(chosen.insertArticle, { lang: lang(), other: chosen.other, otherLang: chosen.otherLang });
  });
  form.parentElement.parentElement.addEventListener("click", (event) => {
    const title = event.target.closest("[data-find]")?.dataset.find;
    if (!title) return;
    input.value = title;
    look();
  });
}
