// Asking without leaving the page; the first question after a change waits for the draft to be built.

const form = document.getElementById("try");
const place = document.getElementById("tried");
const { building, failed } = document.body.dataset;

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  const waiting = Object.assign(document.createElement("p"), { className: "quiet try__waiting", textContent: building });
  place.replaceChildren(waiting);
  const body = new URLSearchParams(new FormData(form));
  body.set("is_part", "true");
  const answer = await fetch(form.action, { method: "POST", body }).catch(() => null);
  button.disabled = false;
  if (answer?.ok) {
    place.innerHTML = await answer.text();
  } else {
    const said = answer ? new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[role=alert]")?.textContent : "";
    place.replaceChildren(Object.assign(document.createElement("p"), { className: "notice notice--bad", textContent: said || failed }));
  }
  form.elements.q.select();
});
