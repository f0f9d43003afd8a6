// A line to the server over a WebSocket. Says when it is up and down; knows nothing of conversations.

const PING_EVERY_MS = 25_000;
const SILENCE_MAX_MS = 40_000; // a ping and its answer fit in between; longer, and the line is dead without saying so

export function socketLine(base, hello, { up, down, frame }) {
  const socket = new WebSocket(`${base.replace(/^http/, "ws")}/api/v1/conversations/socket`);
  let heardAt = Date.now();
  let wasReady = false;
  const beat = setInterval(() => {
    if (Date.now() - heardAt > SILENCE_MAX_MS) end(0);
    else if (wasReady) send({ type: "ping" });
  }, PING_EVERY_MS);

  socket.onopen = () => send(hello());
  socket.onmessage = (message) => {
    heardAt = Date.now();
    const received = JSON.parse(message.data);
    if (received.type === "ready") {
      wasReady = true;
      up();
    }
    frame(received);
  };
  socket.onclose = (event) => end(event.code);

  function end(code) {
    clearInterval(beat);
    socket.onmessage = socket.onclose = socket.onopen = null;
    socket.close();
    down(code, wasReady);
  }

  function send(content) {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(content));
  }

  return { send, restart: () => end(0), close: () => { down = () => {}; end(1000); } };
}
