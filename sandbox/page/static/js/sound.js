/** Voice messages and audio: one plays at a time, with a waveform that can be sought in. */

import { durationText, fileUrl, h, icon, sizeText } from "./dom.js";

const BARS = 42;
const FLOOR = 0.12;
const waveforms = new Map();
let playing = null;

/** Peaks of a sound, 0 to 1, from the file, or an invented line where it cannot be decoded. */
function peaksOf(file) {
  const key = file.file_unique_id ?? file.file_id;
  if (!waveforms.has(key))
    waveforms.set(
      key,
      decode(file).catch(() => invented(key)),
    );
  return waveforms.get(key);
}

async function decode(file) {
  const response = await fetch(fileUrl(file.file_id));
  const context = new OfflineAudioContext(1, 1, 16_000);
  const sound = await context.decodeAudioData(await response.arrayBuffer());
  const samples = sound.getChannelData(0);
  const stretch = Math.max(1, Math.floor(samples.length / BARS));
  const peaks = Array.from({ length: BARS }, (_, bar) => {
    let peak = 0;
    for (let at = bar * stretch; at < Math.min((bar + 1) * stretch, samples.length); at += 8) {
      peak = Math.max(peak, Math.abs(samples[at]));
    }
    return peak;
  });
  const loudest = Math.max(...peaks);
  if (loudest === 0) return peaks.map(() => FLOOR);
  return peaks.map((peak) => FLOOR + (1 - FLOOR) * (peak / loudest));
}

function invented(key) {
  let seed = [...String(key)].reduce(
    (sum, letter) => (sum * 31 + letter.codePointAt(0)) % 65_521,
    7,
  );
  return Array.from({ length: BARS }, () => {
    seed = (seed * 75 + 74) % 65_537;
    return FLOOR + 0.75 * (seed / 65_537);
  });
}

function bars() {
  const lines = Array.from({ length: BARS }, () => h("i", { style: { "--peak": FLOOR } }));
  return { lines, element: h("span", { class: "wave" }, lines) };
}

/**
 * A player for a Bot API `Voice` or `Audio`.
 * @param {{waveform?: boolean, title?: string}} look a voice message shows its waveform, audio its title
 */
export function soundPlayer(file, { waveform = false, title = "" }) {
  const sound = new Audio();
  sound.preload = "none";
  const { lines, element: wave } = bars();
  const time = h("span", { class: "sound-time" });
  const button = h("button", { type: "button", class: "disc", "aria-label": "Play" }, icon("play"));
  const seeker = h(
    "div",
    {
      class: "seek",
      role: "slider",
      tabindex: "0",
      "aria-label": "Position",
      "aria-valuemin": "0",
      "aria-valuemax": String(file.duration || 0),
    },
    waveform ? wave : h("span", { class: "progress" }, h("i", {})),
  );

  const length = () => (Number.isFinite(sound.duration) ? sound.duration : file.duration) || 1;
  const draw = () => {
    const part = Math.min(1, sound.currentTime / length());
    lines.forEach((line, index) => line.classList.toggle("played", index < part * BARS));
    seeker.style.setProperty("--part", part);
    seeker.setAttribute("aria-valuenow", String(Math.round(sound.currentTime)));
    const started = sound.currentTime > 0;
    time.textContent = started
      ? `${durationText(sound.currentTime)} / ${durationText(file.duration)}`
      : durationText(file.duration);
    if (!started && !waveform && file.file_size)
      time.textContent += ` · ${sizeText(file.file_size)}`;
  };
  const setPlaying = (on) => {
    button.replaceChildren(icon(on ? "pause" : "play"));
    button.setAttribute("aria-label", on ? "Pause" : "Play");
  };
  const toggle = () => {
    if (!sound.src) sound.src = fileUrl(file.file_id);
    if (!sound.paused) return sound.pause();
    if (playing && playing !== sound) playing.pause();
    playing = sound;
    sound.play().catch(() => (time.textContent = "This browser cannot play it"));
  };
  const seek = (seconds) => {
    if (!sound.src) sound.src = fileUrl(file.file_id);
    sound.currentTime = Math.min(Math.max(0, seconds), length());
    draw();
  };

  button.addEventListener("click", toggle);
  sound.addEventListener("play", () => setPlaying(true));
  sound.addEventListener("pause", () => setPlaying(false));
  sound.addEventListener("timeupdate", draw);
  sound.addEventListener("ended", () => {
    sound.currentTime = 0;
    draw();
  });
  seeker.addEventListener("click", (event) => {
    const box = seeker.getBoundingClientRect();
    seek(((event.clientX - box.left) / box.width) * length());
  });
  seeker.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 2, ArrowLeft: -2 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    seek(sound.currentTime + step);
  });

  if (waveform)
    peaksOf(file).then((peaks) =>
      peaks.forEach((peak, index) => lines[index].style.setProperty("--peak", peak)),
    );
  draw();
  return h(
    "div",
    { class: "sound" },
    button,
    h(
      "div",
      { class: "sound-words" },
      title ? h("span", { class: "sound-title" }, title) : null,
      seeker,
      time,
    ),
  );
}
