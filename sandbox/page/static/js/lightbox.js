/** Photos over the whole window: arrows, Escape, and the original in a tab. */

import { h, icon, iconButton } from "./dom.js";

/** @param {{url: string, caption: string, video?: boolean}[]} pictures */
export function openLightbox(pictures, first) {
  let index = first;
  const view = h("div", { class: "lightbox-view" });
  const caption = h("p", { class: "lightbox-caption" });
  const counter = h("span", { class: "lightbox-counter" });
  const original = h(
    "a",
    {
      class: "icon-button",
      target: "_blank",
      rel: "noopener",
      "aria-label": "Open the original",
      title: "Open the original",
    },
    icon("out"),
  );

  const show = (wanted) => {
    index = (wanted + pictures.length) % pictures.length;
    const picture = pictures[index];
    view.replaceChildren(
      picture.video
        ? h("video", { src: picture.url, controls: true, autoplay: true, playsinline: true })
        : h("img", { src: picture.url, alt: picture.caption || "Photo" }),
    );
    caption.textContent = picture.caption;
    counter.textContent = pictures.length > 1 ? `${index + 1} of ${pictures.length}` : "";
    original.href = picture.url;
  };

  const dialog = h(
    "dialog",
    { class: "lightbox", "aria-label": "Photo" },
    h(
      "header",
      {},
      counter,
      original,
      iconButton("close", "Close", () => dialog.close()),
    ),
    view,
    caption,
    pictures.length > 1
      ? iconButton("left", "Previous photo", () => show(index - 1), "lightbox-previous")
      : null,
    pictures.length > 1
      ? iconButton("right", "Next photo", () => show(index + 1), "lightbox-next")
      : null,
  );
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft") show(index - 1);
    if (event.key === "ArrowRight") show(index + 1);
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target === view) dialog.close();
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  show(first);
  dialog.showModal();
}
