// The one line in the bar for what went wrong, read out by screen readers.

const line = document.getElementById("message");

export function say(text) {
  if (line.textContent !== text) line.textContent = text;
}

export function failed(error) {
  say(document.body.dataset.failed.replace("{detail}", error.message));
}
