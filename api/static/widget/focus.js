// Tab goes round inside the open chat.

const FOCUSABLE = "button:not(:disabled), textarea, a[href], input, select, [tabindex='0']";

export function keepFocusIn(element, event) {
  if (event.key !== "Tab") return;
  const stops = [...element.querySelectorAll(FOCUSABLE)].filter((each) => each.checkVisibility());
  const here = element.getRootNode().activeElement;
  const [first, last] = [stops[0], stops.at(-1)];
  if (event.shiftKey ? here === first : here === last) {
    event.preventDefault();
    (event.shiftKey ? last : first).focus();
  }
}
