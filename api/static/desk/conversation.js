// One open conversation: its history grows by number, its head and suggestions are fetched again when they change.

import { actions } from "./actions.js";
import { articles } from "./articles.js";
import { composer } from "./composer.js";
import { act, part } from "./requests.js";
import { failed } from "./status.js";
import { suggestions } from "./suggestions.js";

const NEAR_END = 80;
const TYPING_MS = 8_000;

export async function openConversation(id, { line, out, again, isThere = false, isWanted = () => true }) {
  const place = document.getElementById("conversation");
  if (!isThere) {
    try {
      const html = await part(id ? `conversations/${id}` : "none");
      if (!isWanted()) return null;
      place.innerHTML = html;
    } catch (error) {
      failed(error);
      return null;
    }
  }
  return id ? conversation(id, place, { line, out, again }) : null;
}

function conversation(id, place, { line, out, again }) {
  const find = (selector) => place.querySelector(selector);
  const talk = find(".talk");
  const list = find("#events");
  const scroller = find("#history");
  const stop = new AbortController();
  let last = Number(talk.dataset.last);
  let headKey = null;
  let isAtEnd = true;
  let isFetching = false;
  let isBehind = false;
  let typingTimer;
  const drafts = suggestions(id, find("#suggestions"), () => field);
  let field = newComposer();
  const deeds = actions(id, place, { again: refreshHead });
  articles(id, find("#found"), find("#finder"), { lang: talk.dataset.lang, insert: (text) => field.insert(text) });

  function newComposer() {
    return composer(id, find("#compose"), { line, out, pending, lang: () => talk.dataset.lang });
  }

  async function fetchEvents() {
    if (isFetching) {
      isBehind = true;
      return;
    }
    isFetching = true;
    do {
      isBehind = false;
      try {
        append(await part(`conversations/${id}/events`, { after: last }, stop.signal));
      } catch (error) {
        if (error.status) failed(error);
      }
    } while (isBehind);
    isFetching = false;
  }

  function append(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    for (const item of [...template.content.querySelectorAll("[data-number]")]) {
      if (Number(item.dataset.number) <= last) continue;
      last = Number(item.dataset.number);
      if (item.dataset.client) list.querySelector(`.message--pending[data-client="${CSS.escape(item.dataset.client)}"]`)?.remove();
      if (item.classList.contains("message--player")) typing({ author: "player", is_typing: false });
      list.append(item);
    }
    for (const waiting of list.querySelectorAll(".message--pending")) list.append(waiting);
    read();
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

  // Whatever grows or shrinks, who was at the end stays there.
  function toEnd() {
    isAtEnd = true;
    scroller.scrollTop = scroller.scrollHeight;
  }

  function read() {
    if (document.visibilityState === "visible" && last && talk.dataset.mine === "yes") act(id, "read", { number: last }).then(again, () => {});
  }

  function changed(summary) {
    const { status, consultant, tags, urgency, reason, is_protected: isProtected, is_player_online: isOnline, waiting_since: since, lang } = summary;
    const key = JSON.stringify([status, consultant?.id, tags, urgency, reason, isProtected, isOnline, since, lang]);
    if (headKey !== key) refreshHead();
    headKey = key;
  }

  async function refreshHead() {
    try {
      const template = document.createElement("template");
      template.innerHTML = await part(`conversations/${id}`, {}, stop.signal);
      const fresh = template.content.querySelector(".talk");
      putHead(template.content.querySelector("#head"));
      const isSame = fresh.dataset.status === talk.dataset.status && fresh.dataset.mine === talk.dataset.mine;
      Object.assign(talk.dataset, { status: fresh.dataset.status, mine: fresh.dataset.mine, lang: fresh.dataset.lang });
      if (!isSame) putComposer(template.content.querySelector("#compose"));
    } catch (error) {
      if (error.status) failed(error);
    }
  }

  function putHead(fresh) {
    const tag = find("#tag-form input");
    const [typed, hadFocus] = [tag.value, document.activeElement === tag];
    const viewersNow = find("#viewers").textContent;
    const action = document.activeElement?.closest("#head [data-action], #head [data-dialog]");
    find("#head").replaceChildren(...fresh.children);
    find("#viewers").textContent = viewersNow;
    find("#tag-form input").value = typed;
    if (hadFocus) find("#tag-form input").focus();
    else if (action) find("#head button, #field")?.focus();
  }

  function putComposer(fresh) {
    const hadFocus = find("#compose").contains(document.activeElement);
    field.leave();
    find("#compose").replaceChildren(...fresh.children);
    field = newComposer();
    if (hadFocus || talk.dataset.mine === "yes") field.focus();
  }

  function typing({ author, is_typing: isTyping }) {
    if (author !== "player") return;
    clearTimeout(typingTimer);
    find("#player-types").hidden = !isTyping;
    if (isTyping) typingTimer = setTimeout(() => (find("#player-types").hidden = true), TYPING_MS);
  }

  function viewers(people) {
    const others = people.filter((person) => String(person.id) !== document.body.dataset.me);
    const line_ = find("#viewers");
    const typist = others.find((person) => person.is_typing);
    const names = others.map((person) => person.name).join(", ");
    line_.textContent = typist ? line_.dataset.types.replace("{name}", typist.name) : names && line_.dataset.text.replace("{names}", names);
  }

  find("#earlier").addEventListener("click", async (event) => {
    const button = event.currentTarget;
    try {
      const template = document.createElement("template");
      template.innerHTML = await part(`conversations/${id}/events`, { before: button.dataset.before }, stop.signal);
      const items = [...template.content.querySelectorAll("[data-number]")];
      const height = scroller.scrollHeight;
      list.prepend(...items);
      scroller.scrollTop += scroller.scrollHeight - height;
      button.dataset.before = items[0]?.dataset.number ?? 0;
      button.parentElement.hidden = !items.length || button.dataset.before === "1";
    } catch (error) {
      failed(error);
    }
  });
  for (const item of out.of(id)) pending(item);
  document.addEventListener("visibilitychange", read, { signal: stop.signal });
  scroller.addEventListener("scroll", () => {
    isAtEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_END;
  });
  const growth = new ResizeObserver(() => isAtEnd && toEnd());
  for (const each of [scroller, list, find("#player-types")]) growth.observe(each);
  toEnd();
  read();

  return {
    id, fetchEvents, changed, typing, viewers,
    last: () => last,
    fetchSuggestions: drafts.fetch,
    insertDraft: drafts.insert,
    field: () => field,
    sent(item) {
      if (item.suggestion) drafts.fetch();
    },
    refused(item, error) {
      list.querySelector(`.message--pending[data-client="${item.body.client_id}"]`)?.remove();
      field.refused(item, error);
    },
    deed: deeds.press,
    refresh() {
      refreshHead();
      drafts.fetch();
    },
    leave() {
      stop.abort();
      growth.disconnect();
      deeds.leave();
      field.leave();
    },
  };
}
