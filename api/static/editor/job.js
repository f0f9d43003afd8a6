// A publishing as it goes: the server sends the part of the page anew with every step.

const place = document.getElementById("job");
const { stream } = place.dataset;

if (stream) {
  const source = new EventSource(stream);
  const show = (event) => {
    place.innerHTML = event.data;
  };
  source.addEventListener("state", show);
  source.addEventListener("over", (event) => {
    source.close();
    show(event);
    document.title = document.title.replace(/^[^–]*/, `${place.querySelector("h1").textContent} `);
  });
}
