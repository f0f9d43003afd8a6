// What outlives a reload and is shared by tabs: the conversation's token, messages not yet acknowledged, the sound switch.

const KEY = "krupier-chat";
let inMemory = null; // where the browser keeps nothing, the chat still works until the page is left

export function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? inMemory ?? {};
  } catch {
    return inMemory ?? {};
  }
}

export function write(changes) {
  const whole = { ...read(), ...changes };
  inMemory = whole;
  try {
    localStorage.setItem(KEY, JSON.stringify(whole));
  } catch {
    // full or forbidden: inMemory holds it
  }
}

export function whenOtherTabWrites(then) {
  addEventListener("storage", (event) => {
    if (event.key === KEY) then();
  });
}
