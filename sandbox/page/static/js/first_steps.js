/** The first three things to try, under the bar: each ticks itself off once it is done. */

import { h, icon, iconButton } from "./dom.js";

export class FirstSteps {
  #store;
  #show;
  #begun = false;
  #shown = "";
  #list = h("ol", {});
  element = h("section", { class: "first-steps", "aria-label": "First steps", hidden: true });

  /**
   * @param {import("./store.js").Store} store
   * @param {(userId: number) => void} showPhone bring this person's phone into view
   */
  constructor(store, showPhone) {
    this.#store = store;
    this.#show = showPhone;
    const close = iconButton("close", "Hide the first steps", () => this.element.remove());
    this.element.append(h("b", {}, "Try first"), this.#list, close);
    store.watch("clock", () => this.#refresh());
  }

  /** Where all was done before the page was opened, nothing is shown. */
  #refresh() {
    const steps = this.#store.clock.firstSteps;
    this.#begun ||= steps.some((step) => !step.is_done);
    this.element.hidden = !this.#begun;
    const wanted = JSON.stringify(steps);
    if (wanted === this.#shown) return;
    this.#shown = wanted;
    const current = steps.findIndex((step) => !step.is_done);
    this.#list.replaceChildren(
      ...steps.map((step, index) => this.#item(step, index, index === current)),
      ...(current < 0 ? [h("li", { class: "current" }, "That was the whole round.")] : []),
    );
  }

  #item({ user_id: userId, text, is_done: isDone }, index, isCurrent) {
    return h(
      "li",
      { class: `${isDone ? "done" : ""} ${isCurrent ? "current" : ""}`.trim() },
      h(
        "button",
        { type: "button", onClick: () => this.#show(userId) },
        h("span", { class: "tick" }, isDone ? icon("check") : String(index + 1)),
        h("span", {}, text),
        isDone ? h("span", { class: "unseen" }, " (done)") : null,
      ),
    );
  }
}
