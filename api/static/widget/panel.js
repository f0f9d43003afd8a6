// The open chat. Joins the conversation with what is seen of it; knows whether anybody is looking.

import { articleView } from "./article_view.js";
import { callbackForm } from "./callback_form.js";
import { closing } from "./closing.js";
import { composer } from "./composer.js";
import { conversation } from "./conversation.js";
import { h } from "./element.js";
import { keepFocusIn } from "./focus.js";
import { log } from "./log.js";
import { mailForm } from "./mail_form.js";
import { chime } from "./sound.js";
import { read, write } from "./store.js";
import { topBar } from "./top_bar.js";

export function panel(context, { opened, closed, unread }) {
  const { t } = context;
  let isConnected = true;
  let newest = 0; // number of the newest message that is not the player's
  let seen = 0;
  let unseen = new Set();

  const offline = h("p", { class: "offline", role: "status", hidden: true });
  const article = articleView(context, () => field.focus());
  const mail = mailForm(context, { closed: () => field.focus(), carried: () => said.join("\n\n") });
  let said = []; // what the player has written in this conversation
  const call = callbackForm(context, { closed: () => field.focus(), carried: () => said.join("\n\n"), token: () => talk.token(), email: () => mail.open() });
  const top = topBar(context, { close, end: () => ending.ask() });
  const talk = conversation({
    ...context,
    on: { start, events, state, outbox: (items) => messages.waiting(items), connected, typing: (frame) => messages.typing(frame), refused },
  });
  const messages = log(context, {
    say,
    read: article.open,
    send: talk.send,
    person: talk.askForPerson,
    focusField: () => field.focus(),
    older: talk.older,
    offer: (kind) => (kind === "callback" ? call : mail).open(),
  });
  const field = composer(context, { say, person, typing: (is) => talk.send({ type: "typing", is_typing: is }), read: article.open, write: mail.open });
  const ending = closing(context, { send: talk.send, anew, back: () => field.focus(), show: (is) => (field.element.hidden = is) });

  const element = h(
    "section",
    { class: "panel", role: "dialog", "aria-modal": "true", "aria-label": context.name, hidden: true, onkeydown: keys },
    top.element, offline, messages.element, field.element, ending.element, article.element, mail.element, call.element,
  );
  element.addEventListener("dragover", (event) => event.preventDefault());
  element.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length) field.refuse(t.files);
  });
  document.addEventListener("visibilitychange", look);

  function open({ isQuiet } = {}) {
    element.hidden = false;
    opened();
    write({ isOpen: true });
    messages.toEnd();
    if (!isQuiet) field.focus();
    look();
  }

  function close() {
    element.hidden = true;
    write({ isOpen: false });
    closed();
  }

  function keys(event) {
    if (event.key === "Escape") {
      if (article.isOpen()) article.close();
      else if (mail.isOpen()) mail.close();
      else if (call.isOpen()) call.close();
      else close();
    } else keepFocusIn(element, event);
  }

  function say(text) {
    talk.say(text);
    field.started();
    messages.toEnd();
  }

  function person() {
    talk.askForPerson();
    field.started();
  }

  function anew() {
    talk.startAnew();
    field.focus();
  }

  function start(after) {
    newest = seen = after;
    unseen = new Set();
    said = [];
    messages.clear(after);
    field.reset();
    ending.hide();
    state(null);
    count();
  }

  function events(fresh) {
    messages.add(fresh);
    if (fresh.length) field.started();
    said.push(...fresh.filter((event) => event.kind === "message" && event.author === "player").map((event) => event.text));
    const theirs = fresh.filter((event) => event.kind === "message" && event.author !== "player" && event.number > seen);
    for (const event of theirs) unseen.add(event.number);
    if (theirs.length) newest = theirs.at(-1).number;
    if (theirs.length && !isLookedAt() && read().hasSound) chime();
    look();
  }

  function state(now) {
    top.state(now);
    field.state(now);
    messages.state(now);
    ending.state(now);
    if (!now) return;
    seen = Math.max(seen, now.read);
    for (const number of unseen) if (number <= seen) unseen.delete(number);
    count();
  }

  function look() {
    if (isLookedAt() && newest > seen) {
      seen = newest;
      unseen.clear();
      talk.send({ type: "read", number: newest });
    }
    count();
  }

  function isLookedAt() {
    return !element.hidden && document.visibilityState === "visible";
  }

  function count() {
    unread(unseen.size);
  }

  function connected(is) {
    if (is === isConnected) return;
    isConnected = is;
    offline.hidden = is;
    offline.textContent = is ? "" : t.offline;
    if (is) look();
  }

  function refused(code, text) {
    field.refuse(code === "message_too_long" ? t.tooLong : code, text);
  }

  state(null);
  return { element, open, connect: () => { messages.waiting(talk.outbox()); talk.connect(); } };
}
