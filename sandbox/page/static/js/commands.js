/** The bot's commands: opened by the Menu button, or suggested while a "/" is typed. */

import { h } from "./dom.js";

export class CommandList {
  #chat;
  #send;
  #fill;
  #onToggle;
  #shown = [];
  #marked = -1;

  /**
   * @param {import("./chat.js").Chat} chat
   * @param {(command: string) => void} send takes "/checkin"
   * @param {(text: string) => void} fill puts a text into the composer
   * @param {(open: boolean) => void} onToggle
   */
  constructor(chat, send, fill, onToggle) {
    this.#chat = chat;
    this.#send = send;
    this.#fill = fill;
    this.#onToggle = onToggle;
    this.element = h("div", {
      class: "commands",
      role: "listbox",
      "aria-label": "Commands",
      hidden: true,
    });
    this.element.addEventListener("keydown", (event) => this.#onListKey(event));
  }

  get isOpen() {
    return !this.element.hidden;
  }

  /** Open or close the whole list. */
  toggle() {
    if (this.isOpen) this.#hide();
    else this.#show(this.#chat.data.commands, -1);
    this.element.firstElementChild?.focus();
  }

  close() {
    if (this.isOpen) this.#hide();
  }

  #onListKey(event) {
    const options = [...this.element.children];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) options.at((options.indexOf(document.activeElement) + step) % options.length).focus();
    else if (event.key === "Escape") this.#hide();
    else return;
    event.preventDefault();
  }

  /** Show what fits the text in the composer, while it is the beginning of a command. */
  suggest(text) {
    const begun = /^\/(\w*)$/u.exec(text);
    const fitting = begun
      ? this.#chat.data.commands.filter(({ command }) => command.startsWith(begun[1].toLowerCase()))
      : [];
    if (fitting.length > 0) this.#show(fitting, 0);
    else this.#hide();
  }

  /** Keys of the composer while suggestions are open; true where the key was used. */
  onKey(event) {
    if (!this.isOpen) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.#mark((this.#marked + step + this.#shown.length) % this.#shown.length);
    else if (event.key === "Escape") this.#hide();
    else if (event.key === "Tab" && this.#marked >= 0)
      this.#fill(`/${this.#shown[this.#marked].command} `);
    else if (event.key === "Enter" && this.#marked >= 0) this.#choose(this.#shown[this.#marked]);
    else return false;
    event.preventDefault();
    return true;
  }

  #show(commands, marked) {
    this.#shown = commands;
    this.element.replaceChildren(
      ...commands.map((entry) =>
        h(
          "button",
          { type: "button", role: "option", onClick: () => this.#choose(entry) },
          h("span", { class: "command-description" }, entry.description),
          h("span", { class: "command-name" }, `/${entry.command}`),
        ),
      ),
    );
    this.element.hidden = commands.length === 0;
    this.#onToggle(this.isOpen);
    this.#mark(marked);
  }

  #mark(index) {
    this.#marked = index;
    [...this.element.children].forEach((child, at) =>
      child.setAttribute("aria-selected", String(at === index)),
    );
    this.element.children[index]?.scrollIntoView({ block: "nearest" });
  }

  #choose({ command }) {
    this.#hide();
    this.#send(`/${command}`);
  }

  #hide() {
    this.element.hidden = true;
    this.#onToggle(false);
    this.#marked = -1;
  }
}
