// How many calls are due, in the bar of every page of the desk.

const EVERY_MS = 30_000;
const badge = document.querySelector("[data-due-calls]");

async function look() {
  if (document.visibilityState !== "visible") return;
  const response = await fetch("/api/v1/desk/callbacks/due").catch(() => null);
  if (!response?.ok) return; // it will be asked again
  const { due } = await response.json();
  badge.hidden = due === 0;
  badge.firstElementChild.textContent = due;
}

if (badge) {
  look();
  setInterval(look, EVERY_MS);
  document.addEventListener("visibilitychange", look);
}
