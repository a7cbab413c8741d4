/** Inline keyboards under a bubble, and reply keyboards under the composer. */

import { h, icon } from "./dom.js";

const styleOf = (button) =>
  ["primary", "success", "danger"].includes(button.style) ? button.style : "plain";

/** Words longer than this are set smaller, so that they are not broken. */
const LONG_WORD = 11;

/**
 * The buttons under a message.
 * @param {{isWaiting: (data: string) => boolean, press: (data: string) => void,
 *   onLink: (url: string) => boolean, copy: (text: string) => void, say: (text: string) => void}} actions
 */
export function inlineKeyboard(markup, actions) {
  return h(
    "div",
    { class: "inline-keyboard" },
    markup.inline_keyboard.map((row) =>
      h(
        "div",
        { class: "inline-row" },
        row.map((button) => inlineButton(button, actions)),
      ),
    ),
  );
}

function inlineButton(button, actions) {
  const url = button.url ?? button.web_app?.url ?? button.login_url?.url;
  const common = { class: "inline-button", dataset: { style: styleOf(button) } };
  const isLong = button.text.split(/\s+/u).some((word) => word.length > LONG_WORD);
  const label = h("span", { class: isLong ? "inline-label long" : "inline-label" }, button.text);
  if (url) {
    const follow = (event) => {
      if (actions.onLink(url)) event.preventDefault();
    };
    return h(
      "a",
      { ...common, href: url, target: "_blank", rel: "noopener noreferrer", onClick: follow },
      label,
      icon("out", "corner"),
    );
  }
  if (button.copy_text) {
    const copy = () => {
      actions.copy(button.copy_text.text);
    };
    return h("button", { ...common, type: "button", onClick: copy }, label, icon("copy", "corner"));
  }
  const data = button.callback_data;
  const element = h(
    "button",
    {
      ...common,
      type: "button",
      onClick: () => (data ? actions.press(data) : actions.say("This button does nothing here")),
    },
    label,
  );
  if (data) {
    element.dataset.data = data;
    showWaiting(element, actions.isWaiting(data));
  }
  return element;
}

/** Shimmer a button for as long as its tap is unanswered. */
export function showWaiting(button, waiting) {
  button.classList.toggle("waiting", waiting);
  button.setAttribute("aria-busy", String(waiting));
}

/** The reply keyboard, shown in place of the phone's own: each key sends its label. */
export function replyKeyboard(markup, onKey) {
  const keyboard = h("div", {
    class: "reply-keyboard",
    role: "group",
    "aria-label": "Suggested answers",
    dataset: { resize: String(Boolean(markup.resize_keyboard)) },
  });
  for (const row of markup.keyboard) {
    const keys = row.map((key) => (typeof key === "string" ? { text: key } : key));
    keyboard.append(
      h(
        "div",
        { class: "reply-row" },
        keys.map((key) =>
          h(
            "button",
            {
              type: "button",
              class: "reply-key",
              dataset: { style: styleOf(key) },
              onClick: () => onKey(key),
            },
            key.text,
            key.request_location ? icon("pin", "corner") : null,
          ),
        ),
      ),
    );
  }
  return keyboard;
}
