// Asks without leaving the page: any form with data-part is sent there, and what comes back is shown in the answer's place.

const WAIT_MAX_MS = 30_000; // longer than the slowest answer; then the player is told instead of kept waiting
const region = document.getElementById("answer");
const question = document.getElementById("question");
let waiting = null;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.part) return;
  event.preventDefault();
  const asked = event.submitter?.name === "q" ? event.submitter.value : question.value;
  question.value = asked; // kept in the field, so that nothing is lost when the server cannot be reached
  ask(form.dataset.part, asked, form.id !== "ask");
});

async function ask(part, asked, wasChosen) {
  waiting?.abort();
  const mine = (waiting = new AbortController());
  const tooLong = setTimeout(() => mine.abort("too long"), WAIT_MAX_MS);
  show("loading");
  region.setAttribute("aria-busy", "true");
  try {
    region.innerHTML = await fetchPart(part, asked, mine.signal);
  } catch {
    if (mine === waiting) show("unreachable");
  } finally {
    clearTimeout(tooLong);
  }
  if (mine !== waiting) return; // a newer question has taken this place
  region.removeAttribute("aria-busy");
  if (wasChosen) region.focus({ preventScroll: true }); // the button that had the focus may be gone
  region.scrollIntoView({ block: "nearest" });
}

async function fetchPart(part, asked, signal) {
  const response = await fetch(part, { method: "POST", body: new URLSearchParams({ q: asked }), signal });
  if (!response.ok) throw new Error(`status ${response.status}`);
  const html = await response.text();
  signal.throwIfAborted();
  return html;
}

function show(template) {
  region.replaceChildren(document.getElementById(template).content.cloneNode(true));
}
