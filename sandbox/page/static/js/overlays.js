/** What lies over one phone: toasts, alerts, menus and sheets. */

import { h, icon } from "./dom.js";

const TOAST_MILLISECONDS = 4200;

export class Overlays {
  #opener = null;

  constructor() {
    this.element = h("div", { class: "overlays" });
    this.toasts = h("div", { class: "toasts", role: "status", "aria-live": "polite" });
    this.element.append(this.toasts);
  }

  /** A short line that goes by itself. */
  toast(text) {
    const line = h("div", { class: "toast" }, text);
    this.toasts.append(line);
    while (this.toasts.children.length > 3) this.toasts.firstChild.remove();
    const readingTime = TOAST_MILLISECONDS + 25 * text.length;
    setTimeout(() => line.classList.add("leaving"), readingTime - 250);
    setTimeout(() => line.remove(), readingTime);
  }

  /** A box that has to be closed. */
  alert(title, text) {
    const close = () => this.#close(backdrop);
    const button = h("button", { type: "button", class: "text-button", onClick: close }, "OK");
    const box = h(
      "div",
      { class: "alert", role: "alertdialog", "aria-modal": "true", "aria-label": title },
      h("b", {}, title),
      h("p", {}, text),
      button,
    );
    const backdrop = this.#open(box, "centred", close);
    button.focus();
  }

  /**
   * A menu at a point of the window.
   * @param {{label: string, icon: string, act: () => void, danger?: boolean}[]} entries
   */
  menu(entries, x, y) {
    const elsewhere = new AbortController();
    const close = () => {
      elsewhere.abort();
      this.#close(backdrop);
    };
    const items = entries.map((entry) =>
      h(
        "button",
        {
          type: "button",
          role: "menuitem",
          class: entry.danger ? "danger" : "",
          onClick: () => {
            close();
            entry.act();
          },
        },
        icon(entry.icon),
        h("span", {}, entry.label),
      ),
    );
    const menu = h("div", { class: "menu", role: "menu" }, items);
    menu.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      items.at((items.indexOf(document.activeElement) + step) % items.length).focus();
    });
    const backdrop = this.#open(menu, "free", close);
    this.#placeAt(menu, x, y);
    const onPress = (event) => menu.contains(event.target) || close();
    document.addEventListener("pointerdown", onPress, { capture: true, signal: elsewhere.signal });
    items[0]?.focus();
  }

  #placeAt(menu, x, y) {
    const bounds = this.element.getBoundingClientRect();
    const left = Math.min(Math.max(8, x - bounds.left), bounds.width - menu.offsetWidth - 8);
    const top = Math.min(Math.max(8, y - bounds.top), bounds.height - menu.offsetHeight - 8);
    menu.style.left = `${left}px`;
    menu.style.top = `${top}px`;
    menu.style.transformOrigin = `${x - bounds.left - left}px ${y - bounds.top - top}px`;
  }

  /** A sheet that slides up from below; returns the function that closes it. */
  sheet(title, ...content) {
    const close = () => this.#close(backdrop);
    const closer = h(
      "button",
      { type: "button", class: "icon-button", "aria-label": "Close", onClick: close },
      icon("close"),
    );
    const sheet = h(
      "div",
      { class: "sheet", role: "dialog", "aria-modal": "true", "aria-label": title },
      h("header", {}, h("b", {}, title), closer),
      content,
    );
    const backdrop = this.#open(sheet, "low", close);
    (sheet.querySelector("[data-focus]") ?? closer).focus();
    return close;
  }

  #open(content, kind, close) {
    this.#opener = document.activeElement;
    const backdrop = h("div", { class: `backdrop ${kind}` }, content);
    backdrop.addEventListener("pointerdown", (event) => {
      if (event.target === backdrop) close();
    });
    backdrop.addEventListener("contextmenu", (event) => event.preventDefault());
    backdrop.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        event.stopPropagation();
        close();
      }
      if (event.key === "Tab") keepInside(event, content);
    });
    this.element.append(backdrop);
    return backdrop;
  }

  #close(backdrop) {
    if (!backdrop.isConnected) return;
    backdrop.remove();
    this.#opener?.focus?.();
  }
}

function keepInside(event, content) {
  const stops = [...content.querySelectorAll("button, input, textarea, a[href]")].filter(
    (stop) => !stop.disabled,
  );
  const first = stops[0];
  const last = stops.at(-1);
  if (event.shiftKey && document.activeElement === first) {
    event.preventDefault();
    last.focus();
  } else if (!event.shiftKey && document.activeElement === last) {
    event.preventDefault();
    first.focus();
  }
}
