/** Building elements: text is always set as text, so nothing that arrives can become markup. */

import { ICONS } from "./icons.js";

const SVG = "http://www.w3.org/2000/svg";

/**
 * One element. `props`: `on…` functions become listeners, `class` and `dataset` what they say,
 * booleans are present or absent, null and undefined are left out; the rest are attributes.
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on") && typeof value === "function") {
      element.addEventListener(name.slice(2).toLowerCase(), value);
    } else if (name === "dataset") {
      Object.assign(element.dataset, value);
    } else if (name === "style") {
      for (const [key, entry] of Object.entries(value)) element.style.setProperty(key, entry);
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(
    ...children
      .flat(Infinity)
      .filter((child) => child !== null && child !== undefined && child !== false),
  );
  return element;
}

/** One line icon by its name in icons.js; hidden from screen readers, since its button is labelled. */
export function icon(name, className = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon ${className}`.trim());
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  for (const data of ICONS[name]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", data);
    svg.append(path);
  }
  return svg;
}

/** A round button that shows an icon only. */
export function iconButton(name, label, onClick, className = "") {
  return h(
    "button",
    {
      type: "button",
      class: `icon-button ${className}`.trim(),
      "aria-label": label,
      title: label,
      onClick,
    },
    icon(name),
  );
}

/** The colour (0 to 6) that Telegram would give a person or chat, from its id. */
export const colourOf = (id) => Math.abs(Number(id)) % 7;

/** A round picture with initials. */
export function avatar(id, name, className = "") {
  const words = name
    .trim()
    .split(/\s+/u)
    .filter((word) => /[\p{L}\p{N}]/u.test(word[0]));
  const initials = [words[0], words.length > 1 ? words.at(-1) : ""].map(
    (word) => [...(word ?? "")][0] ?? "",
  );
  return h(
    "span",
    {
      class: `avatar ${className}`.trim(),
      dataset: { colour: colourOf(id) },
      "aria-hidden": "true",
    },
    initials.join("").toUpperCase(),
  );
}

/** The bot's own round picture. */
export const botAvatar = () => h("img", { class: "avatar", src: "/static/logo.svg", alt: "" });

/** "1.4 MB", from a number of bytes. */
export function sizeText(bytes) {
  if (!bytes) return "";
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(bytes < 10240 ? 1 : 0)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** "1:05", from a number of seconds. */
export function durationText(seconds) {
  const whole = Math.max(0, Math.round(seconds || 0));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** Where the page finds what was sent. */
export const fileUrl = (fileId) => `/api/file/${encodeURIComponent(fileId)}`;
