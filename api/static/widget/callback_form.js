// Booking a call: number, what about, when; shown back, confirmed, booked. Nothing typed is lost, whatever is refused.

import { h } from "./element.js";
import { phoneLine } from "./phone_line.js";
import { safeNodes } from "./safe_html.js";
import { labelled, view } from "./view.js";

const TOPIC_MAX = 2000;

export function callbackForm(context, { closed, carried, token, email }) {
  const { t, lang, http } = context;
  const shown = view(context, closed);
  let days = [];

  const number = h("input", { type: "tel", name: "number", autocomplete: "tel", maxlength: 40, required: true });
  const topic = h("textarea", { name: "topic", rows: "3", maxlength: TOPIC_MAX });
  const address = h("input", { type: "email", name: "email", autocomplete: "email", maxlength: 254 });
  const day = h("select", { name: "day", required: true, onchange: showTimes });
  const time = h("select", { name: "time", required: true });
  const fields = {
    number: labelled(t.callNumber, number, t.callNumberHint),
    topic: labelled(t.callTopic, topic),
    email: labelled(t.callEmail, address, t.callEmailHint),
    day: labelled(t.callDay, day),
    time: labelled(t.callTime, time),
  };
  const general = h("p", { class: "view__wrong", role: "alert", hidden: true });
  const line = h("div");
  const form = h(
    "form",
    { class: "view__form", novalidate: true, onsubmit: check },
    h("h2", {}, t.callTitle), general, fields.number.element, h("div", { class: "view__pair" }, fields.day.element, fields.time.element),
    fields.topic.element, fields.email.element, h("button", { class: "strong", type: "submit" }, t.callNext), line,
  );

  async function open() {
    shown.open();
    shown.show(h("p", { role: "status" }, t.loading));
    if (!topic.value) topic.value = carried().slice(-TOPIC_MAX);
    try {
      await fetchTimes();
    } catch {
      shown.show(h("p", { role: "alert" }, t.callFailed));
    }
  }

  async function fetchTimes() {
    const found = await http.get(`/callbacks/slots?lang=${lang}`);
    const chosen = time.value;
    days = found.days;
    fields.email.element.hidden = !found.sends_mail;
    line.replaceChildren(...phoneLine(context, found.phone));
    if (!days.length) return shown.show(nothingFree());
    day.replaceChildren(...days.map((each) => h("option", { value: each.date }, each.label)));
    const kept = days.find((each) => each.slots.some((slot) => slot.at === chosen));
    if (kept) day.value = kept.date;
    showTimes();
    if (kept) time.value = chosen;
    shown.show(form);
    number.focus();
    return undefined;
  }

  function nothingFree() {
    return h("div", {}, h("h2", {}, t.callTitle), h("p", {}, t.callNone), h("p", {}, h("button", { class: "strong", type: "button", onclick: () => { shown.close(); email(); } }, t.offerEmail)), line);
  }

  function showTimes() {
    const { slots } = days.find((each) => each.date === day.value);
    time.replaceChildren(...slots.map((slot) => h("option", { value: slot.at }, slot.label)));
  }

  async function check(event) {
    event.preventDefault();
    refuse();
    if (address.value && !address.validity.valid) return refuse({ code: "bad_address" });
    try {
      const { dialled, shown: readable } = await http.post("/callbacks/check", { body: { number: number.value } });
      confirm(dialled, readable);
    } catch (error) {
      refuse(error);
    }
    return undefined;
  }

  function confirm(dialled, readable) {
    const yes = h("button", { class: "strong", type: "button", onclick: () => book(dialled, yes) }, t.callYes);
    shown.show(
      h("h2", {}, t.callConfirm),
      h("p", { class: "view__said" }, t.callWill(readable, `${day.selectedOptions[0].textContent}, ${time.selectedOptions[0].textContent}`)),
      h("div", { class: "closing__actions" }, yes, h("button", { class: "quiet", type: "button", onclick: again }, t.callCorrect)),
    );
    yes.focus();
  }

  function again() {
    shown.show(form);
    number.focus();
  }

  async function book(dialled, button) {
    button.disabled = true;
    const body = { number: dialled, slot_at: time.value, topic: topic.value, email: address.value, lang };
    try {
      done(await http.post("/conversations/current/callbacks", { token: token(), body }));
    } catch (error) {
      if (error.code === "slot_taken" || error.code === "no_such_slot") await fetchTimes().catch(() => {});
      else shown.show(form);
      refuse(error);
    }
  }

  function done({ callback, url, help }) {
    topic.value = "";
    const address = new URL(url, context.base);
    const calendar = new URL(`${address.pathname}/call.ics`, context.base);
    shown.show(
      help && h("div", { class: "prose view__help" }, safeNodes(help)),
      h("h2", {}, t.callBooked),
      h("p", { class: "view__said", role: "status" }, t.callWill(callback.number, callback.when)),
      callback.email && h("p", {}, t.callMailed(callback.email)),
      h("p", {}, h("a", { href: address.href, target: "_blank", rel: "noopener noreferrer" }, t.callChange)),
      h("p", {}, h("a", { href: calendar.href, download: "call.ics" }, t.callCalendar)),
      h("button", { class: "strong", type: "button", onclick: shown.close }, t.backToChat),
    );
    shown.focus(); // the button that was pressed is gone
  }

  function refuse(error) {
    for (const field of Object.values(fields)) field.refuse();
    general.hidden = true;
    if (!error) return;
    const said = t.callWrong[error.why] ?? t.callWrong[error.code] ?? error.detail ?? t.callFailed;
    const place = { number_refused: "number", bad_address: "email", slot_taken: "time", no_such_slot: "time", too_many_callbacks: "number" }[error.code];
    if (place) fields[place].refuse(said);
    else [general.hidden, general.textContent] = [false, said];
    ({ number, email: address, time }[place] ?? number).focus();
  }

  return { element: shown.element, open, close: shown.close, isOpen: shown.isOpen };
}
