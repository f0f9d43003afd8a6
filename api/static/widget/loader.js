// Served at /widget.js, with the path of this version filled in. Reads its own tag and loads the chat; leaves no global behind.
(() => {
  const tag = document.currentScript;
  const base = new URL(tag.src).origin;
  const options = { base, ...tag.dataset };
  import(`${base}__STATIC__/widget/main.js`).then(
    (module) => module.start(options),
    () => console.warn("Krupier: the chat could not be loaded."),
  );
})();
