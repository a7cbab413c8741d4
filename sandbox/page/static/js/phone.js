/** One phone: its owner above, a device with one chat or several as tabs, and what lies over it. */

import { api } from "./api.js";
import { Chat } from "./chat.js";
import { avatar, h } from "./dom.js";
import { Overlays } from "./overlays.js";

export class Phone {
  #tabs = [];
  #clock = h("time", { class: "device-time" });
  #visible = true;
  unread = 0;

  /**
   * @param {import("./store.js").Store} store
   * @param {{title: string, subtitle: string, user_id: number, chats: object[]}} pane
   * @param {{others: () => Phone[], onUnread: () => void}} page the other phones, and whom to tell of unread messages
   */
  constructor(store, pane, page) {
    this.store = store;
    this.page = page;
    this.userId = pane.user_id;
    this.title = pane.title;
    this.overlays = new Overlays();
    const groupsFirst = pane.chats.toSorted(
      (one, other) => (one.kind === "group" ? 0 : 1) - (other.kind === "group" ? 0 : 1),
    );
    this.chats = groupsFirst.map((described) => new Chat(store, this, described));
    this.device = h(
      "div",
      { class: "device" },
      h(
        "div",
        { class: "device-bar", "aria-hidden": "true" },
        this.#clock,
        h("span", { class: "island" }),
        battery(),
      ),
      this.chats.length > 1 ? this.#tabBar(pane) : null,
      h(
        "div",
        { class: "chats" },
        this.chats.map((chat) => chat.element),
      ),
      this.overlays.element,
    );
    this.element = h(
      "article",
      {
        class: "phone",
        "aria-label": `${pane.title}, ${pane.subtitle}`,
        dataset: { userId: pane.user_id },
      },
      h(
        "header",
        { class: "owner" },
        avatar(pane.user_id, pane.title),
        h("div", { class: "owner-words" }, h("h2", {}, pane.title), h("p", {}, pane.subtitle)),
      ),
      this.device,
    );
    this.#acceptFiles();
    store.watch("tick", () => this.#showTime());
    store.watch(`toast/${this.userId}`, (toast) => this.#answer(toast));
    this.show(this.chats[0]);
    this.#showTime();
  }

  #tabBar(pane) {
    this.#tabs = this.chats.map((chat, index) => {
      const badge = h("span", { class: "badge", hidden: true });
      const button = h(
        "button",
        {
          type: "button",
          role: "tab",
          id: `tab-${chat.key}`,
          onClick: () => this.show(chat),
          onKeydown: (event) => this.#onTabKey(event, index),
        },
        h("span", { class: "tab-title" }, chat.title),
        badge,
      );
      chat.element.setAttribute("role", "tabpanel");
      chat.element.setAttribute("aria-labelledby", button.id);
      return { chat, button, badge, count: 0 };
    });
    return h(
      "div",
      { class: "tabs", role: "tablist", "aria-label": `${pane.title}: chats` },
      this.#tabs.map(({ button }) => button),
    );
  }

  #onTabKey(event, index) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const tab = this.#tabs.at((index + step) % this.#tabs.length);
    this.show(tab.chat);
    tab.button.focus();
  }

  /** Bring one chat to the front. */
  show(chat) {
    this.shown = chat;
    for (const other of this.chats) other.element.hidden = other !== chat;
    for (const tab of this.#tabs) {
      const current = tab.chat === chat;
      tab.button.setAttribute("aria-selected", String(current));
      tab.button.tabIndex = current ? 0 : -1;
      if (current) this.#count(tab, 0);
    }
    chat?.history.toBottom();
  }

  #count(tab, count) {
    tab.count = count;
    tab.badge.hidden = count === 0;
    tab.badge.textContent = String(count);
    tab.badge.setAttribute("aria-label", `${count} unread`);
  }

  /** A message came to a chat of this phone. */
  arrived(chat, message) {
    if (message.from?.id === this.userId) return;
    const tab = this.#tabs.find((entry) => entry.chat === chat);
    if (tab && chat !== this.shown) this.#count(tab, tab.count + 1);
    if (!this.#visible) {
      this.unread += 1;
      this.page.onUnread();
    }
    if (!message.disable_notification) this.#ring();
  }

  #ring() {
    this.device.classList.remove("ringing");
    void this.device.offsetWidth;
    this.device.classList.add("ringing");
  }

  /** Whether the phone is on the screen (on a narrow one only some are). */
  setVisible(visible) {
    this.#visible = visible;
    if (!visible || this.unread === 0) return;
    this.unread = 0;
    this.page.onUnread();
  }

  get isVisible() {
    return this.#visible;
  }

  comeIntoView() {
    this.element.scrollIntoView({ behavior: "smooth", block: "nearest", inline: "center" });
  }

  others() {
    return this.page.others().filter((phone) => phone !== this);
  }

  /** Follow a deep link on this phone: open the private chat, with a Start button where needed. */
  openBot(payload) {
    const chat = this.chats.find((other) => !other.isGroup);
    this.comeIntoView();
    if (!chat) {
      api.start(this.userId, payload || null).catch((error) => this.overlays.toast(error.message));
      return;
    }
    this.show(chat);
    chat.offerStart(payload);
  }

  /** What answerCallbackQuery says. */
  #answer({ text, show_alert: isAlert, url }) {
    if (text && isAlert) this.overlays.alert(this.store.bot.first_name, text);
    else if (text) this.overlays.toast(text);
    if (url && !this.shown.onLink(url)) window.open(url, "_blank", "noopener");
  }

  #showTime() {
    this.#clock.textContent = this.store.clock.time(this.store.clock.now());
  }

  /** Files dropped on the phone, or pasted into it, go to the chat that is shown. */
  #acceptFiles() {
    const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
    this.device.addEventListener("dragover", (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      this.device.classList.add("dropping");
    });
    this.device.addEventListener("dragleave", (event) => {
      if (!this.device.contains(event.relatedTarget)) this.device.classList.remove("dropping");
    });
    this.device.addEventListener("drop", (event) => {
      this.device.classList.remove("dropping");
      if (!carriesFiles(event)) return;
      event.preventDefault();
      this.shown.composer.attachments.offer([...event.dataTransfer.files]);
    });
    this.device.addEventListener("paste", (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      this.shown.composer.attachments.offer(files);
    });
  }
}

const battery = () =>
  h(
    "span",
    { class: "device-signs" },
    h("span", { class: "signal" }, h("i"), h("i"), h("i"), h("i")),
    h("span", { class: "battery" }),
  );
