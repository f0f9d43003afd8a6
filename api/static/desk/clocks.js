// Times as the server tells them, counted on with the browser's clock whatever that one shows.

const OFFSET_MS = Date.parse(document.body.dataset.now) - Date.now();
const LANGUAGE = { pl: "pl-PL", en: "en-GB" }[document.body.dataset.lang];

export function startClocks() {
  tick();
  setInterval(tick, 1000);
  new MutationObserver(tick).observe(document.body, { childList: true, subtree: true });
}

function tick() {
  for (const clock of document.querySelectorAll("[data-since]")) put(clock, waited(clock.dataset.since));
  for (const clock of document.querySelectorAll("[data-until]")) put(clock, left(clock.dataset.until, clock.dataset.over));
  for (const time of document.querySelectorAll("[data-at]")) {
    put(time, stamp(time.dataset.at));
    time.removeAttribute("data-at");
  }
  for (const day of document.querySelectorAll("[data-day]")) {
    put(day, new Date(day.dataset.day).toLocaleDateString(LANGUAGE, { day: "numeric", month: "short" }));
    day.removeAttribute("data-day");
  }
}

function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function waited(since) {
  const seconds = Math.max(0, Math.floor((Date.now() + OFFSET_MS - Date.parse(since)) / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const rest = String(seconds % 60).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

function left(until, over) {
  const minutes = Math.floor((Date.parse(until) - Date.now() - OFFSET_MS) / 60_000);
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  const time = `${hours} h ${String(rest).padStart(2, "0")} min`;
  return minutes < 0 ? `${over} ${time}` : time;
}

function stamp(at) {
  const [then, now] = [new Date(at), new Date(Date.now() + OFFSET_MS)];
  const time = then.toLocaleTimeString(LANGUAGE, { hour: "2-digit", minute: "2-digit" });
  if (then.toDateString() === now.toDateString()) return time;
  return `${then.toLocaleDateString(LANGUAGE, { day: "numeric", month: "short" })}, ${time}`;
}
