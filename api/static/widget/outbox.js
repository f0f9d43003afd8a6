// Messages that the server has not acknowledged yet, kept in the store and sent one after the other's acknowledgement.

import { read, write } from "./store.js";

const PATIENCE_MS = 10_000; // no answer for so long on an open line: take a new one

export function outbox(send, giveUp) {
  let sent = null; // client id of the one that is out
  let timer;

  function all() {
    return read().outbox ?? [];
  }

  function add(text) {
    const item = { client_id: newId(), text };
    write({ outbox: [...all(), item] });
    return item;
  }

  function next() {
    const [first] = all();
    if (!first || sent === first.client_id) return;
    if (send({ type: "message", ...first })) wait(first.client_id);
  }

  function wait(clientId) {
    sent = clientId;
    clearTimeout(timer);
    timer = setTimeout(() => all().some((each) => each.client_id === sent) && giveUp(), PATIENCE_MS);
  }

  function remove(clientId) {
    const item = all().find((each) => each.client_id === clientId);
    if (!item) return undefined;
    write({ outbox: all().filter((each) => each !== item && each.client_id !== clientId) });
    if (sent === clientId) halt();
    return item;
  }

  function halt() {
    sent = null;
    clearTimeout(timer);
  }

  function again(afterSeconds) {
    halt();
    timer = setTimeout(next, afterSeconds * 1000);
  }

  return { all, add, next, remove, halt, again };
}

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12)); // randomUUID exists on https only
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
