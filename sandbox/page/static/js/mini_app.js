/** The bot's Mini App over one phone: a frame that is spoken with as Telegram's clients do. */

import { api } from "./api.js";
import { h, icon } from "./dom.js";

const dark = matchMedia("(prefers-color-scheme: dark)");

/** @param {import("./chat.js").Chat} chat whose menu button was pressed */
export async function openMiniApp(chat) {
  const { url, title } = await api.app(chat.at.user_id, dark.matches);
  let needsConfirmation = false;
  const frame = h("iframe", { class: "app-frame", src: url, title });
  const say = (eventType, eventData = {}) =>
    frame.contentWindow?.postMessage(JSON.stringify({ eventType, eventData }), new URL(url).origin);

  const heard = {
    web_app_setup_back_button: ({ is_visible: isVisible }) => (back.hidden = !isVisible),
    web_app_setup_closing_behavior: ({ need_confirmation: isNeeded }) =>
      (needsConfirmation = isNeeded),
    web_app_close: () => close(),
  };
  const hear = (event) => {
    if (event.source !== frame.contentWindow) return;
    const { eventType, eventData } = JSON.parse(event.data);
    heard[eventType]?.(eventData ?? {});
  };
  const back = h(
    "button",
    {
      type: "button",
      class: "icon-button",
      "aria-label": "Back",
      hidden: true,
      onClick: () => say("back_button_pressed"),
    },
    icon("left"),
  );
  const close = () => {
    if (needsConfirmation && !confirm("Changes that you made may not be saved.")) return;
    removeEventListener("message", hear);
    app.remove();
    chat.composer.focus();
  };
  const closer = h(
    "button",
    { type: "button", class: "icon-button", "aria-label": "Close the app", onClick: close },
    icon("close"),
  );
  const app = h(
    "section",
    { class: "app", role: "dialog", "aria-label": `${chat.heading}: ${title}` },
    h("header", {}, back, h("b", {}, chat.heading), closer),
    frame,
  );
  addEventListener("message", hear);
  chat.phone.overlays.element.append(app);
  closer.focus();
}
