/** The scrolling part of a chat: rows by day, kept in step with the store without rebuilding what has not changed. */

import { renderRow } from "./bubble.js";
import { h, icon } from "./dom.js";
import { showWaiting } from "./keyboards.js";

const RUN_SECONDS = 600;
const NEAR_BOTTOM = 80;

/** Messages gathered into rows: parts of one album together, runs of one sender marked first and last. */
function rowsOf(messages, ownerId, botId) {
  const rows = [];
  for (const message of messages) {
    const previous = rows.at(-1);
    if (message.media_group_id && previous?.messages[0].media_group_id === message.media_group_id) {
      previous.messages.push(message);
    } else {
      rows.push({
        messages: [message],
        own: message.from?.id === ownerId,
        first: true,
        last: true,
        read: false,
      });
    }
  }
  let botSeen = false;
  for (let index = rows.length - 1; index >= 0; index -= 1) {
    const [message] = rows[index].messages;
    rows[index].read = botSeen;
    botSeen ||= message.from?.id === botId;
    const before = rows[index - 1]?.messages[0];
    const sameRun =
      before && before.from?.id === message.from?.id && message.date - before.date < RUN_SECONDS;
    if (sameRun) {
      rows[index].first = false;
      rows[index - 1].last = false;
    }
  }
  return rows;
}

/** Put the children in order without moving those already in place, so that nothing playing is interrupted. */
function place(parent, children) {
  const wanted = new Set(children);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  children.forEach((child, index) => {
    if (parent.children[index] !== child)
      parent.insertBefore(child, parent.children[index] ?? null);
  });
}

export class History {
  #chat;
  #nodes = new Map();
  #days = new Map();
  #list = h("div", { class: "rows" });
  #empty = h("div", { class: "empty" });
  #counter = h("span", { class: "badge", hidden: true });
  #stuck = true;
  #missed = 0;
  #settled = false;

  /** @param {import("./chat.js").Chat} chat */
  constructor(chat) {
    this.#chat = chat;
    this.scroller = h(
      "div",
      {
        class: "history",
        role: "log",
        tabindex: "0",
        "aria-label": `Messages in ${chat.title}`,
        onScroll: () => this.#scrolled(),
      },
      h("div", { class: "spring" }),
      this.#empty,
      this.#list,
    );
    this.button = h(
      "button",
      {
        type: "button",
        class: "to-bottom",
        "aria-label": "Go to the newest message",
        onClick: () => this.toBottom(true),
      },
      this.#counter,
      icon("down"),
    );
    this.scroller.addEventListener("dblclick", (event) =>
      this.#onRow(event, (message) => chat.composer.reply(message)),
    );
    this.scroller.addEventListener("contextmenu", (event) =>
      this.#onRow(event, (message) => chat.openMenu(message, event.clientX, event.clientY)),
    );
    this.scroller.addEventListener("keydown", (event) => this.#onKey(event));
    new ResizeObserver(() => this.#stuck && this.toBottom()).observe(this.#list);
    new ResizeObserver(() => this.#stuck && this.toBottom()).observe(this.scroller);
  }

  /** Update the rows from the store. */
  render() {
    const { store, messages } = this.#chat;
    const kept = new Map();
    const days = new Map();
    for (const row of rowsOf(messages, this.#chat.at.user_id, store.bot.id)) {
      const date = new Date(row.messages[0].date * 1000);
      const day = this.#day(date, days);
      const id = row.messages[0].message_id;
      const entry = this.#entry(id, row);
      kept.set(id, entry);
      day.rows.push(entry.node);
    }
    const focused = this.#list.contains(document.activeElement) ? document.activeElement : null;
    for (const { section, label, rows } of days.values()) place(section, [label, ...rows]);
    place(
      this.#list,
      [...days.values()].map(({ section }) => section),
    );
    this.#nodes = kept;
    this.#days = days;
    if (focused && !focused.isConnected) this.#focusAgain(focused);
    this.#empty.hidden = kept.size > 0;
    this.#empty.replaceChildren(...(kept.size ? [] : [this.#chat.welcome()]));
    this.#settled = true;
    if (this.#stuck) this.toBottom();
  }

  /** Give the focus to the row that replaced a focused one, to the same button where there is one. */
  #focusAgain(lost) {
    const row = this.#nodes.get(Number(lost.closest(".row")?.dataset.messageId))?.node;
    const same = [...(row?.querySelectorAll("button[data-data]") ?? [])].find(
      (button) => button.dataset.data === lost.dataset.data,
    );
    (same ?? row)?.focus({ preventScroll: true });
  }

  /** The section of a calendar day, under its name. */
  #day(date, days) {
    const { clock } = this.#chat.store;
    const key = clock.dayKey(date);
    if (!days.has(key)) {
      const { section, label } = this.#days.get(key) ?? {
        section: h("section", {}),
        label: h("div", { class: "day" }, h("span", {})),
      };
      label.firstChild.textContent = clock.dayLabel(date);
      days.set(key, { section, label, rows: [] });
    }
    return days.get(key);
  }

  /** The row's element: the present one where nothing changed, else a new one. */
  #entry(id, row) {
    const old = this.#nodes.get(id);
    const flags = `${row.first}${row.last}${row.read}${this.#chat.store.clock.zone}`;
    const same =
      old &&
      old.messages.length === row.messages.length &&
      old.messages.every((part, i) => part === row.messages[i]);
    if (same && old.flags === flags) return old;
    const node = renderRow(row, this.#chat);
    const edited =
      old && row.messages.some((part, i) => part.edit_date !== old.messages[i]?.edit_date);
    if (edited) node.classList.add("flash");
    else if (!old && this.#settled) node.classList.add("arriving");
    return { node, messages: [...row.messages], flags };
  }

  /** A message came: follow it, or count it where the person is reading further up. */
  arrived(message) {
    if (message.from?.id === this.#chat.at.user_id) this.toBottom(true);
    else if (!this.#stuck) this.#missed += 1;
    this.#showButton();
  }

  refreshWaiting() {
    const { store, key } = this.#chat;
    for (const button of this.#list.querySelectorAll("button[data-data]")) {
      const { messages } = this.#nodes.get(Number(button.closest(".row").dataset.messageId));
      showWaiting(button, store.isWaiting(key, messages.at(-1).message_id, button.dataset.data));
    }
  }

  toBottom(smooth = false) {
    this.#stuck = true;
    this.#missed = 0;
    this.scroller.scrollTo({
      top: this.scroller.scrollHeight,
      behavior: smooth ? "smooth" : "instant",
    });
    this.#showButton();
  }

  jumpTo(messageId) {
    const entry = [...this.#nodes.values()].find(({ messages }) =>
      messages.some((part) => part.message_id === messageId),
    );
    if (!entry) return this.#chat.say("That message is further back than this page shows");
    entry.node.scrollIntoView({ block: "center", behavior: "smooth" });
    entry.node.classList.remove("found");
    void entry.node.offsetWidth;
    entry.node.classList.add("found");
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    this.#stuck = scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM;
    if (this.#stuck) this.#missed = 0;
    this.#showButton();
  }

  #showButton() {
    this.button.classList.toggle("shown", !this.#stuck);
    this.button.tabIndex = this.#stuck ? -1 : 0;
    this.#counter.hidden = this.#missed === 0;
    this.#counter.textContent = String(this.#missed);
    this.button.setAttribute(
      "aria-label",
      this.#missed ? `${this.#missed} new messages, go to them` : "Go to the newest message",
    );
  }

  #onRow(event, act) {
    const row = event.target.closest(".row");
    if (!row || event.target.closest("a, button, .seek, video")) return;
    event.preventDefault();
    getSelection()?.removeAllRanges();
    act(this.#nodes.get(Number(row.dataset.messageId)).messages[0]);
  }

  /** Up and Down walk through the messages, Enter opens a message's menu. */
  #onKey(event) {
    const current = document.activeElement?.closest?.(".row");
    if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      const rows = [...this.#list.querySelectorAll(".row")];
      const step = event.key === "ArrowUp" ? -1 : 1;
      const next = current ? rows[rows.indexOf(current) + step] : rows.at(-1);
      if (!next) return;
      event.preventDefault();
      next.focus();
    } else if (
      (event.key === "Enter" || event.key === "ContextMenu") &&
      current &&
      event.target === current
    ) {
      event.preventDefault();
      const box = current.querySelector(".bubble").getBoundingClientRect();
      this.#chat.openMenu(
        this.#nodes.get(Number(current.dataset.messageId)).messages[0],
        box.left + 20,
        box.top + 20,
      );
    }
  }
}
