// Enter sends the question and Shift+Enter starts a new line.

const question = document.getElementById("question");

question.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  question.form.requestSubmit();
});
