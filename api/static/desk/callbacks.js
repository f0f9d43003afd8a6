// Calls: clocks that run, a list that refreshes itself, and help while one types during a call.

const TICK_MS = 5_000;
const REFRESH_MS = 20_000;
const PAUSE_MS = 200; // between two keys; help shall come while the player still speaks

const calls = document.getElementById("calls");
const assist = document.getElementById("assist");
let [lastTold, offset] = ["", 0];

// Clocks go by the server's time, whatever the browser's shows.
function now() {
  const told = document.querySelector("[data-now]")?.dataset.now;
  if (told && told !== lastTold) [lastTold, offset] = [told, Date.parse(told) - Date.now()];
  return Date.now() + offset;
}

function tick() {
  for (const clock of document.querySelectorAll("[data-due]")) {
    const left = Date.parse(clock.dataset.due) - now();
    const said = left <= 0 ? clock.dataset.over : clock.dataset.in;
    clock.textContent = said.replace("{time}", duration(Math.floor(Math.abs(left) / 60_000), clock.dataset));
  }
}

function duration(minutes, texts) {
  if (minutes < 60) return texts.minutes.replace("{n}", minutes);
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return texts.hours.replace("{h}", hours).replace("{m}", minutes % 60);
  return texts.days.replace("{n}", Math.floor(hours / 24));
}

async function part(address) {
  const response = await fetch(address, { headers: { Accept: "text/html" } });
  if (response.status === 401) location.reload(); // signed out elsewhere
  return response.ok ? response.text() : null;
}

async function refresh() {
  if (document.visibilityState !== "visible" || calls.contains(document.activeElement)) return; // never under somebody's hands
  const html = await part(calls.dataset.part).catch(() => null);
  if (html === null) return;
  calls.innerHTML = html;
  tick();
}

function assisting() {
  const field = document.getElementById("assist-field");
  const found = document.getElementById("assisted");
  let timer;
  let turn = 0;

  async function look() {
    const mine = ++turn;
    const html = await part(`${assist.dataset.part}&q=${encodeURIComponent(field.value.trim())}`).catch(() => null);
    if (html !== null && mine === turn) found.innerHTML = html;
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE_MS);
  });
  assist.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    look();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target.closest("input, textarea, select")) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
}

tick();
setInterval(tick, TICK_MS);
if (calls) setInterval(refresh, REFRESH_MS);
if (assist) assisting();
