// While the first question is typed: up to three articles that may answer it already.

import { h } from "./element.js";

const PAUSE_MS = 250;
const CHARACTERS_MIN = 3;

export function matching({ t, lang, http }, field, read) {
  const list = h("ul");
  const element = h("div", { class: "matching", role: "status", hidden: true }, h("p", { class: "matching__label" }, t.matching), list);
  let isOver = false;
  let timer;
  let asking;

  function look() {
    cancel();
    const text = field.value.trim();
    if (isOver || text.length < CHARACTERS_MIN) return hide();
    timer = setTimeout(() => ask(text), PAUSE_MS);
    return undefined;
  }

  async function ask(text) {
    asking = new AbortController();
    const { signal } = asking;
    try {
      const { articles } = await http.get(`/search?q=${encodeURIComponent(text.slice(0, 300))}&lang=${lang}`, { signal });
      if (!signal.aborted) show(articles);
    } catch {
      if (!signal.aborted) hide(); // a hint that does not come is no reason to worry anybody
    }
  }

  function show(articles) {
    list.replaceChildren(
      ...articles.map((each) => h("li", {}, h("button", { type: "button", onclick: () => read(each.id) }, each.title))),
    );
    element.hidden = articles.length === 0;
  }

  function hide() {
    element.hidden = true;
  }

  function cancel() {
    clearTimeout(timer);
    asking?.abort();
  }

  function stop() {
    cancel();
    hide();
  }

  function end() {
    isOver = true;
    stop();
  }

  return { element, look, stop, end, begin: () => (isOver = false) };
}
