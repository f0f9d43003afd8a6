// data-color sets the accent; the text on it is black or white, whichever can be read better.

export function accentOf(colour) {
  const match = /^#([0-9a-f]{6})$/i.exec(colour ?? "");
  if (!match) return undefined;
  const channels = [0, 2, 4].map((at) => parseInt(match[1].slice(at, at + 2), 16) / 255);
  const [red, green, blue] = channels.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue; // WCAG 2.2
  return { accent: match[0], onAccent: luminance > 0.179 ? "#000000" : "#ffffff" };
}
