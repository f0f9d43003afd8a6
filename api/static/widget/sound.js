// Two soft tones, made here: no file to fetch. Browsers allow it once the player has touched the page.

let context;

export function chime() {
  context ??= new AudioContext();
  for (const [at, hertz] of [[0, 660], [0.12, 880]]) tone(context.currentTime + at, hertz);
}

function tone(start, hertz) {
  const oscillator = new OscillatorNode(context, { frequency: hertz });
  const gain = new GainNode(context, { gain: 0 });
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(0.12, start + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.0001, start + 0.3);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(start);
  oscillator.stop(start + 0.32);
}
