// What is being typed, in the other language: a preview as one types, and in which language one types.

import { act } from "./requests.js";

const PAUSE_MS = 500;

export function translation(id, form, field, { talk }) {
  const box = form.querySelector("#other");
  const [label, words] = box.children;
  const buttons = [...form.querySelectorAll("[data-write]")];
  let draft = null; // the draft that stands in the field, with what it says in the other language
  let asking = null;
  let timer;

  function isOn() {
    return talk.dataset.translation !== "off" && buttons.length > 0;
  }

  // In which language the field is written; null where nothing is translated.
  function writtenIn() {
    return isOn() ? buttons.find((button) => button.getAttribute("aria-pressed") === "true").dataset.write : null;
  }

  function write(language) {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.write === language));
    field.lang = language;
  }

  function show(text, language, hint) {
    box.hidden = !text && !hint;
    box.classList.remove("composer__other--warning");
    label.textContent = hint ?? "";
    words.textContent = text ?? "";
    words.lang = language ?? "";
  }

  function warn(text) {
    box.hidden = false;
    box.classList.add("composer__other--warning");
    label.textContent = text;
  }

  function edited(isReply) {
    clearTimeout(timer);
    asking?.abort();
    const text = field.value.trim();
    if (!text || !isReply) return show();
    if (draft && text === draft.text.trim()) return show(draft.other, draft.otherLang, box.dataset.says);
    if (!isOn()) return draft ? show(draft.other, draft.otherLang, box.dataset.article) : show();
    timer = setTimeout(ask, PAUSE_MS);
    return undefined;
  }

  async function ask() {
    const mine = (asking = new AbortController());
    const [text, language] = [field.value, writtenIn()];
    if (box.hidden) show("", "", box.dataset.waiting);
    try {
      const made = await act(id, "preview", { text, written_in: language }, "POST", mine.signal);
      if (mine.signal.aborted || field.value !== text) return;
      show(made.text, made.language, isForPlayer(language) ? box.dataset.says : box.dataset.player);
      if (made.differences.length) warn(box.dataset.differs.replace("{figures}", made.differences.join(", ")));
    } catch (error) {
      if (mine.signal.aborted) return;
      show("", "", "");
      if (!isForPlayer(language)) warn(box.dataset.failed);
    }
  }

  function isForPlayer(language) {
    return language === buttons.at(-1).dataset.write;
  }

  for (const button of buttons) {
    button.addEventListener("click", () => {
      write(button.dataset.write);
      edited(true);
      field.focus();
    });
  }

  return {
    edited, writtenIn, write, isOn,
    // A draft is in the player's language already; what it says stands beside it.
    inserted(chosen) {
      draft = chosen?.other && chosen.text !== chosen.other ? chosen : null;
      if (draft && isOn()) write(buttons.at(-1).dataset.write);
    },
    // Into a text that is being written in the own language, and for who reads neither, goes the draft in the own language.
    fitting(chosen, text, isWhole) {
      if (!isOn() || !chosen?.other || chosen.otherLang !== buttons[0].dataset.write) return text;
      const isForBoth = chosen.lang === buttons.at(-1).dataset.write;
      return isForBoth && (isWhole || writtenIn() !== chosen.otherLang) ? text : chosen.other;
    },
    empty() {
      draft = null;
      clearTimeout(timer);
      asking?.abort();
      if (isOn()) write(buttons[0].dataset.write);
      show();
    },
    leave() {
      clearTimeout(timer);
      asking?.abort();
    },
  };
}
