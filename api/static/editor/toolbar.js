// Buttons that write Markdown, so that nobody has to know it.

export function toolbar(bar, changed) {
  const area = document.getElementById(bar.getAttribute("aria-controls"));
  const count = bar.querySelector(".tools__count");

  function act(button) {
    if (button.dataset.wrap) wrap(area, button.dataset.wrap);
    if (button.dataset.prefix) prefix(area, button.dataset.prefix);
    if (button.dataset.open) open(button.dataset.open, area);
    else area.focus();
    recount();
    changed();
  }
  function recount() {
    const words = area.value.replace(/\{\{.*?\}\}/g, "xx xx").split(/\s+/).filter(Boolean).length; // as the check counts
    count.textContent = count.dataset.words.replace("{count}", words);
  }

  bar.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) act(button);
  });
  area.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey)) return;
    const wanted = { b: "[data-wrap]", j: "[data-open=fact-dialog]" }[event.key.toLowerCase()];
    if (!wanted) return;
    event.preventDefault();
    act(bar.querySelector(wanted));
  });
  area.addEventListener("input", recount);
  area.addEventListener("replaced", recount);
  recount();
}

export function insert(area, text) {
  area.focus();
  area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

function wrap(area, mark) {
  const { selectionStart: start, selectionEnd: end } = area;
  const chosen = area.value.slice(start, end);
  area.setRangeText(`${mark}${chosen}${mark}`, start, end, "end");
  if (!chosen) area.setSelectionRange(start + mark.length, start + mark.length);
}

function prefix(area, sign) {
  const from = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
  const to = area.selectionEnd;
  const lines = area.value.slice(from, to).split("\n");
  const numbered = lines.map((line, n) => (sign === "1. " ? `${n + 1}. ${line}` : `${sign}${line}`));
  area.setRangeText(numbered.join("\n"), from, to, "end");
}

function open(id, area) {
  const dialog = document.getElementById(id);
  dialog.area = area;
  dialog.range = [area.selectionStart, area.selectionEnd]; // behind a dialog a field forgets where its caret was
  dialog.showModal();
}
