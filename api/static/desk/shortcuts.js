// Everything by keyboard. Single letters work outside of fields, and can be switched off (WCAG 2.1.4).

const KEY = "krupier-desk-keys";
const VIEWS = ["mine", "unassigned", "mail", "all", "closed"];

export function shortcuts({ open, rows }) {
  const dialog = document.getElementById("help-dialog");
  const isOn = document.getElementById("single-keys");
  isOn.checked = localStorage.getItem(KEY) !== "off";
  isOn.addEventListener("change", () => localStorage.setItem(KEY, isOn.checked ? "on" : "off"));
  document.getElementById("help").addEventListener("click", () => dialog.showModal());

  const deeds = {
    j: () => rows.move(1),
    k: () => rows.move(-1),
    s: () => rows.search.focus(),
    t: () => open()?.deed("take"),
    b: () => open()?.deed("hand-back"),
    p: () => open()?.deed("transfer"),
    c: () => open()?.deed("close"),
    x: () => open()?.deed("flag"),
    r: () => write("reply"),
    n: () => write("note"),
    1: () => open()?.insertDraft(1),
    2: () => open()?.insertDraft(2),
    3: () => open()?.insertDraft(3),
    "/": () => document.getElementById("article-search")?.focus(),
    "?": () => dialog.showModal(),
  };

  function write(kind) {
    const field = open()?.field();
    if (!field || (kind === "reply" && !field.canReply())) return;
    field.be(kind);
    field.focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || document.querySelector("dialog[open]")) return;
    const isInField = event.target.closest("input, textarea, select");
    if (event.key === "Escape" && isInField) return event.target.blur();
    if (event.altKey) return alt(event);
    if (isInField || !isOn.checked) return undefined;
    const digit = /^Digit([1-5])$/.exec(event.code)?.[1];
    const deed = event.shiftKey && digit ? () => rows.choose(VIEWS[digit - 1]) : deeds[event.key.toLowerCase()];
    if (!deed) return undefined;
    event.preventDefault();
    return deed();
  });

  function alt(event) {
    const digit = /^Digit([1-3])$/.exec(event.code)?.[1];
    if (!digit || !open()) return;
    event.preventDefault();
    open().insertDraft(Number(digit));
  }
}
