/** Recording a voice message with the microphone, in the place of the composer's line. */

import { durationText, h, iconButton } from "./dom.js";

const TYPES = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus", "audio/mp4"];

export const canRecord = () =>
  Boolean(window.MediaRecorder && navigator.mediaDevices?.getUserMedia);

export class RecorderBar {
  #onDone;
  #say;
  #recorder = null;
  #begun = 0;
  #keep = false;
  #timer = null;
  #time = h("span", { class: "recording-time" });

  /**
   * @param {(file: File|null, seconds: number) => void} onDone gets null where the recording was thrown away
   * @param {(text: string) => void} say
   */
  constructor(onDone, say) {
    this.#onDone = onDone;
    this.#say = say;
    this.element = h(
      "div",
      { class: "recording", role: "group", "aria-label": "Recording", hidden: true },
      iconButton("trash", "Throw the recording away", () => this.#stop(false)),
      h("span", { class: "recording-dot" }),
      this.#time,
      h("span", { class: "recording-hint" }, "Recording…"),
      iconButton("send", "Send the voice message", () => this.#stop(true), "send"),
    );
  }

  get isActive() {
    return this.#recorder !== null;
  }

  /** Ask for the microphone and begin; answers whether it records. */
  async start() {
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      this.#say("No microphone here. Attach a sound file as a voice message instead.");
      return false;
    }
    const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
    const recorder = new MediaRecorder(stream, mimeType ? { mimeType } : {});
    const parts = [];
    recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
    recorder.addEventListener("stop", () => {
      for (const track of stream.getTracks()) track.stop();
      this.#finish(parts, recorder.mimeType);
    });
    recorder.start();
    this.#recorder = recorder;
    this.#begun = performance.now();
    this.#tick();
    this.#timer = setInterval(() => this.#tick(), 250);
    this.element.hidden = false;
    this.element.querySelector(".send").focus();
    return true;
  }

  #seconds() {
    return (performance.now() - this.#begun) / 1000;
  }

  #tick() {
    this.#time.textContent = durationText(this.#seconds());
  }

  #stop(keep) {
    this.#keep = keep;
    this.#recorder?.stop();
  }

  #finish(parts, type) {
    const seconds = Math.max(1, Math.round(this.#seconds()));
    clearInterval(this.#timer);
    this.#recorder = null;
    this.element.hidden = true;
    const plain = type.split(";")[0];
    const file = new File(parts, `voice.${plain.split("/")[1]}`, { type: plain });
    this.#onDone(this.#keep ? file : null, seconds);
  }
}
