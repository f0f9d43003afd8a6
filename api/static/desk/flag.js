// "An article is missing or wrong": told at once by one key; what is said about it may follow, or not.

import { act, call } from "./requests.js";
import { failed, say } from "./status.js";

export async function flag(id) {
  const dialog = document.getElementById("flag-dialog");
  const note = dialog.querySelector("textarea");
  note.value = "";
  try {
    const { flag: number } = await act(id, "flag", {});
    say(note.dataset.thanks);
    await explain(number, dialog, note);
  } catch (error) {
    failed(error);
  }
}

async function explain(number, dialog, note) {
  while (await asked(dialog, note)) {
    try {
      return await call("PUT", `flags/${number}`, { note: note.value.trim() });
    } catch (error) {
      failed(error); // the words stay in the field, to be sent again
    }
  }
  return undefined;
}

function asked(dialog, note) {
  dialog.returnValue = "";
  dialog.showModal();
  note.focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "go" && note.value.trim()), { once: true });
  });
}
