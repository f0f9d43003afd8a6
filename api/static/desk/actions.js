// What is done with a conversation as a whole: take, put back, transfer, hand to the bot, close, tags.

import { flag } from "./flag.js";
import { act, call } from "./requests.js";
import { failed, say } from "./status.js";

export function actions(id, place, { again }) {
  const stop = new AbortController();
  let isBusy = false;

  async function perform(action, body, method) {
    if (isBusy) return; // a double click is one click
    isBusy = true;
    say("");
    try {
      await act(id, action, body, method);
      await again();
    } catch (error) {
      failed(error);
      if (error.status === 409) again();
    } finally {
      isBusy = false;
    }
  }

  function press(action) {
    place.querySelector(`[data-action="${action}"], [data-dialog="${action}"]`)?.click();
  }

  function tags() {
    return [...place.querySelectorAll("[data-remove-tag]")].map((button) => button.dataset.removeTag);
  }

  async function askClose() {
    const form = await answer(document.getElementById("close-dialog"));
    if (form) perform("close", { outcome: form.get("outcome") });
  }

  async function askTransfer() {
    const dialog = document.getElementById("transfer-dialog");
    const select = dialog.querySelector("select");
    try {
      const { staff } = await call("GET", "staff");
      const others = staff.filter((person) => String(person.id) !== document.body.dataset.me && person.role !== "editor");
      select.replaceChildren(
        ...others.map((person) => new Option(person.is_online ? `${person.name} (${select.dataset.online})` : person.name, person.id)),
      );
    } catch (error) {
      return failed(error);
    }
    const form = await answer(dialog);
    return form && perform("transfer", { to: Number(form.get("to")) });
  }

  place.addEventListener("click", (event) => {
    const { action, dialog, removeTag, translate, translateAgain } = event.target.closest("button")?.dataset ?? {};
    if (translate) perform("translation", { is_on: translate === "on", desk_language: document.body.dataset.lang }, "PUT");
    if (translateAgain) perform("translations", { number: Number(translateAgain), language: document.body.dataset.lang });
    if (action) perform(action, {});
    if (dialog === "close") askClose();
    if (dialog === "transfer") askTransfer();
    if (dialog === "flag") flag(id);
    if (removeTag) perform("tags", { tags: tags().filter((tag) => tag !== removeTag) }, "PUT");
  }, { signal: stop.signal });
  place.addEventListener("change", (event) => {
    const chosen = event.target.closest("[data-player-language]")?.value;
    if (chosen) perform("translation", { is_on: true, desk_language: document.body.dataset.lang, player_language: chosen }, "PUT");
  }, { signal: stop.signal });
  place.addEventListener("submit", (event) => {
    if (event.target.id !== "tag-form") return;
    event.preventDefault();
    const input = event.target.elements.tag;
    const tag = input.value.trim();
    input.value = "";
    if (tag && !tags().includes(tag)) perform("tags", { tags: [...tags(), tag] }, "PUT");
  }, { signal: stop.signal });

  return { press, leave: () => stop.abort() };
}

function answer(dialog) {
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue === "go" ? new FormData(dialog.querySelector("form")) : null);
    }, { once: true });
  });
}
