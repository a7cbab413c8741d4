/** Sending what is not text: photos and albums, files, voice, places, stickers. */

import { api } from "./api.js";
import { h, icon, sizeText } from "./dom.js";
import { canRecord } from "./recorder.js";
import { STICKERS, stickerFile } from "./stickers.js";

const ALBUM = 10;
/** Where the location sheet begins: the middle of Singapore. */
const SOMEWHERE = { latitude: 1.3521, longitude: 103.8198 };

const isImage = (file) => /^image\/(jpeg|png|webp|gif|bmp)$/u.test(file.type);
const isVideo = (file) => file.type.startsWith("video/");
const isSound = (file) => file.type.startsWith("audio/");

/** Seconds that a sound or video lasts, or null where the browser cannot tell. */
function durationOf(file) {
  return new Promise((resolve) => {
    const player = document.createElement(isVideo(file) ? "video" : "audio");
    const url = URL.createObjectURL(file);
    const finish = (seconds) => {
      URL.revokeObjectURL(url);
      resolve(Number.isFinite(seconds) ? Math.max(1, Math.round(seconds)) : null);
    };
    player.addEventListener("loadedmetadata", () => finish(player.duration));
    player.addEventListener("error", () => finish(NaN));
    player.preload = "metadata";
    player.src = url;
  });
}

export class Attachments {
  #chat;
  #takeReply;

  /**
   * @param {import("./chat.js").Chat} chat
   * @param {() => number|null} takeReply the message that is being answered, once
   */
  constructor(chat, takeReply) {
    this.#chat = chat;
    this.#takeReply = takeReply;
  }

  /** The menu behind the paper clip. */
  open(button) {
    const box = button.getBoundingClientRect();
    const entries = [
      {
        label: "Photo or video",
        icon: "image",
        act: () => this.#choose("image/*,video/*", (files) => this.offer(files)),
      },
      {
        label: "File",
        icon: "file",
        act: () => this.#choose("", (files) => this.offer(files, true)),
      },
      {
        label: "Voice from a file",
        icon: "music",
        act: () => this.#choose("audio/*", (files) => this.#sendSounds("voice", files)),
      },
      { label: "Location", icon: "pin", act: () => this.askLocation() },
      { label: "Sticker", icon: "sticker", act: () => this.#askSticker() },
    ];
    if (canRecord())
      entries.splice(2, 0, {
        label: "Record voice",
        icon: "microphone",
        act: () => this.#chat.composer.record(),
      });
    this.#chat.phone.overlays.menu(entries, box.right, box.top - 8);
  }

  #choose(accept, use) {
    const input = h("input", {
      type: "file",
      multiple: true,
      accept,
      hidden: true,
      class: "file-input",
    });
    input.addEventListener("change", () => {
      if (input.files.length) use([...input.files]);
      input.remove();
    });
    input.addEventListener("cancel", () => input.remove());
    this.#chat.phone.overlays.element.append(input);
    input.click();
  }

  /** Show files before they are sent, with room for a caption. */
  offer(files, asFiles = false) {
    const pictures = files.filter((file) => isImage(file) || isVideo(file));
    const caption = h("textarea", {
      rows: "1",
      placeholder: "Add a caption…",
      "aria-label": "Caption",
      dataset: { focus: "first" },
      dir: "auto",
    });
    const plain = h("input", { type: "checkbox" });
    plain.checked = asFiles || pictures.length < files.length;
    const urls = [];
    const previews = files.map((file) => {
      if (!isImage(file))
        return h(
          "span",
          { class: "preview-file" },
          icon("file"),
          h("span", {}, file.name),
          h("small", {}, sizeText(file.size)),
        );
      urls.push(URL.createObjectURL(file));
      return h("img", { src: urls.at(-1), alt: file.name });
    });
    const send = () => {
      close();
      for (const url of urls) URL.revokeObjectURL(url);
      this.#sendAll(files, plain.checked, caption.value.trim());
    };
    caption.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      send();
    });
    const close = this.#chat.phone.overlays.sheet(
      files.length === 1 ? "Send this?" : `Send these ${files.length}?`,
      h("div", { class: "previews", dataset: { count: Math.min(3, files.length) } }, previews),
      pictures.length
        ? h("label", { class: "as-file" }, plain, "Send as a file, not compressed")
        : null,
      h(
        "div",
        { class: "caption-line" },
        caption,
        h(
          "button",
          { type: "button", class: "icon-button send", "aria-label": "Send", onClick: send },
          icon("send"),
        ),
      ),
    );
  }

  async #sendAll(files, asFiles, caption) {
    const groups = { photo: [], video: [], audio: [], document: [] };
    for (const file of files) {
      if (isSound(file)) groups.audio.push(file);
      else if (asFiles || !(isImage(file) || isVideo(file))) groups.document.push(file);
      else groups[isVideo(file) ? "video" : "photo"].push(file);
    }
    let words = caption;
    for (const [kind, members] of Object.entries(groups)) {
      for (let from = 0; from < members.length; from += ALBUM) {
        const album = members.slice(from, from + ALBUM);
        const timed = album.length === 1 && (kind === "video" || kind === "audio");
        await this.send(kind, album, {
          caption: words,
          duration: timed ? await durationOf(album[0]) : null,
        });
        words = "";
      }
    }
  }

  async #sendSounds(kind, files) {
    for (const file of files) await this.send(kind, [file], { duration: await durationOf(file) });
  }

  /** Upload; several files of one kind become an album. */
  async send(kind, files, options = {}) {
    this.#chat.history.toBottom();
    const uploading = this.#chat.attempt(
      api.upload(this.#chat.at, kind, files, { ...options, replyTo: this.#takeReply() }),
    );
    this.#chat.element.classList.add("uploading");
    await uploading;
    this.#chat.element.classList.remove("uploading");
  }

  /** A place, typed or from the browser. */
  askLocation() {
    const field = (label, value) =>
      h("input", { type: "number", step: "any", value, "aria-label": label, required: true });
    const latitude = field("Latitude", SOMEWHERE.latitude);
    const longitude = field("Longitude", SOMEWHERE.longitude);
    const here = () =>
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          latitude.value = coords.latitude.toFixed(5);
          longitude.value = coords.longitude.toFixed(5);
        },
        () => this.#chat.say("The browser does not tell where it is"),
      );
    const submit = (event) => {
      event.preventDefault();
      close();
      this.#chat.attempt(
        api.location(this.#chat.at, Number(latitude.value), Number(longitude.value)),
      );
    };
    const close = this.#chat.phone.overlays.sheet(
      "Send a location",
      h(
        "form",
        { class: "location-form", onSubmit: submit },
        h("label", {}, "Latitude", latitude),
        h("label", {}, "Longitude", longitude),
        navigator.geolocation
          ? h("button", { type: "button", class: "text-button", onClick: here }, "Where I am")
          : null,
        h(
          "button",
          { type: "submit", class: "gate-button", dataset: { focus: "first" } },
          "Send this place",
        ),
      ),
    );
  }

  #askSticker() {
    const give = async (sticker) => {
      close();
      await this.send("sticker", [await stickerFile(sticker)]);
    };
    const fromFile = () => {
      close();
      this.#choose("image/webp,image/png", (files) => this.send("sticker", files.slice(0, 1)));
    };
    const close = this.#chat.phone.overlays.sheet(
      "Stickers",
      h(
        "div",
        { class: "sticker-grid" },
        STICKERS.map((sticker) =>
          h(
            "button",
            { type: "button", "aria-label": sticker.name, onClick: () => give(sticker) },
            h("img", { src: sticker.url, alt: "" }),
          ),
        ),
      ),
      h("button", { type: "button", class: "text-button", onClick: fromFile }, "From a file"),
    );
  }
}
