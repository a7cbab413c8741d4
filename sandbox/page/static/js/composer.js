/** Where a person writes: text, replies, edits, the reply keyboard, Start and Unblock. */

import { api } from "./api.js";
import { Attachments } from "./attachments.js";
import { CommandList } from "./commands.js";
import { h, icon, iconButton } from "./dom.js";
import { replyKeyboard } from "./keyboards.js";
import { openMiniApp } from "./mini_app.js";
import { RecorderBar, canRecord } from "./recorder.js";

const TALLEST_PIXELS = 120;

export class Composer {
  #chat;
  #mode = null;
  #forced = null;
  #keyboardShown = true;
  #keyboardOf = "";
  #banner = h("div", { class: "banner", hidden: true });
  #keyboard = h("div", { class: "keyboard-place" });
  #gate = h("div", { class: "gate", hidden: true });

  /** @param {import("./chat.js").Chat} chat */
  constructor(chat) {
    this.#chat = chat;
    this.attachments = new Attachments(chat, () => this.#takeReply());
    this.commands = new CommandList(
      chat,
      (command) => this.#sendCommand(command),
      (command) => this.#fill(command),
      (open) => this.menuButton.setAttribute("aria-expanded", String(open)),
    );
    this.recorder = new RecorderBar(
      (file, duration) => this.#sendVoice(file, duration),
      (text) => chat.say(text),
    );
    this.#buildFields();
    this.element = h(
      "footer",
      { class: "composer" },
      this.commands.element,
      this.#banner,
      this.#gate,
      this.line,
      this.recorder.element,
      this.#keyboard,
    );
  }

  #buildFields() {
    this.field = h("textarea", {
      rows: "1",
      placeholder: "Message",
      "aria-label": `Message to ${this.#chat.heading}`,
      autocomplete: "off",
      dir: "auto",
      enterkeyhint: "send",
      onInput: () => this.#typed(),
      onKeydown: (event) => this.#onKey(event),
    });
    this.menuButton = h(
      "button",
      {
        type: "button",
        class: "menu-button",
        "aria-expanded": "false",
        onClick: () => this.#pressMenu(),
      },
      icon("menu"),
      h("span", {}, "Menu"),
    );
    this.commandsButton = iconButton("slash", "Commands", () => this.commands.toggle());
    this.keyboardToggle = iconButton("keyboard", "Suggested answers", () => this.#toggleKeyboard());
    this.attachButton = iconButton("attach", "Attach", (event) =>
      this.attachments.open(event.currentTarget),
    );
    this.sendButton = iconButton("send", "Send", () => this.send(), "send");
    this.microphone = iconButton("microphone", "Record a voice message", () => this.record());
    this.line = h(
      "div",
      { class: "line" },
      this.menuButton,
      h("div", { class: "field" }, this.field, this.commandsButton, this.keyboardToggle, this.attachButton),
      this.microphone,
      this.sendButton,
    );
    this.#typed();
  }

  focus() {
    const target = this.#gate.hidden ? this.field : this.#gate.querySelector("button");
    target?.focus({ preventScroll: true });
  }

  /** Bring the composer in step with what the chat allows. */
  refresh() {
    const { data, isGroup } = this.#chat;
    const gate = isGroup ? null : this.#gateFor(data);
    this.#gate.hidden = !gate;
    this.line.hidden = Boolean(gate) || this.recorder.isActive;
    this.#gate.replaceChildren(...(gate ?? []));
    const opensApp = data.menu_button?.type === "web_app";
    this.menuButton.hidden = isGroup || (data.commands.length === 0 && !opensApp);
    this.menuButton.lastChild.textContent = opensApp ? data.menu_button.text : "Menu";
    this.menuButton.firstChild.replaceWith(icon(opensApp ? "app" : "menu"));
    this.commandsButton.hidden = isGroup || !opensApp || data.commands.length === 0;
    this.#refreshForcedReply(data.force_reply);
    this.#refreshKeyboard(gate ? null : data.reply_keyboard);
    this.field.placeholder =
      data.force_reply?.input_field_placeholder ??
      data.reply_keyboard?.input_field_placeholder ??
      "Message";
  }

  #gateFor({ blocked, started }) {
    const chat = this.#chat;
    const button = (label, act) =>
      h("button", { type: "button", class: "gate-button", onClick: act }, label);
    if (blocked) return [button("Unblock", () => chat.attempt(api.block(chat.at.user_id, false)))];
    if (started && !chat.payload) return null;
    const start = button("Start", () => chat.start());
    if (!started) return [start];
    const notNow = () => {
      chat.payload = null;
      chat.refresh();
    };
    return [start, iconButton("close", "Not now", notNow)];
  }

  #refreshForcedReply(forced) {
    if (forced?.message_id === this.#forced) return;
    const wasForced = this.#mode?.forced;
    const message =
      forced && this.#chat.messages.find((other) => other.message_id === forced.message_id);
    if (forced && !message) return;
    this.#forced = forced?.message_id ?? null;
    if (message) {
      this.#setMode({ kind: "reply", message, forced: true });
      if (this.#chat.element.contains(document.activeElement)) this.focus();
    } else if (wasForced) this.#setMode(null);
  }

  #refreshKeyboard(markup) {
    const now = JSON.stringify(markup ?? null);
    if (now !== this.#keyboardOf) {
      this.#keyboardOf = now;
      this.#keyboardShown = true;
      this.#keyboard.replaceChildren(
        ...(markup ? [replyKeyboard(markup, (key) => this.#pressKey(key, markup))] : []),
      );
    }
    this.keyboardToggle.hidden = !markup;
    this.#keyboard.hidden = !markup || !this.#keyboardShown;
    this.keyboardToggle.setAttribute("aria-expanded", String(!this.#keyboard.hidden));
  }

  #toggleKeyboard() {
    this.#keyboardShown = !this.#keyboardShown;
    this.refresh();
  }

  #pressKey(key, markup) {
    if (markup.one_time_keyboard) this.#keyboardShown = false;
    this.refresh();
    if (key.request_location) return this.attachments.askLocation();
    return this.#chat.attempt(api.message(this.#chat.at, key.text, this.#takeReply()));
  }

  /** Begin a reply to a message. */
  reply(message) {
    this.#setMode({ kind: "reply", message });
    this.focus();
  }

  /** Begin to edit an own message. */
  edit(message) {
    this.#setMode({ kind: "edit", message });
    this.#fill(message.text);
  }

  #setMode(mode) {
    if (this.#mode?.kind === "edit" && mode?.kind !== "edit") this.#clear();
    this.#mode = mode;
    this.#banner.hidden = !mode;
    if (!mode) return;
    const { name, words } = this.#chat.describe(mode.message);
    this.#banner.replaceChildren(
      icon(mode.kind),
      h(
        "div",
        { class: "banner-words" },
        h("b", {}, mode.kind === "edit" ? "Edit message" : `Reply to ${name}`),
        h("span", {}, words),
      ),
      iconButton("close", mode.kind === "edit" ? "Do not edit" : "Do not reply", () =>
        this.#setMode(null),
      ),
    );
  }

  /** Return the message that is being replied to, and end the reply. */
  #takeReply() {
    const replyTo = this.#mode?.kind === "reply" ? this.#mode.message.message_id : null;
    if (replyTo) this.#setMode(null);
    return replyTo;
  }

  #fill(text) {
    this.field.value = text;
    this.#typed();
    this.focus();
    this.field.setSelectionRange(text.length, text.length);
  }

  #clear() {
    this.field.value = "";
    this.#typed();
  }

  #typed() {
    const empty = this.field.value.trim() === "";
    const recordable = empty && canRecord() && this.#mode?.kind !== "edit";
    this.microphone.hidden = !recordable;
    this.sendButton.hidden = recordable;
    this.sendButton.disabled = empty;
    this.line.classList.toggle("writing", !empty);
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(TALLEST_PIXELS, this.field.scrollHeight)}px`;
    this.commands.suggest(this.field.value);
  }

  #onKey(event) {
    if (event.isComposing) return;
    if (this.commands.onKey(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.send();
    } else if (event.key === "Escape" && this.#mode) {
      this.#setMode(null);
    } else if (event.key === "ArrowUp" && this.field.value === "") {
      const own = this.#chat.messages.findLast(
        (message) => message.from?.id === this.#chat.at.user_id && message.text,
      );
      if (!own) return;
      event.preventDefault();
      this.edit(own);
    }
  }

  /** Send what is written; what is refused stays in the field. */
  async send() {
    const text = this.field.value.trim();
    if (!text) return;
    const { at } = this.#chat;
    const mode = this.#mode;
    this.#clear();
    this.#setMode(null);
    const sent = await this.#chat.attempt(
      mode?.kind === "edit"
        ? api.edit(at, mode.message.message_id, text)
        : api.message(at, text, mode?.message.message_id ?? null),
    );
    if (sent || this.field.value) return;
    this.#setMode(mode);
    this.#fill(text);
  }

  #pressMenu() {
    const menu = this.#chat.data.menu_button;
    if (menu?.type === "web_app") this.#chat.attempt(openMiniApp(this.#chat));
    else this.commands.toggle();
  }

  #sendCommand(command) {
    this.#clear();
    this.#chat.sendCommand(command);
    this.focus();
  }

  async record() {
    if (await this.recorder.start()) this.line.hidden = true;
  }

  #sendVoice(file, duration) {
    this.line.hidden = false;
    this.focus();
    if (file) this.attachments.send("voice", [file], { duration });
  }
}
