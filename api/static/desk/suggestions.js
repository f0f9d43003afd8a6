// Drafts that wait beside the conversation: one key puts one into the field.

import { act, part } from "./requests.js";
import { failed } from "./status.js";

export function suggestions(id, place, field) {
  async function fetch() {
    try {
      place.innerHTML = await part(`conversations/${id}/suggestions`);
    } catch (error) {
      if (error.status) failed(error);
    }
  }

  function insert(position) {
    const draft = place.querySelectorAll(".draft")[position - 1];
    if (!draft?.querySelector("[data-insert]")) return;
    const text = draft.querySelector(".draft__text").dataset.text;
    const other = draft.querySelector(".draft__other");
    field().insert(text, {
      id: Number(draft.dataset.suggestion), title: draft.dataset.title, lang: draft.dataset.lang,
      other: other?.dataset.text, otherLang: other?.lang,
    });
  }

  place.addEventListener("click", (event) => {
    const draft = event.target.closest("[data-insert]")?.closest(".draft");
    if (draft) insert([...place.querySelectorAll(".draft")].indexOf(draft) + 1);
  });
  place.addEventListener("change", async (event) => {
    const reason = event.target.closest("[data-dismiss]")?.value;
    if (!reason) return;
    try {
      await act(id, `suggestions/${event.target.closest(".draft").dataset.suggestion}/dismiss`, { reason });
    } catch (error) {
      failed(error);
    }
    fetch();
  });

  return { fetch, insert };
}
