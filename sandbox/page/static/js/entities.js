/** Telegram's message entities as elements. Offsets count UTF-16 code units, as JavaScript's strings do. */

import { h, icon } from "./dom.js";

const DETECTED =
  /https?:\/\/[^\s<>"]+|\bt\.me\/[^\s<>"]+|(?<![\w/])\/[a-z][a-z0-9_]{0,31}(?:@\w{3,32})?(?![\w/])|(?<!\w)@[a-z]\w{3,31}/giu;
const TRAILING = /[.,;:!?)\]}'"]+$/u;
const LITERAL = new Set([
  "code",
  "pre",
  "url",
  "text_link",
  "bot_command",
  "mention",
  "text_mention",
  "email",
]);

function detectedType(found) {
  if (found.startsWith("/")) return "bot_command";
  return found.startsWith("@") ? "mention" : "url";
}

/** The entities sent, and the links, commands and mentions that a Telegram client finds by itself. */
function withDetected(text, entities = []) {
  const literal = entities.filter((entity) => LITERAL.has(entity.type));
  const found = [];
  for (const match of text.matchAll(DETECTED)) {
    const length = match[0].replace(TRAILING, "").length;
    const taken = literal.some(
      (e) => match.index < e.offset + e.length && e.offset < match.index + length,
    );
    if (!taken) found.push({ type: detectedType(match[0]), offset: match.index, length });
  }
  return [...entities, ...found].sort(
    (one, other) => one.offset - other.offset || other.length - one.length,
  );
}

/**
 * Nodes for a text.
 * @param {{onLink: (url: string, event: MouseEvent) => boolean, onCommand: (command: string) => void,
 *   onCopy: (text: string) => void}} actions `onLink` answers true
 *   where it has dealt with the link itself (a deep link), so that no tab is opened.
 */
export function renderText(text, entities, actions) {
  return renderRange(text, withDetected(text, entities), 0, text.length, actions);
}

function renderRange(text, entities, start, end, actions) {
  const nodes = [];
  let position = start;
  let index = 0;
  while (index < entities.length) {
    const entity = entities[index];
    const from = Math.max(entity.offset, position);
    const to = Math.min(entity.offset + entity.length, end);
    let next = index + 1;
    while (next < entities.length && entities[next].offset < to) next += 1;
    if (from < to) {
      if (from > position) nodes.push(text.slice(position, from));
      const inside = renderRange(text, entities.slice(index + 1, next), from, to, actions);
      nodes.push(element(entity, inside, text.slice(from, to), actions));
      position = to;
    }
    index = next;
  }
  if (position < end) nodes.push(text.slice(position, end));
  return dropBreaksAfterBlocks(nodes);
}

/** A quotation or a block of code ends its line by itself: the newline after it would show as an empty one. */
function dropBreaksAfterBlocks(nodes) {
  return nodes.map((node, index) => {
    const before = nodes[index - 1];
    const afterBlock = before instanceof Element && before.matches("blockquote, .code-block");
    return afterBlock && typeof node === "string" ? node.replace(/^\n/u, "") : node;
  });
}

const PLAIN = { bold: "strong", italic: "em", underline: "u", strikethrough: "s" };

function element(entity, inside, content, actions) {
  if (PLAIN[entity.type]) return h(PLAIN[entity.type], {}, inside);
  switch (entity.type) {
    case "code":
      return h("code", { title: "Click to copy", onClick: () => actions.onCopy(content) }, inside);
    case "pre":
      return codeBlock(entity, inside, content, actions);
    case "spoiler":
      return spoiler(inside);
    case "blockquote":
      return h("blockquote", {}, inside);
    case "expandable_blockquote":
      return expandable(inside);
    case "text_link":
      return link(entity.url, inside, actions);
    case "url":
      return link(/^https?:/iu.test(content) ? content : `https://${content}`, inside, actions);
    case "email":
      return h("a", { href: `mailto:${content}` }, inside);
    case "phone_number":
      return h("a", { href: `tel:${content}` }, inside);
    case "mention":
      return link(`https://t.me/${content.slice(1)}`, inside, actions);
    case "bot_command":
      return h(
        "button",
        { type: "button", class: "command-link", onClick: () => actions.onCommand(content) },
        inside,
      );
    case "text_mention":
    case "hashtag":
    case "cashtag":
      return h("span", { class: "tinted" }, inside);
    default:
      return h("span", {}, inside);
  }
}

function link(url, inside, actions) {
  const safe = /^(https?|tg|mailto|tel):/iu.test(url) ? url : `https://${url}`;
  const follow = (event) => {
    if (actions.onLink(safe, event)) event.preventDefault();
  };
  return h(
    "a",
    { href: safe, target: "_blank", rel: "noopener noreferrer", onClick: follow },
    inside,
  );
}

function spoiler(inside) {
  const hidden = h(
    "span",
    { class: "spoiler", role: "button", tabindex: "0", "aria-label": "Hidden text, show" },
    inside,
  );
  const reveal = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    if (hidden.classList.contains("revealed")) return;
    event.preventDefault();
    event.stopPropagation();
    hidden.classList.add("revealed");
    hidden.removeAttribute("role");
    hidden.removeAttribute("aria-label");
    hidden.removeAttribute("tabindex");
  };
  hidden.addEventListener("click", reveal, true);
  hidden.addEventListener("keydown", reveal);
  return hidden;
}

function expandable(inside) {
  const quote = h("blockquote", { class: "expandable" }, inside);
  const toggle = h(
    "button",
    {
      type: "button",
      class: "expand",
      "aria-label": "Show the whole quotation",
      onClick: () =>
        toggle.setAttribute("aria-expanded", String(quote.classList.toggle("expanded"))),
      "aria-expanded": "false",
    },
    icon("down"),
  );
  quote.append(toggle);
  return quote;
}

function codeBlock(entity, inside, content, actions) {
  return h(
    "div",
    { class: "code-block" },
    h(
      "div",
      { class: "code-head" },
      h("span", {}, entity.language ?? "code"),
      h(
        "button",
        { type: "button", "aria-label": "Copy the code", onClick: () => actions.onCopy(content) },
        icon("copy"),
      ),
    ),
    h("pre", {}, h("code", {}, inside)),
  );
}

/** A message in one line, for replies, previews and screen readers. */
export function summary(message) {
  const kind = [
    ["photo", "Photo"],
    ["video", "Video"],
    ["voice", "Voice message"],
    ["audio", "Audio"],
    ["sticker", `Sticker ${message.sticker?.emoji ?? ""}`.trim()],
    ["location", "Location"],
    ["document", message.document?.file_name ?? "File"],
  ].find(([field]) => message[field]);
  const words = message.text ?? message.caption ?? "";
  if (!kind) return words;
  return words ? `${kind[1]}, ${words}` : kind[1];
}
