// Who one is talking to, and the switches.

import { h, icon } from "./element.js";
import { read, write } from "./store.js";

export function topBar({ t, name }, { close, end }) {
  const line = h("p", { class: "top__state", role: "status" });
  const endButton = button("end", t.end, end);
  const soundButton = button("silent", t.soundOn, toggleSound);
  const element = h(
    "div",
    { class: "top" },
    h(
      "div",
      { class: "top__who" },
      h("span", { class: "top__mark", "aria-hidden": "true" }, name.trim()[0]?.toUpperCase() ?? "?"),
      h("div", {}, h("h2", { class: "top__name" }, name), line),
    ),
    soundButton, endButton, button("close", t.close, close),
  );

  function toggleSound() {
    write({ hasSound: !read().hasSound });
    showSound();
  }

  function showSound() {
    const isOn = Boolean(read().hasSound);
    soundButton.replaceChildren(icon(isOn ? "sound" : "silent"));
    soundButton.setAttribute("aria-label", isOn ? t.soundOff : t.soundOn);
    soundButton.title = isOn ? t.soundOff : t.soundOn;
  }

  function state(conversation) {
    const status = conversation?.status ?? "bot";
    endButton.hidden = !conversation || status === "closed";
    const said = { bot: t.stateBot, waiting: t.stateWaiting, held: t.stateHeld(conversation?.consultant?.name ?? ""), closed: t.stateClosed };
    if (line.textContent !== said[status]) line.textContent = said[status];
  }

  showSound();
  return { element, state };
}

function button(picture, label, onclick) {
  return h("button", { type: "button", "aria-label": label, title: label, onclick }, icon(picture));
}
