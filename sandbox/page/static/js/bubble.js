/** One row of a chat: a message or an album as a bubble, with its keyboard; or a service line. */

import { avatar, botAvatar, colourOf, fileUrl, h, icon } from "./dom.js";
import { renderText, summary } from "./entities.js";
import { inlineKeyboard } from "./keyboards.js";
import { isVisual, renderAlbum, renderMedia } from "./media.js";

const ONLY_EMOJI = /^(?:\p{Extended_Pictographic}[\u{1F3FB}-\u{1F3FF}\uFE0F\u200D]*){1,3}$/u;

export const nameOf = (user) =>
  [user?.first_name, user?.last_name].filter(Boolean).join(" ") || "Somebody";

/** The words of a service message; null for an ordinary one. */
function serviceText(message) {
  return message.migrate_to_chat_id ? "The group became a supergroup" : null;
}

/**
 * @typedef {object} Row
 * @property {object[]} messages one, or the parts of an album
 * @property {boolean} own sent by the phone's owner
 * @property {boolean} first first of its sender's run: shows the name in groups
 * @property {boolean} last last of the run: has the tail and the picture
 * @property {boolean} read whether the bot has reacted since
 */

/** @param {Row} row @param {import("./chat.js").Chat} chat */
export function renderRow(row, chat) {
  const [message] = row.messages;
  const service = serviceText(message);
  if (service) return h("div", { class: "service", role: "article" }, h("span", {}, service));

  const words = row.messages.find((part) => part.caption ?? part.text);
  const visual = row.messages.every(isVisual);
  const bare =
    Boolean(message.sticker) || (!message.reply_to_message && ONLY_EMOJI.test(message.text ?? ""));
  const bubble = h("div", { class: "bubble" });
  if (visual) bubble.classList.add("visual");
  if (bare) bubble.classList.add("bare");
  if (!words) bubble.classList.add("wordless");

  bubble.append(
    ...[
      chat.isGroup && !row.own && row.first && !bare ? senderName(message) : null,
      message.reply_to_message ? replied(message, chat) : null,
      row.messages.length > 1 && visual ? renderAlbum(row.messages) : row.messages.map(renderMedia),
    ]
      .flat()
      .filter(Boolean),
    text(words, row, chat),
  );

  const stack = h("div", { class: "stack" }, bubble);
  const markup = row.messages.at(-1).reply_markup;
  if (markup?.inline_keyboard?.length)
    stack.append(inlineKeyboard(markup, chat.buttonActions(row.messages.at(-1).message_id)));
  if (chat.isGroup && !row.own && row.last)
    bubble.append(h("span", { class: "row-avatar" }, picture(message, chat)));
  return frame(row, chat, stack, message);
}

function frame(row, chat, stack, message) {
  return h(
    "div",
    {
      class: `row ${row.own ? "out" : "in"}${row.first ? " first" : ""}${row.last ? " last" : ""}`,
      role: "article",
      tabindex: "-1",
      "aria-label": `${row.own ? "You" : nameOf(message.from)}, ${chat.store.clock.time(new Date(message.date * 1000))}: ${row.messages.map(summary).join("; ")}`,
      dataset: { messageId: message.message_id },
    },
    stack,
  );
}

function picture(message, chat) {
  return message.from?.id === chat.store.bot.id
    ? botAvatar()
    : avatar(message.from?.id ?? 0, nameOf(message.from));
}

function senderName(message) {
  return h(
    "div",
    { class: "sender", dataset: { colour: colourOf(message.from?.id ?? 0) } },
    nameOf(message.from),
  );
}

function replied(message, chat) {
  const original = message.reply_to_message;
  const words = message.quote?.text ?? summary(original);
  return h(
    "button",
    {
      type: "button",
      class: "replied",
      dataset: { colour: colourOf(original.from?.id ?? 0) },
      "aria-label": `In reply to ${nameOf(original.from)}: ${words}`,
      onClick: () => chat.history.jumpTo(original.message_id),
    },
    original.photo ? h("img", { src: fileUrl(original.photo[0].file_id), alt: "" }) : null,
    h("span", { class: "replied-words" }, h("b", {}, nameOf(original.from)), h("span", {}, words)),
  );
}

function text(message, row, chat) {
  const stamp = meta(row, chat);
  if (!message) return stamp;
  const content = message.text ?? message.caption;
  const entities = message.entities ?? message.caption_entities;
  const body = h(
    "div",
    { class: "text", dir: "auto" },
    renderText(content, entities, chat.textActions),
  );
  if (ONLY_EMOJI.test(content) && message.text) body.classList.add("jumbo");
  body.append(stamp);
  return body;
}

function meta(row, chat) {
  const latest = row.messages.at(-1);
  const silent = row.messages.some((part) => part.disable_notification);
  return h(
    "span",
    { class: "meta" },
    silent
      ? h(
          "span",
          { class: "silent", title: "Sent without a sound", role: "img", "aria-label": "Silent" },
          icon("silent"),
        )
      : null,
    row.messages.some((part) => part.edit_date)
      ? h("span", { class: "edited-mark" }, "edited")
      : null,
    h(
      "time",
      { datetime: new Date(latest.date * 1000).toISOString() },
      chat.store.clock.time(new Date(latest.date * 1000)),
    ),
    row.own
      ? h(
          "span",
          { class: "ticks", role: "img", "aria-label": row.read ? "Read" : "Sent" },
          icon(row.read ? "checks" : "check"),
        )
      : null,
  );
}
