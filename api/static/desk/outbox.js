// Replies that the server has not taken yet: sent one after the other, again and again until it answers, each with its client id,
// so that a repeat is harmless. Kept through a reload of this window.

import { act } from "./requests.js";

const KEY = "krupier-desk-outbox";
const ME = document.body.dataset.me;
const RETRY_MS = 3_000;

export function outbox({ sent, refused }) {
  let items = read();
  let isSending = false;
  let timer;

  function add(conversation, body, suggestion) {
    const item = { me: ME, conversation, body: { client_id: newId(), ...body }, suggestion };
    items.push(item);
    save();
    return item;
  }

  async function flush() {
    clearTimeout(timer);
    if (isSending) return;
    isSending = true;
    while (items.length && (await send(items[0])));
    isSending = false;
  }

  async function send(item) {
    try {
      await act(item.conversation, "messages", item.body);
      remove(item);
      sent(item);
    } catch (error) {
      if (isPassing(error)) {
        timer = setTimeout(flush, RETRY_MS);
        return false;
      }
      remove(item);
      refused(item, error);
    }
    return true;
  }

  function remove(item) {
    items = items.filter((each) => each !== item);
    save();
  }

  function save() {
    sessionStorage.setItem(KEY, JSON.stringify(items));
  }

  return { add, flush, of: (conversation) => items.filter((item) => item.conversation === conversation) };
}

function isPassing(error) {
  return !error.status || error.status >= 500 || error.status === 429 || error.status === 401;
}

function read() {
  try {
    return (JSON.parse(sessionStorage.getItem(KEY)) ?? []).filter((item) => item.me === ME); // not a colleague's
  } catch {
    return [];
  }
}

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12)); // randomUUID exists on https only
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
