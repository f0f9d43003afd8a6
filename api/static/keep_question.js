// Takes the question along when the language is switched: asked again if it was answered, else kept as a draft.

const form = document.getElementById("ask");
const answer = document.getElementById("answer");

for (const link of document.querySelectorAll("a[data-language]")) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || !form.elements.q.value.trim()) return;
    event.preventDefault();
    if (!answer.querySelector(".prose")) form.append(draftMark());
    form.action = link.href;
    form.submit();
  });
}

function draftMark() {
  const mark = document.createElement("input");
  Object.assign(mark, { type: "hidden", name: "draft", value: "true" });
  return mark;
}
