// The desk: a queue on the left, a conversation in the middle, suggestions on the right. Parts come rendered from the server;
// the socket says when to fetch them again.

import { alerts } from "./alerts.js";
import { startClocks } from "./clocks.js";
import { keep } from "./composer.js";
import { openConversation } from "./conversation.js";
import { outbox } from "./outbox.js";
import { socket } from "./socket.js";
import { queue } from "./queue.js";
import { shortcuts } from "./shortcuts.js";
import { failed, say } from "./status.js";

const columns = document.getElementById("columns");
const alert = alerts();
let open = null;
let turn = 0; // which click on a conversation was the last one

const rows = queue({ show, current: () => open?.id });
const out = outbox({ sent: (item) => ifOpen(item.conversation, () => open.sent(item)), refused });
const line = socket({
  ready({ counts }) {
    rows.count(counts);
    rows.refresh();
    out.flush();
    open?.refresh();
  },
  changed,
  events: ({ conversation }) => ifOpen(conversation, () => open.fetchEvents()),
  suggestions: ({ conversation }) => ifOpen(conversation, () => open.fetchSuggestions()),
  typing: (frame) => ifOpen(frame.conversation, () => open.typing(frame)),
  presence: (frame) => ifOpen(frame.conversation, () => open.viewers(frame.viewers)),
  look: () => ({ type: "look", conversation: open?.id ?? null, after: open?.last() ?? 0 }),
  connected: (is) => say(is ? "" : document.body.dataset.offline),
});

function changed({ conversation, counts, alert: kind }) {
  rows.count(counts);
  rows.refreshSoon();
  ifOpen(conversation.id, () => open.changed(conversation));
  const isSeen = kind === "message" && open?.id === conversation.id && document.hasFocus();
  if (kind && !isSeen) alert(kind, conversation, () => show(conversation.id));
}

function refused(item, error) {
  if (open?.id === item.conversation) return open.refused(item, error);
  keep(item.conversation, item.body.text, item.suggestion);
  return failed(error);
}

function ifOpen(id, then) {
  if (open?.id === id) then();
}

async function show(id, { isBack = false } = {}) {
  const mine = ++turn;
  open?.leave();
  open = null;
  columns.classList.toggle("columns--open", Boolean(id));
  const query = new URLSearchParams({ view: rows.view(), lang: document.body.dataset.lang });
  if (!isBack) history.pushState({ id }, "", id ? `/desk/conversations/${id}?${query}` : `/desk?${query}`);
  const opened = await openConversation(id, { line, out, again: () => rows.refreshSoon(), isWanted: () => mine === turn });
  if (opened) enter(opened);
  else if (mine === turn) line.look();
}

function enter(opened) {
  open = opened;
  rows.mark(open.id);
  line.look();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-conversation], a[data-back]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  show(link.dataset.conversation ?? null);
});
addEventListener("popstate", () => {
  const id = /\/desk\/conversations\/([^/?]+)/.exec(location.pathname)?.[1] ?? null;
  show(id, { isBack: true });
});

startClocks();
shortcuts({ open: () => open, rows, show });
const first = document.querySelector("[data-open]");
if (first) enter(await openConversation(first.dataset.open, { line, out, again: () => rows.refreshSoon(), isThere: true }));
for (const part of document.querySelectorAll("[inert]")) part.inert = false; // before this, a click would have been lost
