// Writing an article: saved while one types, previewed, checked, never lost.

import { dialogs } from "./dialogs.js";
import { keeper } from "./keeper.js";
import { phrasingList } from "./phrasings.js";
import { preview } from "./preview.js";
import { toolbar } from "./toolbar.js";

const form = document.getElementById("article");
const { id } = form.dataset;
const fields = () => Object.fromEntries([...new FormData(form)].filter(([name]) => name !== "base" && name !== "note"));
const base = () => Number(form.elements.base.value);

const keep = keeper(form, { kind: form.dataset.kind, id, fields, base });
const show = preview({ id, fields, base });
for (const area of form.querySelectorAll("[data-phrasings]")) phrasingList(area, { id, changed });
for (const bar of form.querySelectorAll("[role=toolbar]")) toolbar(bar, changed);
dialogs(changed);

function changed() {
  keep.soon();
  show.soon();
}

form.addEventListener("input", changed);
for (const button of form.querySelectorAll("[data-take]")) {
  button.addEventListener("click", () => {
    const field = form.elements[button.dataset.take];
    field.value = button.dataset.text;
    field.dispatchEvent(new Event("replaced"));
    button.closest("details").open = false;
    changed();
  });
}
for (const button of form.querySelectorAll("[data-reviewed]")) {
  button.addEventListener("click", () => {
    const language = button.dataset.reviewed;
    const today = new Date();
    const later = new Date(today.getFullYear(), today.getMonth() + 6, today.getDate());
    form.elements[`${language}.reviewed`].value = asDate(today);
    form.elements[`${language}.review_by`].value = asDate(later);
    changed();
  });
}
show.now();

function asDate(day) {
  return [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
}
