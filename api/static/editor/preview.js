// What players will see, and what is wrong, at the field where it is wrong.

import { calmly, send } from "./requests.js";

const PAUSE_MS = 350;

export function preview({ id, fields, base }) {
  const { line: lineText, nothing } = document.body.dataset;
  const sides = [...document.querySelectorAll("[data-language]")];
  const seen = {};
  const soon = calmly(PAUSE_MS, now);

  for (const side of sides) {
    const tabs = [...side.querySelectorAll("[role=tab]")];
    for (const tab of tabs) {
      tab.addEventListener("click", () => choose(side, tabs, tab));
      tab.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step) return;
        const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
        choose(side, tabs, next);
        next.focus();
      });
    }
  }

  async function now() {
    let found;
    try {
      found = await send("POST", `articles/${encodeURIComponent(id)}/preview`, { base: base(), fields: fields() });
    } catch {
      for (const side of sides) panel(side).classList.add("preview__seen--old");
      return;
    }
    tellWrong(found.wrong);
    if (Object.keys(found.wrong).length) return;
    for (const side of sides) {
      const language = side.dataset.language;
      seen[language] = found[language];
      draw(side);
      drawFacts(side, found[language].facts);
      drawFaults(side, found[language].faults);
    }
  }

  function choose(side, tabs, chosen) {
    for (const tab of tabs) {
      tab.setAttribute("aria-selected", String(tab === chosen));
      tab.tabIndex = tab === chosen ? 0 : -1;
    }
    panel(side).dataset.channel = chosen.dataset.channel;
    panel(side).setAttribute("aria-labelledby", chosen.id);
    draw(side);
  }

  function draw(side) {
    const found = seen[side.dataset.language];
    if (!found) return;
    const place = panel(side);
    const isBroken = found.faults.some((fault) => fault.is_fatal);
    place.classList.toggle("preview__seen--old", isBroken);
    if (isBroken) return; // the last good one stays, so that the page does not jump while one types
    const title = side.querySelector(".side__title").value;
    const { channel } = place.dataset;
    place.replaceChildren();
    if (!found[channel]) return place.append(element("p", "quiet", nothing));
    if (channel === "chat") return place.append(html("preview__bubble", found.chat));
    place.append(channel === "page" ? element("h2", "", title) : element("p", "preview__subject", title));
    place.append(...html("", found[channel]).childNodes);
  }

  function drawFacts(side, facts) {
    const list = side.querySelector("[data-used]");
    list.replaceChildren(
      ...Object.entries(facts).map(([name, value]) => {
        const item = element("li");
        const link = element("a", "", list.dataset.used.replace("{name}", name).replace("{value}", value));
        link.href = `/editor/facts/${name}?lang=${document.body.dataset.lang}`;
        link.target = "_blank";
        item.append(link);
        return item;
      }),
    );
  }

  function drawFaults(side, faults) {
    const places = [...side.querySelectorAll("[data-faults]"), ...(side === sides[0] ? document.querySelectorAll(".settings [data-faults]") : [])];
    for (const place of places) {
      const own = faults.filter((fault) => (place.dataset.faults === "related" ? !fault.field.includes(".") : fault.field === place.dataset.faults));
      place.replaceChildren(...own.map((fault) => faultItem(side, fault)));
    }
  }

  function faultItem(side, fault) {
    const item = element("li");
    if (!fault.field.endsWith(".body")) {
      item.textContent = fault.text;
      return item;
    }
    const button = element("button", "", `${lineText.replace("{line}", fault.line)}: ${fault.text}`);
    button.type = "button";
    button.addEventListener("click", () => goToLine(side.querySelector(".side__body"), fault.line));
    item.append(button);
    return item;
  }

  function tellWrong(wrong) {
    for (const [field, text] of Object.entries(wrong)) {
      const place = document.querySelector(`[data-faults="${field.replace(".reviewed", ".review_by")}"]`) ?? document.querySelector('[data-faults="related"]');
      place.replaceChildren(element("li", "", text));
    }
  }

  return { soon, now };
}

const panel = (side) => side.querySelector("[role=tabpanel]");

function goToLine(area, line) {
  const lines = area.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  area.focus();
  area.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
}

function element(name, className = "", text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

// The server's own renderer made it: raw HTML is text there, and links lead only to articles.
function html(className, markup) {
  const made = element("div", className);
  made.innerHTML = markup;
  for (const link of made.querySelectorAll("a[href^='#article/']")) {
    link.href = `/editor/articles/${link.getAttribute("href").slice("#article/".length)}?lang=${document.body.dataset.lang}`;
    link.target = "_blank";
  }
  return made;
}
