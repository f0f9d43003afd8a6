// The end: asked whether to, then the rating and a new start.

import { h } from "./element.js";
import { transcript } from "./transcript.js";

export function closing(context, { send, anew, back, show }) {
  const { t } = context;
  const element = h("div", { class: "closing", hidden: true });
  let isAsking = false;
  let shown = "";

  function ask() {
    isAsking = true;
    shown = "";
    put(
      h("h2", {}, t.endTitle),
      h("p", {}, t.endText),
      h(
        "div",
        { class: "closing__actions" },
        h("button", { class: "strong", type: "button", onclick: () => send({ type: "end" }) }, t.endYes),
        h("button", { class: "quiet", type: "button", onclick: cancel }, t.endNo),
      ),
    );
    element.querySelector("button").focus();
  }

  function cancel() {
    hide();
    back();
  }

  function hide() {
    isAsking = false;
    shown = "";
    element.hidden = true;
    show(false);
  }

  function state(now) {
    if (now?.status !== "closed") {
      if (!isAsking) hide();
      return;
    }
    isAsking = false;
    const kind = now.is_rated ? "rated" : "unrated";
    if (shown === kind) return; // a rating half given is not thrown away
    shown = kind;
    put(...(now.is_rated ? [] : [rating()]), h("div", { class: "closing__actions" }, newButton(), transcript(context)));
  }

  function rating() {
    const scores = [1, 2, 3, 4, 5].map((score) =>
      h("label", {}, h("input", { class: "unseen", type: "radio", name: "score", value: score, required: true, "aria-label": t.rateOf(score) }), score));
    return h(
      "form",
      { onsubmit: rate },
      h("fieldset", {}, h("legend", {}, t.rate), h("div", { class: "stars" }, scores), h("div", { class: "stars__ends", "aria-hidden": "true" }, h("span", {}, t.rateWorst), h("span", {}, t.rateBest))),
      h("textarea", { name: "comment", maxlength: 1000, "aria-label": t.comment, placeholder: t.comment }),
      h("p", {}, h("button", { class: "strong", type: "submit" }, t.rateSend)),
    );
  }

  function rate(event) {
    event.preventDefault();
    const { score, comment } = Object.fromEntries(new FormData(event.target));
    send({ type: "rating", score: Number(score), comment });
  }

  function newButton() {
    return h("button", { class: "quiet", type: "button", onclick: anew }, t.startNew);
  }

  function put(...children) {
    element.replaceChildren(...children);
    element.hidden = false;
    show(true);
  }

  return { element, ask, hide, state };
}
