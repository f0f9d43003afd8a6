// The same line over HTTP, for networks that let no WebSocket through: a long poll in, a request for each frame out.

const WAIT_SECONDS = 20;
const PATHS = { message: "messages", person: "person", feedback: "feedback", read: "read", rating: "rating", end: "end" };

export function pollingLine(http, token, last, { up, down, frame }) {
  const stop = new AbortController();
  listen();

  async function listen() {
    let wait = 0;
    try {
      while (!stop.signal.aborted) {
        const path = `/conversations/current?after=${last()}&wait=${wait}`;
        const { conversation, events } = await http.get(path, { token, signal: stop.signal });
        if (wait === 0) up();
        frame({ type: "conversation", conversation });
        if (events.length) frame({ type: "events", events });
        wait = WAIT_SECONDS;
      }
    } catch (error) {
      if (!stop.signal.aborted) end(error.code === "unauthorized" ? 4401 : 0);
    }
  }

  async function send({ type, ...body }) {
    if (!(type in PATHS)) return; // typing and pings are for sockets
    try {
      const answer = await http.post(`/conversations/current/${PATHS[type]}`, { token, body, signal: stop.signal });
      if (type === "message") frame({ type: "ack", client_id: body.client_id, number: answer.number });
    } catch (error) {
      if (stop.signal.aborted) return;
      if (error.code === undefined) end(0);
      else frame({ type: "error", code: error.code, detail: error.message, client_id: body.client_id, retry_after: error.retryAfter });
    }
  }

  function end(code) {
    stop.abort();
    down(code, true);
  }

  return { send, restart: () => end(0), close: () => stop.abort() };
}
