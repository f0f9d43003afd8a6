// The conversation as this browser knows it: connected when there is one, begun with the first message, resumed by number.

import { outbox } from "./outbox.js";
import { pollingLine } from "./polling_line.js";
import { socketLine } from "./socket_line.js";
import { read, whenOtherTabWrites, write } from "./store.js";

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 15_000;
const SOCKET_FAILURES_MAX = 2; // then over HTTP
const POLLING_MS = 180_000; // then one more try with a socket, when the line is next taken
const SHOWN_AT_FIRST = 200; // events; older ones are fetched when asked for

export function conversation({ base, lang, http, on }) {
  let token = read().token;
  let line = null;
  let isUp = false;
  let isStarting = false;
  let state = null;
  let last = 0;
  let failures = 0; // in a row, since the line was last up
  let socketFailures = 0; // of those that failed though the server could be reached over HTTP
  let retry;
  const stored = new Map(); // acknowledged, their events not here yet: never invisible in between
  const out = outbox((frame) => isUp && (line.send(frame), true), () => line?.restart());

  async function connect() {
    clearTimeout(retry);
    if (line || isStarting || (!token && !isWanted())) return;
    isStarting = true;
    try {
      if (!token) await begin();
      else await find();
      isStarting = false;
      open();
    } catch (error) {
      isStarting = false;
      down(error.code === "unauthorized" ? 4401 : 0, true);
    }
  }

  function isWanted() {
    return out.all().length > 0 || read().wantsPerson;
  }

  async function begin() {
    const body = { lang, ...(read().previous ? { previous: read().previous } : {}) };
    ({ token } = await http.post("/conversations", { body }));
    write({ token });
  }

  async function find() {
    const { conversation: now } = await http.get("/conversations/current?after=0&limit=1", { token });
    if (last > 0 || now.last <= SHOWN_AT_FIRST) return;
    last = now.last - SHOWN_AT_FIRST;
    on.start(last);
  }

  function open() {
    const hello = () => ({ type: "hello", token, after: last });
    const isSocket = socketFailures < SOCKET_FAILURES_MAX;
    const handlers = { up: () => up(isSocket), down, frame };
    line = isSocket ? socketLine(base, hello, handlers) : pollingLine(http, token, () => last, handlers);
    if (!isSocket) setTimeout(() => (socketFailures = SOCKET_FAILURES_MAX - 1), POLLING_MS);
  }

  function up(isSocket) {
    isUp = true;
    failures = 0;
    if (isSocket) socketFailures = 0;
    on.connected(true);
    if (read().wantsPerson) line.send({ type: "person" });
    out.next();
  }

  function down(code, wasUp) {
    line = null;
    isUp = false;
    out.halt();
    if (code === 4401) forget(); // the server was reached: only this conversation is no more
    on.connected(code === 4401);
    if (!wasUp) socketFailures += 1;
    const pause = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures++);
    clearTimeout(retry);
    retry = setTimeout(connect, pause * (0.75 + Math.random() / 2));
  }

  function frame(received) {
    if (received.type === "ready" || received.type === "conversation") update(received.conversation);
    else if (received.type === "events") take(received.events);
    else if (received.type === "ack") settle(received.client_id);
    else if (received.type === "typing") on.typing(received);
    else if (received.type === "error") refuse(received);
  }

  function update(now) {
    state = now;
    if (now.status !== "bot") write({ wantsPerson: false });
    on.state(now);
  }

  function take(events) {
    const fresh = events.filter((event) => event.number > last);
    if (!fresh.length) return;
    last = fresh.at(-1).number;
    for (const { client_id: clientId } of fresh) {
      if (!clientId) continue;
      out.remove(clientId);
      stored.delete(clientId);
    }
    on.events(fresh);
    on.outbox(unseen());
    out.next();
  }

  function settle(clientId) {
    const item = out.remove(clientId);
    if (item) stored.set(clientId, item);
    out.next();
  }

  function unseen() {
    return [...stored.values(), ...out.all()];
  }

  function refuse({ code, client_id: clientId, retry_after: retryAfter }) {
    if (code === "conversation_closed") return startAnew();
    if (code === "rate_limited" || code === "internal_error") return out.again(retryAfter ?? 3);
    if (code !== "message_empty" && code !== "message_too_long" && code !== "malformed") return undefined;
    const item = clientId && out.remove(clientId);
    if (item) on.refused(code, item.text);
    on.outbox(unseen());
    return out.next();
  }

  function forget() {
    token = undefined;
    last = 0;
    state = null;
    stored.clear();
    write({ token: undefined, wantsPerson: false });
    on.start(0);
  }

  function startAnew() {
    write({ previous: token });
    line?.close();
    line = null;
    isUp = false;
    out.halt();
    forget();
    connect();
  }

  whenOtherTabWrites(() => {
    if (read().token !== token) {
      line?.close();
      line = null;
      isUp = false;
      ({ token } = read());
      last = 0;
      on.start(0);
    }
    on.outbox(unseen());
    connect();
  });
  addEventListener("online", () => connect());

  return {
    connect,
    startAnew,
    state: () => state,
    token: () => token,
    say(text) {
      out.add(text);
      on.outbox(unseen());
      if (isUp) out.next();
      else connect();
    },
    askForPerson() {
      write({ wantsPerson: true });
      if (isUp) line.send({ type: "person" });
      else connect();
    },
    send: (content) => isUp && line.send(content),
    outbox: unseen,
    older: (first) => http.get(`/conversations/current?after=${Math.max(0, first - 101)}&limit=100`, { token }),
  };
}
