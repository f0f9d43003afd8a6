// The server renders Markdown with raw HTML shown as text. Here only known elements are rebuilt, so that even a broken
// server cannot run anything in the page that the chat stands on.

const KEPT = new Set("P UL OL LI STRONG EM A CODE PRE BLOCKQUOTE BR HR H1 H2 H3 H4 H5 H6".split(" "));
const policy = trustedTypesPolicy();

export function safeNodes(html) {
  const parsed = new DOMParser().parseFromString(policy ? policy.createHTML(html) : html, "text/html");
  return [...parsed.body.childNodes].flatMap(rebuilt);
}

function rebuilt(node) {
  if (node.nodeType === Node.TEXT_NODE) return [document.createTextNode(node.data)];
  if (node.nodeType !== Node.ELEMENT_NODE) return [];
  const children = [...node.childNodes].flatMap(rebuilt);
  if (!KEPT.has(node.tagName)) return children;
  const element = document.createElement(node.tagName);
  if (node.tagName === "A") link(element, node.getAttribute("href") ?? "");
  element.append(...children);
  return [element];
}

function link(element, href) {
  if (href.startsWith("#article/")) element.dataset.article = href.slice("#article/".length);
  else if (href.startsWith("https://")) Object.assign(element, { target: "_blank", rel: "noopener noreferrer" });
  else return;
  element.setAttribute("href", href);
}

function trustedTypesPolicy() {
  try {
    return globalThis.trustedTypes?.createPolicy("krupier", { createHTML: (html) => html });
  } catch {
    return undefined; // the page allows no policy of ours; parsing then throws, and messages are shown as text
  }
}
