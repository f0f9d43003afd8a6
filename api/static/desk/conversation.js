// One open conversation: its history, its head, its field and its suggestions, each fetched again when it has changed.

import { actions } from "./actions.js";
import { articles } from "./articles.js";
import { composer } from "./composer.js";
import { history } from "./history.js";
import { people } from "./people.js";
import { act, part } from "./requests.js";
import { failed } from "./status.js";
import { suggestions } from "./suggestions.js";

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
  const stop = new AbortController();
  const here = people(place);
  const said = history(id, place, stop.signal, {
    grown: read,
    playerSpoke: () => here.typing({ author: "player", is_typing: false }),
    switched: () => refreshHead(),
  });
  const drafts = suggestions(id, find("#suggestions"), () => field);
  const deeds = actions(id, place, { again: refreshHead });
  let field = newComposer();
  let headKey = null;
  let refreshing = null;

  function newComposer() {
    return composer(id, find("#compose"), { line, out, pending: said.pending, lang: () => talk.dataset.lang, talk });
  }

  function read() {
    const number = said.last();
    if (document.visibilityState !== "visible" || !number || talk.dataset.mine !== "yes") return;
    act(id, "read", { number }).then(again, () => {});
  }

  function changed(summary) {
    const { status, consultant, tags, urgency, reason, is_protected: isProtected, is_player_online: isOnline, waiting_since: since, lang } = summary;
    const key = JSON.stringify([status, consultant?.id, tags, urgency, reason, isProtected, isOnline, since, lang]);
    if (headKey !== key) refreshHead();
    headKey = key;
  }

  async function refreshHead() {
    refreshing?.abort();
    const mine = (refreshing = new AbortController());
    try {
      const template = document.createElement("template");
      template.innerHTML = await part(`conversations/${id}/head`, {}, AbortSignal.any([mine.signal, stop.signal]));
      putHead(template.content.querySelector("#head"));
      const { status, mine: isMine, lang, translation } = template.content.querySelector(".talk").dataset;
      const isSame = status === talk.dataset.status && isMine === talk.dataset.mine && translation === talk.dataset.translation;
      Object.assign(talk.dataset, { status, mine: isMine, lang, translation });
      if (!isSame) putComposer(template.content.querySelector("#compose"));
    } catch (error) {
      if (error.status) failed(error);
    }
  }

  function putHead(fresh) {
    const tag = find("#tag-form input");
    const [typed, hadFocus, viewers] = [tag.value, document.activeElement === tag, find("#viewers").textContent];
    const hadButton = document.activeElement?.closest("#head [data-action], #head [data-dialog]");
    find("#head").replaceChildren(...fresh.children);
    find("#viewers").textContent = viewers;
    find("#tag-form input").value = typed;
    if (hadFocus) find("#tag-form input").focus();
    else if (hadButton) find("#head button, #field")?.focus();
  }

  function putComposer(fresh) {
    const hadFocus = find("#compose").contains(document.activeElement);
    field.leave();
    find("#compose").replaceChildren(...fresh.children);
    field = newComposer();
    if (hadFocus || talk.dataset.mine === "yes") field.focus();
  }

  articles(id, find("#found"), find("#finder"), { lang: () => talk.dataset.lang, insert: (text, pair) => field.insertArticle(text, pair) });
  document.addEventListener("visibilitychange", read, { signal: stop.signal });
  for (const item of out.of(id)) said.pending(item);
  read();

  return {
    id, changed,
    typing: here.typing,
    viewers: here.viewers,
    last: said.last,
    fetchEvents: said.fetchNew,
    fetchSuggestions: drafts.fetch,
    insertDraft: drafts.insert,
    deed: deeds.press,
    field: () => field,
    sent(item) {
      if (item.suggestion) drafts.fetch();
    },
    refused(item, error) {
      said.drop(item.body.client_id);
      field.refused(item, error);
    },
    refresh() {
      refreshHead();
      drafts.fetch();
    },
    leave() {
      stop.abort();
      here.leave();
      deeds.leave();
      field.leave();
    },
  };
}
