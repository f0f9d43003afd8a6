// The desk's line to the server: taken again when it is lost, and then told anew what is looked at.

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 10_000;
const PING_EVERY_MS = 25_000;
const SILENCE_MAX_MS = 40_000;

export function socket(on) {
  let current;
  let failures = 0;
  let heardAt = Date.now();

  function connect() {
    current = new WebSocket(`${location.origin.replace(/^http/, "ws")}/api/v1/desk/socket`);
    current.onmessage = (message) => take(JSON.parse(message.data));
    current.onclose = (event) => lost(event.code);
  }

  function take(frame) {
    heardAt = Date.now();
    if (frame.type === "ready") {
      failures = 0;
      on.connected(true);
      look();
    }
    on[frame.type]?.(frame);
  }

  function lost(code) {
    if (code === 4401) return location.assign(`/desk/sign-in?lang=${document.body.dataset.lang}`);
    on.connected(false);
    const pause = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures++);
    return setTimeout(connect, pause * (0.75 + Math.random() / 2));
  }

  function send(frame) {
    if (current.readyState === WebSocket.OPEN) current.send(JSON.stringify(frame));
  }

  function look() {
    send(on.look());
  }

  setInterval(() => {
    if (Date.now() - heardAt > SILENCE_MAX_MS) current.close();
    else send({ type: "ping" });
  }, PING_EVERY_MS);
  connect();
  return { send, look };
}
