// Nothing typed is lost: saved on the server while one types, in this browser while the server is away; leaving is
// warned of only while neither has it. Ctrl+S keeps a version.

import { calmly, send } from "./requests.js";

const PAUSE_MS = 900; // typing goes on faster than this
const AGAIN_MS = 5000;

export function keeper(form, { kind, id, fields, base }) {
  const { saved: savedText, saving, notSaved, newer: newerText, others: othersText } = document.body.dataset;
  const line = document.getElementById("saved");
  const newer = document.getElementById("newer");
  const others = document.getElementById("others");
  const spare = `krupier-${kind}-${id}`;
  let isSafe = true;
  let isLeaving = false;

  const soon = calmly(PAUSE_MS, save);

  async function save() {
    const typed = fields();
    line.textContent = saving;
    try {
      const answer = await send("PUT", `${kind}/${encodeURIComponent(id)}/working-copy`, { base: base(), fields: typed });
      isSafe = true;
      localStorage.removeItem(spare);
      line.textContent = savedText.replace("{time}", new Date(answer.saved_at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }));
      tell(newer, answer.newer && newerText.replace("{name}", answer.newer.by ?? "Krupier").replace("{number}", answer.newer.number));
      tell(others, answer.others.length && othersText.replace("{names}", answer.others.join(", ")));
    } catch {
      line.textContent = notSaved;
      isSafe = keepHere(typed);
      setTimeout(soon, AGAIN_MS);
    }
  }

  function keepHere(typed) {
    try {
      localStorage.setItem(spare, JSON.stringify({ base: base(), fields: typed }));
      return true;
    } catch {
      return false; // private windows and full stores
    }
  }

  const spared = localStorage.getItem(spare);
  if (spared) {
    const { base: spareBase, fields: typed } = JSON.parse(spared);
    if (spareBase === base()) {
      for (const [name, text] of Object.entries(typed)) if (form.elements[name]) form.elements[name].value = text;
      soon();
    }
  }
  form.addEventListener("submit", () => {
    isLeaving = true;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!isSafe && !isLeaving) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() === "s" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(document.getElementById("keep"));
    }
  });

  return {
    soon() {
      isSafe = false;
      soon();
    },
  };
}

function tell(place, text) {
  place.hidden = !text;
  if (text && place.textContent !== text) place.textContent = text;
}
