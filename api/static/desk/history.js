// What was said: grows by number, each event once; replies on their way stand at the end until their event has come.

import { part } from "./requests.js";
import { failed } from "./status.js";

const NEAR_END = 80;

export function history(id, place, signal, { grown, playerSpoke, switched }) {
  const find = (selector) => place.querySelector(selector);
  const list = find("#events");
  const scroller = find("#history");
  let last = Number(find(".talk").dataset.last);
  let isAtEnd = true;
  let isFetching = false;
  let isBehind = false;

  async function fetchNew() {
    if (isFetching) {
      isBehind = true;
      return;
    }
    isFetching = true;
    do {
      isBehind = false;
      try {
        append(await events({ after: last }));
      } catch (error) {
        if (error.status) failed(error);
      }
    } while (isBehind);
    isFetching = false;
  }

  async function events(which) {
    const template = document.createElement("template");
    template.innerHTML = await part(`conversations/${id}/events`, which, signal);
    return [...template.content.querySelectorAll("[data-number]")];
  }

  function append(items) {
    for (const item of items) {
      if (Number(item.dataset.number) <= last) continue;
      last = Number(item.dataset.number);
      const fresh = item.querySelector("template[data-message]");
      if (fresh) replace(fresh);
      if (item.classList.contains("line--translation_switched")) switched();
      if (item.dataset.client) drop(item.dataset.client);
      if (item.classList.contains("message--player")) playerSpoke();
      list.append(item);
    }
    for (const waiting of list.querySelectorAll(".message--pending")) list.append(waiting);
    grown();
  }

  // A message's translation has come.
  function replace(fresh) {
    list.querySelector(`.message[data-number="${fresh.dataset.message}"]`)?.replaceWith(fresh.content.firstElementChild);
  }

  function pending({ body: { client_id: clientId, text } }) {
    if (list.querySelector(`[data-client="${clientId}"]`)) return;
    const item = document.createElement("li");
    item.className = "event message message--consultant message--pending";
    item.dataset.client = clientId;
    const bubble = document.createElement("div");
    bubble.className = "bubble bubble--plain";
    bubble.textContent = text;
    item.append(bubble);
    list.append(item);
    toEnd();
  }

  function drop(clientId) {
    list.querySelector(`.message--pending[data-client="${CSS.escape(clientId)}"]`)?.remove();
  }

  async function earlier({ currentTarget: button }) {
    try {
      const items = await events({ before: button.dataset.before });
      const height = scroller.scrollHeight;
      list.prepend(...items);
      scroller.scrollTop += scroller.scrollHeight - height;
      button.dataset.before = items[0]?.dataset.number ?? 0;
      button.parentElement.hidden = !items.length || button.dataset.before === "1";
    } catch (error) {
      failed(error);
    }
  }

  // Whatever grows or shrinks, who was at the end stays there.
  function toEnd() {
    isAtEnd = true;
    scroller.scrollTop = scroller.scrollHeight;
  }

  scroller.addEventListener("scroll", () => {
    isAtEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_END;
  });
  const growth = new ResizeObserver(() => isAtEnd && toEnd());
  for (const each of [scroller, list, find("#player-types")]) growth.observe(each);
  signal.addEventListener("abort", () => growth.disconnect());
  find("#earlier").addEventListener("click", earlier);
  toEnd();

  return { fetchNew, pending, drop, last: () => last };
}
