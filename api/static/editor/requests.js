// JSON to the room's interface. A problem document becomes an Error with its fields; who is signed out, signs in again.

const LANGUAGE = document.body.dataset.lang;

export async function send(method, path, body, signal = undefined) {
  const response = await fetch(`/api/v1/editor/${path}?lang=${LANGUAGE}`, {
    method,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    signal,
  });
  if (response.ok) return response.json();
  const problem = await response.json().catch(() => ({ detail: response.statusText }));
  throw Object.assign(new Error(problem.detail), problem);
}

// Runs only once nothing has happened for so long, and again if something happened while it ran.
export function calmly(milliseconds, work) {
  let timer = 0;
  let isRunning = false;
  let isDue = false;
  async function run() {
    if (isRunning) {
      isDue = true;
      return;
    }
    isRunning = true;
    isDue = false;
    await work();
    isRunning = false;
    if (isDue) soon();
  }
  function soon() {
    clearTimeout(timer);
    timer = setTimeout(run, milliseconds);
  }
  return soon;
}
