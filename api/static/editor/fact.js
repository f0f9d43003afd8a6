// A fact: only the fields of its kind are shown, and every sentence it stands in, while the value is typed.

import { keeper } from "./keeper.js";
import { calmly } from "./requests.js";

const form = document.getElementById("fact");
const { id, kind } = form.dataset;
const fields = () => Object.fromEntries([...new FormData(form)].filter(([name]) => !["base", "note", "name"].includes(name)));

function shape() {
  const chosen = form.elements.shape.value;
  for (const part of form.querySelectorAll("[data-shape]")) part.hidden = !part.dataset.shape.split(" ").includes(chosen);
}

form.addEventListener("change", shape);
shape();

if (id) {
  const keep = keeper(form, { kind, id, fields, base: () => Number(form.elements.base.value) });
  const place = document.getElementById("touched");
  const look = calmly(300, async () => {
    const answer = await fetch(`/editor/facts/${id}/touched?lang=${document.body.dataset.lang}`, { method: "POST", body: new URLSearchParams(fields()) }).catch(() => null);
    if (answer?.ok) place.innerHTML = await answer.text();
  });
  form.addEventListener("input", () => {
    keep.soon();
    look();
  });
}
