// Where the consultant writes. What is half written is kept for each conversation.

import { canned } from "./canned.js";
import { act } from "./requests.js";
import { failed, say } from "./status.js";
import { translation } from "./translation.js";

const TYPING_EVERY_MS = 2_000;
const FIGURES_PAUSE_MS = 400;
const kept = new Map(); // conversation -> what stands in its field

export function keep(id, text, suggestion) {
  kept.set(id, { text: [text, kept.get(id)?.text].filter(Boolean).join("\n\n"), suggestion, kind: "reply" });
}

export function composer(id, place, { line, out, pending, lang, talk }) {
  const form = place.querySelector("#composer");
  const field = form.querySelector("#field");
  const from = form.querySelector("#from");
  const warning = form.querySelector("#warning");
  const anyway = warning.querySelector("button");
  const stop = new AbortController();
  const listen = (target, kind, then) => target.addEventListener(kind, then, { signal: stop.signal });
  let kind = form.dataset.kind;
  let suggestion = null;
  let inserted = ""; // the field as it was right after a draft was put in
  let typedAt = 0;
  let figuresTimer;
  const other = translation(id, form, field, { talk });
  const texts = canned(id, form, field, { lang: () => other.writtenIn() ?? lang(), insert });

  function be(what) {
    kind = what;
    form.dataset.kind = what;
    for (const button of form.querySelectorAll("button[data-kind]")) button.setAttribute("aria-pressed", button.dataset.kind === what);
    field.placeholder = field.dataset[`${what}Hint`];
    field.setAttribute("aria-label", field.dataset[what]);
    const send = form.querySelector("[type=submit]");
    send.textContent = send.dataset[what];
    other.edited(what === "reply");
  }

  function canReply() {
    return Boolean(form.querySelector("button[data-kind=reply]"));
  }

  // An article is in both languages: it goes in as the player reads it, or into what is being written as that is.
  function insertArticle(text, pair) {
    if (canReply()) be("reply");
    if (field.value.trim() || kind !== "reply") return insert(other.fitting(pair, text, false));
    const words = other.fitting(pair, text, true);
    put(words, true);
    other.inserted({ ...pair, text: words });
    return edited();
  }

  function insert(text, draft = null) {
    if (draft && !canReply()) return wait(text, draft);
    if (canReply()) be("reply");
    const isReplaced = draft && (!field.value.trim() || field.value === inserted); // what somebody has written stays
    const words = draft ? other.fitting(draft, text, isReplaced) : text;
    put(draft && !isReplaced ? `${field.value.trimEnd()}\n\n${words}` : words, Boolean(draft));
    if (draft) {
      if (isReplaced) other.inserted({ ...draft, text: words });
      inserted = field.value;
      source(draft);
    }
    field.scrollTop = 0;
    edited();
  }

  // Not in one's hands yet: the draft is put in once it is.
  function wait(text, draft) {
    kept.set(id, { text, suggestion: draft, kind: "reply" });
    say(form.querySelector(".composer__hint")?.textContent ?? "");
  }

  // As if it were typed, so that Ctrl+Z takes it back; the command is old, and nothing new does that.
  function put(text, isWhole) {
    field.focus();
    if (isWhole) field.select();
    if (!document.execCommand("insertText", false, text)) field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  }

  function source(draft) {
    suggestion = draft;
    from.hidden = !draft;
    if (draft) from.querySelector("span").textContent = from.dataset.text.replace("{title}", draft.title);
    warn([]);
  }

  function edited() {
    typing();
    clearTimeout(figuresTimer);
    anyway.hidden = true;
    if (!field.value.trim()) {
      source(null);
      other.empty();
    }
    other.edited(kind === "reply");
    if (suggestion) figuresTimer = setTimeout(checkFigures, FIGURES_PAUSE_MS);
  }

  async function checkFigures() {
    const checked = field.value;
    try {
      const { figures } = await act(id, "figures", { text: checked, suggestion_id: suggestion.id });
      if (field.value === checked) warn(figures);
    } catch {
      // the server checks again when it is sent
    }
  }

  function warn(figures, isRefused = false, of = "text") {
    warning.hidden = figures.length === 0;
    warning.querySelector("span").textContent = warning.dataset[of].replace("{figures}", figures.join(", "));
    anyway.hidden = !isRefused;
  }

  function typing(isOver = false) {
    if (kind !== "reply" || !canReply()) return;
    const isTyping = !isOver && field.value.trim() !== "";
    if (isTyping && Date.now() - typedAt < TYPING_EVERY_MS) return;
    if (!isTyping && typedAt === 0) return;
    typedAt = isTyping ? Date.now() : 0;
    line.send({ type: "typing", conversation: id, is_typing: isTyping });
  }

  function send(isFigureMeant = false, closes = null) {
    const text = field.value.trim();
    if (!text) return;
    say("");
    if (kind === "note") note(text);
    else reply(text, isFigureMeant, closes);
    empty();
    typing(true);
  }

  function reply(text, isFigureMeant, closes) {
    const body = { text };
    if (closes) body.closes = closes;
    if (suggestion) body.suggestion_id = suggestion.id;
    if (isFigureMeant) body.is_figure_change_meant = true;
    const subject = form.querySelector("#subject")?.value.trim();
    if (subject) body.subject = subject;
    if (other.writtenIn()) body.written_in = other.writtenIn();
    pending(out.add(id, body, suggestion));
    out.flush();
  }

  async function note(text) {
    try {
      await act(id, "notes", { text });
    } catch (error) {
      failed(error);
      if (!field.value.trim()) field.value = text;
    }
  }

  function refused(item, error) {
    if (!field.value.trim()) {
      field.value = item.body.text;
      source(item.suggestion);
    } else keep(id, item.body.text, item.suggestion);
    if (error.code === "figures_differ") warn(error.figures, true, error.of);
    else failed(error);
  }

  function empty() {
    field.value = "";
    kept.delete(id);
    source(null);
    other.empty();
  }

  listen(field, "input", edited);
  listen(field, "keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.defaultPrevented) return;
    const isLetter = form.dataset.letter === "yes" && kind === "reply"; // has paragraphs: Ctrl+Enter sends it
    if (isLetter && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    send();
  });
  listen(form, "submit", (event) => {
    event.preventDefault();
    send();
  });
  listen(form, "click", (event) => {
    const chosen = event.target.closest("button[data-kind]")?.dataset.kind;
    if (chosen) {
      be(chosen);
      field.focus();
    }
  });
  listen(from.querySelector("button"), "click", () => source(null));
  const sendAndClose = form.querySelector("#send-close");
  if (sendAndClose) listen(sendAndClose, "click", () => send(false, "solved"));
  listen(anyway, "click", () => send(true));

  be(kind);
  const before = kept.get(id);
  if (before && (before.kind === "note" || canReply())) {
    field.value = before.text;
    be(before.kind);
    source(before.suggestion);
    if (before.suggestion) other.inserted({ ...before.suggestion, text: before.text });
    if (before.written) other.write(before.written);
    other.edited(before.kind === "reply");
  }

  return {
    insert,
    insertArticle,
    be,
    refused,
    canReply,
    focus: () => field.focus(),
    leave() {
      typing(true);
      stop.abort();
      texts.leave();
      other.leave();
      clearTimeout(figuresTimer);
      if (field.value.trim()) kept.set(id, { text: field.value, suggestion, kind, written: other.writtenIn() });
      else if (canReply()) kept.delete(id);
    },
  };
}
