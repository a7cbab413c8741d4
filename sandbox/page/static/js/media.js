/** What a message carries besides text: photos, albums, videos, files, places, stickers. */

import { durationText, fileUrl, h, icon, sizeText } from "./dom.js";
import { openLightbox } from "./lightbox.js";
import { soundPlayer } from "./sound.js";

/** How an album of 2 to 10 tiles is laid out: tiles a row, top to bottom. */
const ALBUM_ROWS = {
  2: [2],
  3: [1, 2],
  4: [2, 2],
  5: [2, 3],
  6: [3, 3],
  7: [2, 2, 3],
  8: [2, 3, 3],
  9: [3, 3, 3],
  10: [3, 3, 4],
};

const WIDEST = 264;
const TALLEST = 320;

export const isVisual = (message) => Boolean(message.photo || message.video);

/** The element for what one message carries, or null where it carries text only. */
export function renderMedia(message) {
  if (message.photo) return single(message.photo.at(-1), (size) => photoTile(message, size));
  if (message.video) return single(message.video, () => videoTile(message.video));
  if (message.voice) return soundPlayer(message.voice, { waveform: true });
  if (message.audio)
    return soundPlayer(message.audio, {
      title: message.audio.title ?? message.audio.file_name ?? "Audio",
    });
  if (message.sticker) return sticker(message.sticker);
  if (message.location) return place(message.location);
  if (message.document) return documentTile(message.document);
  return null;
}

/** Several photos and videos as one grid. */
export function renderAlbum(messages) {
  const rows = ALBUM_ROWS[messages.length] ?? [Math.min(messages.length, 3)];
  const grid = h("div", {
    class: "album",
    role: "group",
    "aria-label": `Album of ${messages.length}`,
  });
  let taken = 0;
  for (const count of rows) {
    const row = h("div", { class: "album-row", style: { "--tiles": count } });
    for (const message of messages.slice(taken, taken + count)) {
      row.append(
        message.photo
          ? photoTile(message, message.photo.at(-1), messages)
          : videoTile(message.video, true),
      );
    }
    grid.append(row);
    taken += count;
  }
  return grid;
}

/** The size of a picture on the page, in its own proportions, known before the file is loaded. */
function single(size, build) {
  const width = size.width || WIDEST;
  const height = size.height || WIDEST;
  const scale = Math.min(WIDEST / width, TALLEST / height);
  const shownWidth = Math.max(120, Math.min(WIDEST, width * scale));
  const shownHeight = Math.max(80, Math.min(TALLEST, height * scale));
  return h(
    "div",
    {
      class: "single",
      style: { width: `${shownWidth}px`, "aspect-ratio": `${shownWidth} / ${shownHeight}` },
    },
    build(size),
  );
}

function photoTile(message, size, album = [message]) {
  const pictures = album.filter((other) => other.photo);
  const open = () =>
    openLightbox(
      pictures.map((other) => ({
        url: fileUrl(other.photo.at(-1).file_id),
        caption: other.caption ?? "",
      })),
      pictures.indexOf(message),
    );
  return h(
    "button",
    {
      type: "button",
      class: "tile",
      "aria-label": message.caption ? `Photo: ${message.caption}` : "Photo, open",
      onClick: open,
    },
    h("img", { src: fileUrl(size.file_id), alt: "", draggable: "false" }),
  );
}

function videoTile(video, small = false) {
  const player = h("video", {
    src: fileUrl(video.file_id),
    controls: !small,
    preload: "metadata",
    playsinline: true,
  });
  if (!small) return h("div", { class: "tile" }, player);
  const open = () => openLightbox([{ url: fileUrl(video.file_id), caption: "", video: true }], 0);
  return h(
    "button",
    {
      type: "button",
      class: "tile",
      "aria-label": `Video, ${durationText(video.duration)}, open`,
      onClick: open,
    },
    player,
    h("span", { class: "badge-time" }, icon("play"), durationText(video.duration)),
  );
}

function documentTile(file) {
  const name = file.file_name ?? "File";
  const dot = name.lastIndexOf(".");
  const extension = dot > 0 ? name.slice(dot + 1, dot + 5) : "";
  return h(
    "a",
    {
      class: "document",
      href: fileUrl(file.file_id),
      target: "_blank",
      rel: "noopener",
      "aria-label": `Open ${name}`,
    },
    file.thumbnail
      ? h("img", { class: "thumbnail", src: fileUrl(file.thumbnail.file_id), alt: "" })
      : h(
          "span",
          { class: "disc", dataset: { extension: extension.toLowerCase() } },
          extension ? extension.toUpperCase() : icon("file"),
        ),
    h(
      "span",
      { class: "document-words" },
      h("span", { class: "document-name" }, name),
      h("span", { class: "document-size" }, sizeText(file.file_size)),
    ),
  );
}

function sticker(file) {
  const source = fileUrl(file.file_id);
  if (file.is_video)
    return h("video", {
      class: "sticker",
      src: source,
      autoplay: true,
      loop: true,
      muted: true,
      playsinline: true,
    });
  return h("img", {
    class: "sticker",
    src: source,
    alt: `Sticker ${file.emoji ?? ""}`.trim(),
    draggable: "false",
  });
}

/** A place on a drawn map, with its coordinates: no map is fetched from anywhere. */
function place({ latitude, longitude }) {
  const words = `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
  return h(
    "div",
    { class: "place", role: "img", "aria-label": `Location ${words}` },
    h("div", { class: "place-map" }, h("span", { class: "place-pin" }, icon("pin"))),
    h("div", { class: "place-words" }, words),
  );
}
