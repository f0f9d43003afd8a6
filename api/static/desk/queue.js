// The queue: fetched again when anything changes, at most a few times a second; keeps the focus and the place.

import { part } from "./requests.js";
import { failed } from "./status.js";

const PAUSE_MS = 300;
const PAGE = 50;

export function queue({ show, current }) {
  const list = document.getElementById("rows");
  const search = document.querySelector("#queue-search [type=search]");
  let view = document.querySelector("[data-view][aria-current]").dataset.view;
  let limit = PAGE;
  let asking = null;
  let timer = null;

  async function refresh() {
    clearTimeout(timer);
    timer = null;
    asking?.abort();
    const mine = (asking = new AbortController());
    try {
      const html = await part("queue", { view, q: search.value, limit, open: current() ?? "" }, mine.signal);
      if (mine === asking) put(html);
    } catch (error) {
      if (mine === asking && error.status) failed(error);
    }
  }

  function put(html) {
    const focused = document.activeElement?.closest("#rows [data-conversation]")?.dataset.conversation;
    const place = list.scrollTop;
    list.innerHTML = html;
    list.scrollTop = place;
    if (focused) list.querySelector(`[data-conversation="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }

  function refreshSoon() {
    timer ??= setTimeout(refresh, PAUSE_MS);
  }

  function count(counts) {
    for (const place of document.querySelectorAll("[data-count]")) {
      const number = counts[place.dataset.count];
      if (number === undefined) continue;
      if (place.dataset.count !== "crisis") place.textContent = number;
      else {
        place.hidden = number === 0;
        place.querySelector("strong").textContent = number;
      }
    }
    document.title = document.title.replace(/^\(\d+\) /, "");
    if (counts.unassigned) document.title = `(${counts.unassigned}) ${document.title}`;
  }

  function choose(name) {
    view = name;
    limit = PAGE;
    for (const tab of document.querySelectorAll("[data-view]")) {
      if (tab.dataset.view === name) tab.setAttribute("aria-current", "page");
      else tab.removeAttribute("aria-current");
    }
    refresh();
  }

  function mark(id) {
    for (const row of list.querySelectorAll("[data-conversation]")) {
      if (row.dataset.conversation === id) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  }

  function move(step) {
    const all = [...list.querySelectorAll("[data-conversation]")];
    const here = all.indexOf(document.activeElement);
    const from = here >= 0 ? here : all.findIndex((row) => row.getAttribute("aria-current"));
    all[Math.max(0, Math.min(all.length - 1, from + step))]?.focus();
  }

  document.querySelector(".views").addEventListener("click", (event) => {
    const tab = event.target.closest("[data-view]");
    if (!tab || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    choose(tab.dataset.view);
  });
  list.addEventListener("click", (event) => {
    if (!event.target.closest("[data-more]")) return;
    limit += PAGE;
    refresh();
  });
  search.addEventListener("input", refreshSoon);
  search.form.addEventListener("submit", (event) => {
    event.preventDefault();
    refresh();
  });

  return { refresh, refreshSoon, count, choose, mark, move, search, view: () => view, show };
}
