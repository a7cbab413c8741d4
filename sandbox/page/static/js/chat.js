/** One chat on one phone: header, messages, composer, and what can be done to a message. */

import { api } from "./api.js";
import { nameOf } from "./bubble.js";
import { Composer } from "./composer.js";
import { avatar, botAvatar, h, iconButton } from "./dom.js";
import { summary } from "./entities.js";
import { History } from "./history.js";
import { keyOf } from "./store.js";

const ACTIONS = {
  typing: "typing",
  upload_photo: "sending a photo",
  record_video: "recording a video",
  upload_video: "sending a video",
  record_voice: "recording a voice message",
  upload_voice: "sending a voice message",
  upload_document: "sending a file",
  choose_sticker: "choosing a sticker",
  find_location: "looking for a place",
  record_video_note: "recording a video message",
  upload_video_note: "sending a video message",
};

export class Chat {
  #status = h("span", { class: "header-status" });
  payload = null;

  /**
   * @param {import("./store.js").Store} store
   * @param {import("./phone.js").Phone} phone
   * @param {{chat_id: number, title: string, kind: "private"|"group"}} described
   */
  constructor(store, phone, described) {
    this.store = store;
    this.phone = phone;
    this.at = { user_id: phone.userId, chat_id: described.chat_id };
    this.key = keyOf(phone.userId, described.chat_id);
    this.title = described.title;
    this.isGroup = described.kind === "group";
    this.textActions = {
      onLink: (url, event) => this.onTextLink(url, event),
      onCommand: (command) => this.sendCommand(command),
      onCopy: (words) => this.copy(words),
    };
    this.history = new History(this);
    this.composer = new Composer(this);
    this.element = h(
      "section",
      {
        class: "chat",
        "aria-label": this.heading,
        dataset: { chatId: this.at.chat_id, kind: described.kind },
      },
      this.#header(),
      h(
        "div",
        { class: "wallpaper", onPointerdown: () => this.composer.commands.close() },
        this.history.scroller,
        this.history.button,
      ),
      this.composer.element,
    );
    store.watch(`messages/${this.key}`, () => this.history.render());
    store.watch(`chat/${this.key}`, () => this.refresh());
    store.watch(`waiting/${this.key}`, () => this.history.refreshWaiting());
    store.watch(`arrived/${this.key}`, (message) => this.#arrived(message));
    this.history.render();
    this.refresh();
  }

  get data() {
    return (
      this.store.chats.get(this.key) ?? {
        messages: [],
        commands: [],
        started: false,
        blocked: false,
      }
    );
  }

  get messages() {
    return this.data.messages;
  }

  get heading() {
    return this.isGroup ? this.title : this.store.bot.first_name;
  }

  #header() {
    const menu = iconButton("more", "More", (event) => {
      const box = event.currentTarget.getBoundingClientRect();
      this.phone.overlays.menu(this.#headerEntries(), box.right, box.bottom);
    });
    return h(
      "header",
      { class: "chat-header" },
      this.isGroup ? avatar(this.at.chat_id, this.title) : botAvatar(),
      h("div", { class: "header-words" }, h("h3", {}, this.heading), this.#status),
      menu,
    );
  }

  #headerEntries() {
    const entries = [
      { label: "Go to the newest message", icon: "down", act: () => this.history.toBottom(true) },
    ];
    if (this.isGroup) return entries;
    const { blocked } = this.data;
    entries.push({
      label: blocked ? "Unblock the bot" : "Stop and block the bot",
      icon: blocked ? "unlock" : "block",
      danger: !blocked,
      act: () => this.attempt(api.block(this.at.user_id, !blocked)),
    });
    return entries;
  }

  /** Update everything but the messages from the store. */
  refresh() {
    const { action } = this.data;
    this.#status.classList.toggle("active", Boolean(action));
    this.#status.replaceChildren(...this.#statusWords(action));
    this.composer.refresh();
  }

  #statusWords(action) {
    if (!action) return [this.isGroup ? "group" : "bot"];
    const words = ACTIONS[action] ?? "working";
    const dots = h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i"));
    return [this.isGroup ? `${this.store.bot.first_name} is ${words}` : words, dots];
  }

  #arrived(message) {
    this.history.arrived(message);
    this.composer.refresh();
    this.phone.arrived(this, message);
  }

  /** What stands in an empty chat. */
  welcome() {
    if (this.isGroup)
      return h(
        "div",
        { class: "welcome" },
        h("b", {}, this.title),
        h("p", {}, "What the bot has for this group will appear here."),
      );
    return h(
      "div",
      { class: "welcome" },
      h("img", { src: "/static/logo.svg", alt: "", width: 56, height: 56 }),
      h("b", {}, this.store.bot.first_name),
      h(
        "p",
        {},
        this.data.started
          ? "No messages yet. Try the menu below."
          : "Nothing here yet. Press Start below, or open an invitation link.",
      ),
    );
  }

  say(text) {
    this.phone.overlays.toast(text);
  }

  /** Wait for a request; where it is refused, say why. Returns whether it succeeded. */
  async attempt(promise) {
    try {
      await promise;
      return true;
    } catch (error) {
      this.say(error.message);
      return false;
    }
  }

  buttonActions(messageId) {
    return {
      isWaiting: (data) => this.store.isWaiting(this.key, messageId, data),
      press: (data) => this.attempt(this.store.press(this.at, messageId, data)),
      onLink: (url) => this.onLink(url),
      copy: (text) => this.copy(text),
      say: (text) => this.say(text),
    };
  }

  /** In a group a client adds the bot's name to a command, so that other bots stay quiet. */
  sendCommand(command) {
    const addressed =
      this.isGroup && !command.includes("@") ? `${command}@${this.store.bot.username}` : command;
    this.history.toBottom();
    return this.attempt(api.message(this.at, addressed));
  }

  /** Deep links to the bot open on this phone; true where the link was one. */
  onLink(url) {
    const payload = this.deepLink(url);
    if (payload === null) return false;
    this.phone.openBot(payload);
    return true;
  }

  /**
   * Follow a link in a text. For an invitation that the bot wrote, ask whose phone opens it;
   * every other deep link opens on this one.
   */
  onTextLink(url, event) {
    const id = event.target.closest("[data-message-id]")?.dataset.messageId;
    const message = this.messages.find((other) => other.message_id === Number(id));
    const payload = this.deepLink(url);
    if (!payload || message?.from?.id !== this.store.bot.id) return this.onLink(url);
    const here = { label: "Open it here", icon: "phone", act: () => this.phone.openBot(payload) };
    this.phone.overlays.menu(
      [here, ...this.#otherPhones(payload)],
      event.clientX,
      event.clientY,
    );
    return true;
  }

  /** Menu entries that follow a deep link on somebody else's phone, or on one that joins the others. */
  #otherPhones(payload) {
    const others = this.phone.others().map((phone) => ({
      label: `Open the link on ${phone.title}’s phone`,
      icon: "phone",
      act: () => phone.openBot(payload),
    }));
    const onNewPhone = () =>
      this.attempt(api.newPhone("New phone", "Opened an invitation", payload));
    return [...others, { label: "Open the link on a new phone", icon: "phone", act: onNewPhone }];
  }

  /** The start payload of a link to the bot: "" where it has none, null where the link leads elsewhere. */
  deepLink(url) {
    const link = URL.canParse(url) ? new URL(url) : null;
    const name =
      link?.protocol === "tg:" ? link.searchParams.get("domain") : link?.pathname.split("/")[1];
    const toTelegram =
      link && (link.protocol === "tg:" || ["t.me", "telegram.me"].includes(link.hostname));
    if (!toTelegram || name?.toLowerCase() !== this.store.bot.username.toLowerCase()) return null;
    return link.searchParams.get("start") ?? "";
  }

  /** Show the Start button with what a deep link carries. */
  offerStart(payload) {
    if (!payload && this.data.started) return;
    this.payload = payload;
    this.refresh();
    this.composer.focus();
  }

  async start() {
    const started = await this.attempt(api.start(this.at.user_id, this.payload || null));
    if (started) this.payload = null;
    this.refresh();
  }

  openMenu(message, x, y) {
    const own = message.from?.id === this.at.user_id;
    const words = message.text ?? message.caption;
    const entries = [{ label: "Reply", icon: "reply", act: () => this.composer.reply(message) }];
    if (words) entries.push({ label: "Copy", icon: "copy", act: () => this.copy(words) });
    if (own && message.text)
      entries.push({ label: "Edit", icon: "edit", act: () => this.composer.edit(message) });
    const payload = this.#linkIn(message);
    if (payload) entries.push(...this.#otherPhones(payload));
    this.phone.overlays.menu(entries, x, y);
  }

  /** The payload of the first deep link in a message's text, its text links or its buttons. */
  #linkIn(message) {
    const words = message.text ?? message.caption ?? "";
    const links = [
      ...words
        .matchAll(/(?:https?:\/\/)?t\.me\/\S+/gu)
        .map((match) => (match[0].startsWith("http") ? match[0] : `https://${match[0]}`)),
      ...(message.entities ?? []).map((entity) => entity.url),
      ...(message.reply_markup?.inline_keyboard ?? []).flat().map((button) => button.url),
    ];
    return links.map((link) => (link ? this.deepLink(link) : null)).find(Boolean) ?? null;
  }

  async copy(words) {
    const copied = await navigator.clipboard?.writeText(words).then(
      () => true,
      () => false,
    );
    this.say(copied ? "Copied" : "This browser does not let the page copy");
  }

  /** The sender and first words of a message, for the line above the composer. */
  describe(message) {
    return { name: nameOf(message.from), words: summary(message) };
  }
}
