// A sound and a notification, each only when it was asked for on this browser.

const KEY = "krupier-desk-alerts";
let context;

export function alerts() {
  const wanted = read();
  const switches = { sound: document.getElementById("sound"), notifications: document.getElementById("notifications") };

  function show() {
    for (const [name, button] of Object.entries(switches)) button.setAttribute("aria-pressed", Boolean(wanted[name]));
    localStorage.setItem(KEY, JSON.stringify(wanted));
  }

  switches.sound.addEventListener("click", () => {
    wanted.sound = !wanted.sound;
    show();
    if (wanted.sound) ring("message");
  });
  switches.notifications.addEventListener("click", async () => {
    wanted.notifications = !wanted.notifications && (await Notification.requestPermission()) === "granted";
    show();
  });
  switches.notifications.hidden = !("Notification" in window);
  show();

  return (kind, conversation, open) => {
    if (wanted.sound) ring(kind);
    if (!wanted.notifications || Notification.permission !== "granted" || document.hasFocus()) return;
    const title = document.body.dataset[`alert${kind[0].toUpperCase()}${kind.slice(1)}`];
    const notification = new Notification(title, { tag: conversation.id }); // no text: it may lie open on a screen
    notification.onclick = () => {
      window.focus();
      open();
    };
  };
}

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

function ring(kind) {
  context ??= new AudioContext();
  const tones = kind === "crisis" ? [880, 660, 880, 660] : [587, 784];
  tones.forEach((hertz, index) => {
    const start = context.currentTime + index * 0.16;
    const gain = new GainNode(context, { gain: 0 });
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(0.12, start + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, start + 0.3);
    const oscillator = new OscillatorNode(context, { frequency: hertz });
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(start);
    oscillator.stop(start + 0.32);
  });
}
