// Shows what fits while one types; Enter still sends the form, and without this script the form is all there is.

const WAIT_MS = 180; // a pause in typing, so that not every letter is a request
const MIN = 3;

const form = document.querySelector(".search");
const input = form?.elements.q;
const found = document.getElementById("found");
const count = document.getElementById("count");
let timer;
let asking;
let shownFor = input?.value.trim();

input?.addEventListener("input", () => {
  clearTimeout(timer);
  asking?.abort();
  if (input.value.trim().length < MIN) return close();
  timer = setTimeout(look, WAIT_MS);
});

input?.addEventListener("focus", () => {
  if (found.childElementCount && input.value.trim() === shownFor) found.hidden = false;
});

form?.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !found.hidden) {
    event.preventDefault();
    close();
    input.focus();
  }
  if (event.key === "ArrowDown" || event.key === "ArrowUp") move(event);
});

document.addEventListener("click", (event) => {
  if (!form?.contains(event.target)) close();
});
form?.addEventListener("focusout", (event) => {
  if (event.relatedTarget && !form.contains(event.relatedTarget)) close();
});

async function look() {
  const asked = input.value.trim();
  asking = new AbortController();
  try {
    const body = new URLSearchParams({ q: asked });
    const response = await fetch(form.dataset.found, { method: "POST", body, signal: asking.signal });
    if (!response.ok) return close(); // too fast, or out of reach: the form still works
    const html = await response.text();
    if (input.value.trim() !== asked) return undefined;
    found.innerHTML = html;
    shownFor = asked;
    found.hidden = !found.childElementCount;
    const number = found.querySelectorAll(".card").length;
    count.textContent = number ? count.dataset.some.replace("{count}", number) : count.dataset.none;
  } catch (error) {
    if (error.name !== "AbortError") close();
  }
  return undefined;
}

function move(event) {
  const stops = [input, ...found.querySelectorAll("a")];
  const at = stops.indexOf(document.activeElement);
  if (found.hidden || at < 0) return;
  event.preventDefault();
  stops[(at + (event.key === "ArrowDown" ? 1 : -1) + stops.length) % stops.length].focus();
}

function close() {
  found.hidden = true;
  count.textContent = "";
}
