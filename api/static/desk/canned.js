// Ready texts: a slash in an empty field opens the list, letters narrow it, Enter inserts.

import { call } from "./requests.js";

export function canned(id, form, field, { lang, insert }) {
  const box = form.querySelector("#canned");
  const list = form.querySelector("#canned-list");
  const stop = new AbortController();
  let all = [];
  let fetched = null; // the language they are in
  let shown = [];
  let chosen = 0;

  async function look() {
    const match = /^\/(\S*)$/.exec(field.value);
    if (!match) return close();
    if (lang() !== fetched) [fetched, all] = [lang(), await fetchAll()];
    const wanted = match[1].toLowerCase();
    shown = all.filter((each) => `${each.shortcut} ${each.title}`.toLowerCase().includes(wanted));
    chosen = 0;
    return show();
  }

  async function fetchAll() {
    try {
      return (await call("GET", `canned?${new URLSearchParams({ lang: lang(), conversation: id })}`)).canned;
    } catch {
      return [];
    }
  }

  function show() {
    list.replaceChildren(...(shown.length ? shown.map(row) : [nothing()]));
    box.hidden = false;
    field.setAttribute("aria-controls", list.id);
    mark();
  }

  function row(each, index) {
    const item = document.createElement("li");
    Object.assign(item, { id: `canned-${index}`, role: "option" });
    item.setAttribute("role", "option");
    const title = document.createElement("strong");
    title.textContent = `/${each.shortcut} ${each.title}`;
    const text = document.createElement("small");
    text.textContent = each.text;
    item.append(title, text);
    item.addEventListener("mousedown", (event) => {
      event.preventDefault();
      take(index);
    });
    return item;
  }

  function nothing() {
    const item = document.createElement("li");
    item.textContent = list.dataset.none;
    return item;
  }

  function mark() {
    [...list.children].forEach((item, index) => item.setAttribute("aria-selected", index === chosen));
    list.children[chosen]?.scrollIntoView({ block: "nearest" });
    if (shown.length) field.setAttribute("aria-activedescendant", `canned-${chosen}`);
  }

  function take(index) {
    field.value = "";
    close();
    insert(shown[index].text);
  }

  function close() {
    box.hidden = true;
    field.removeAttribute("aria-activedescendant");
  }

  field.addEventListener("input", look, { signal: stop.signal });
  field.addEventListener("keydown", (event) => {
    if (box.hidden) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && shown.length) chosen = (chosen + step + shown.length) % shown.length;
    else if ((event.key === "Enter" || event.key === "Tab") && shown.length) take(chosen);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
    if (step) mark();
  }, { signal: stop.signal, capture: true });

  return { leave: () => stop.abort() };
}
