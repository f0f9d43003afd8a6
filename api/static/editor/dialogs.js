// Choosing a fact or an article from a list that narrows while one types.

import { insert } from "./toolbar.js";

export function dialogs(changed) {
  for (const dialog of document.querySelectorAll("dialog")) {
    const search = dialog.querySelector("[data-narrow]");
    const items = [...dialog.querySelectorAll(".choices li")].map((item) => [item, folded(item.textContent)]);
    search.addEventListener("input", () => {
      const words = folded(search.value).split(/\s+/);
      for (const [item, text] of items) item.hidden = !words.every((word) => text.includes(word));
    });
    search.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      items.find(([item]) => !item.hidden)?.[0].querySelector("button").click();
    });
    dialog.addEventListener("click", (event) => {
      const button = event.target.closest(".choices button");
      if (!button) return;
      const { area } = dialog;
      dialog.close();
      area.setSelectionRange(...dialog.range);
      search.value = "";
      search.dispatchEvent(new Event("input"));
      if (button.dataset.fact) insert(area, `{{ fact.${button.dataset.fact} }}`);
      if (button.dataset.link) {
        const chosen = area.value.slice(area.selectionStart, area.selectionEnd) || button.dataset.title;
        insert(area, `[${chosen}](article:${button.dataset.link})`);
      }
      changed();
    });
  }
}

function folded(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").replace(/ł/g, "l").toLowerCase();
}
