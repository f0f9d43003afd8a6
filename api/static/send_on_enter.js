// Enter sends the question and Shift+Enter starts a new line; the hint is shown only where this works.

const question = document.getElementById("question");
document.getElementById("keys").hidden = false;

question.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  question.form.requestSubmit();
});
