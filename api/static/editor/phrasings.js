// Phrasings as a list: Enter begins the next, pasted lines become rows, and each is looked at while one types.
// The textarea underneath stays what is sent.

import { calmly, send } from "./requests.js";

const PAUSE_MS = 600;
const CHECKED_MAX = 25; // at once; the server takes a moment for each

export function phrasingList(area, { id, changed }) {
  const language = area.dataset.phrasings;
  const { add: addText, remove: removeText } = document.body.dataset;
  const list = document.createElement("ol");
  list.className = "phrasings";
  list.setAttribute("aria-labelledby", area.getAttribute("aria-labelledby"));
  const formal = document.createElement("p");
  formal.className = "phrasings__formal";
  formal.setAttribute("role", "status");
  const add = Object.assign(document.createElement("button"), { type: "button", className: "small", textContent: addText });
  const counted = document.querySelector(`[data-counted="${language}"]`);
  const original = new Set(lines());
  const unchecked = new Set();
  const look = calmly(PAUSE_MS, check);

  function lines() {
    return area.value.split("\n").filter((line) => line.trim());
  }
  function inputs() {
    return [...list.querySelectorAll("input")];
  }
  function row(text) {
    const item = document.createElement("li");
    item.className = "phrasing";
    const input = Object.assign(document.createElement("input"), { value: text, maxLength: 400, lang: language });
    input.setAttribute("aria-label", counted.parentElement.firstChild.textContent.trim());
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: "×" });
    button.setAttribute("aria-label", `${removeText}: ${text}`);
    const warning = Object.assign(document.createElement("p"), { className: "phrasing__warning" });
    warning.setAttribute("role", "status");
    item.append(input, button, warning);
    return item;
  }
  function fill() {
    list.replaceChildren(...lines().map(row));
    count();
  }
  function count() {
    counted.textContent = `(${lines().length})`;
  }
  function write() {
    area.value = inputs().map((input) => input.value).filter((text) => text.trim()).join("\n");
    count();
    changed();
    look();
  }
  function after(item, texts) {
    const rows = texts.map(row);
    item.after(...rows);
    rows.at(-1).querySelector("input").focus();
    for (const text of texts) if (text.trim()) unchecked.add(text.trim());
    write();
  }

  async function check() {
    const everything = lines().map((line) => line.trim());
    const standing = new Set(everything);
    const wanted = [...unchecked].filter((text) => standing.has(text) && text.length > 2).slice(0, CHECKED_MAX);
    try {
      const found = await send("POST", `articles/${encodeURIComponent(id)}/phrasings`, { lang: language, checked: wanted, everything });
      formal.textContent = found.formal;
      const said = Object.fromEntries(found.warnings.map((each) => [each.phrasing, each.text]));
      for (const text of wanted) unchecked.delete(text);
      for (const item of list.children) {
        const text = item.querySelector("input").value.trim();
        if (wanted.includes(text)) item.querySelector(".phrasing__warning").textContent = said[text] ?? "";
      }
      if (list.contains(document.activeElement)) document.activeElement.scrollIntoView({ block: "nearest" });
      if (unchecked.size && [...unchecked].some((text) => standing.has(text))) look();
    } catch {
      // typing goes on; the next change asks again
    }
  }

  list.addEventListener("input", (event) => {
    event.stopPropagation();
    unchecked.add(event.target.value.trim());
    const item = event.target.closest("li");
    item.querySelector(".phrasing__warning").textContent = "";
    item.querySelector("button").setAttribute("aria-label", `${removeText}: ${event.target.value}`);
    write();
  });
  list.addEventListener("keydown", (event) => {
    const item = event.target.closest("li");
    if (!event.target.matches("input")) return;
    if (event.key === "Enter" && !event.ctrlKey) {
      event.preventDefault();
      after(item, [""]);
    }
    if (event.key === "Backspace" && !event.target.value && list.children.length > 1) {
      event.preventDefault();
      (item.previousElementSibling ?? item.nextElementSibling).querySelector("input").focus();
      item.remove();
      write();
    }
  });
  list.addEventListener("paste", (event) => {
    const pasted = event.clipboardData.getData("text").split(/\r?\n/).filter((line) => line.trim());
    if (pasted.length < 2) return;
    event.preventDefault();
    after(event.target.closest("li"), pasted.map((line) => line.trim()));
  });
  list.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const item = button.closest("li");
    (item.nextElementSibling ?? item.previousElementSibling)?.querySelector("input").focus();
    item.remove();
    write();
  });
  add.addEventListener("click", () => {
    if (list.lastElementChild) return after(list.lastElementChild, [""]);
    list.append(row(""));
    list.querySelector("input").focus();
  });
  area.addEventListener("replaced", fill);

  fill();
  for (const text of lines()) if (!original.has(text)) unchecked.add(text);
  area.hidden = true;
  area.after(list, add, formal);
  look();
}
