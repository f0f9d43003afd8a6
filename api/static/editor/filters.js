// A filter counts as soon as it is chosen; searching waits for Enter.

const form = document.getElementById("filters");
form.querySelector("button").hidden = true;
form.addEventListener("change", (event) => {
  if (event.target.matches("select")) form.requestSubmit();
});
