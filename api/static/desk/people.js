// Who is typing and who else is looking.

const TYPING_MS = 8_000;

export function people(place) {
  const find = (selector) => place.querySelector(selector);
  let timer;

  function typing({ author, is_typing: isTyping }) {
    if (author !== "player") return;
    clearTimeout(timer);
    find("#player-types").hidden = !isTyping;
    if (isTyping) timer = setTimeout(() => (find("#player-types").hidden = true), TYPING_MS);
  }

  function viewers(all) {
    const others = all.filter((person) => String(person.id) !== document.body.dataset.me);
    const typist = others.find((person) => person.is_typing);
    const names = others.map((person) => person.name).join(", ");
    const line = find("#viewers");
    line.textContent = typist ? line.dataset.types.replace("{name}", typist.name) : names && line.dataset.text.replace("{names}", names);
  }

  return { typing, viewers, leave: () => clearTimeout(timer) };
}
