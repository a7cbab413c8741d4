/** The bar above the phones: what this is, the clock, and the buttons that move it. */

import { api } from "./api.js";
import { h, icon } from "./dom.js";

const STEPS = [
  { label: "+1 min", spoken: "Forward one minute", step: { minutes: 1 } },
  { label: "+10 min", spoken: "Forward ten minutes", step: { minutes: 10 } },
  { label: "+1 h", spoken: "Forward one hour", step: { hours: 1 } },
];

export class TopBar {
  #store;
  #busy = false;
  #rolling = null;
  #shownMinute = "";

  /** @param {import("./store.js").Store} store */
  constructor(store) {
    this.#store = store;
    this.#build();
    store.watch("tick", () => this.#show());
    store.watch("clock", () => this.#show());
    store.watch("connection", (connected) => (this.lost.hidden = connected));
  }

  #build() {
    this.day = h("span", { class: "clock-day" });
    this.time = h("time", { class: "clock-time" });
    this.zone = h("span", { class: "clock-zone" });
    this.spoken = h("span", { class: "unseen", role: "status" });
    this.nextWhen = h("span", { class: "next-when" });
    this.nextAhead = h("span", { class: "next-ahead" });
    this.nextWords = h("span", { class: "next-words" });
    this.next = h(
      "button",
      { type: "button", class: "next-button", onClick: () => this.#move({ to: "next" }) },
      icon("next"),
      h(
        "span",
        { class: "next-lines" },
        h("span", { class: "next-label" }, "Next event", this.nextAhead),
        h("span", { class: "next-what" }, this.nextWords, this.nextWhen),
      ),
    );
    this.steps = STEPS.map(({ label, spoken, step }) =>
      h(
        "button",
        {
          type: "button",
          class: "step",
          "aria-label": spoken,
          title: spoken,
          onClick: () => this.#move(step),
        },
        label,
      ),
    );
    this.error = h("p", { class: "topbar-error", role: "alert", hidden: true });
    this.lost = h(
      "p",
      { class: "topbar-error", role: "alert", hidden: true },
      "The sandbox does not answer. Waiting for it…",
    );
    this.element = h(
      "header",
      { class: "topbar" },
      h(
        "div",
        { class: "brand" },
        h("img", { src: "/static/logo.svg", alt: "", width: 36, height: 36 }),
        h(
          "div",
          {},
          h("h1", {}, "Tutorline ", h("span", {}, "sandbox")),
          h(
            "p",
            { class: "hint" },
            "Play everyone’s part, and move time forward.",
          ),
        ),
      ),
      h(
        "section",
        { class: "clock", "aria-label": "Clock" },
        h(
          "div",
          { class: "clock-face" },
          this.time,
          h("div", { class: "clock-words" }, this.day, this.zone),
        ),
        h(
          "div",
          { class: "steps", role: "group", "aria-label": "Move the clock" },
          this.steps,
          this.next,
        ),
        this.spoken,
      ),
      this.error,
      this.lost,
      h("span", { class: "busy-line", "aria-hidden": "true" }),
    );
  }

  #show() {
    if (!this.#rolling) this.#face(this.#store.clock.now());
    const { clock } = this.#store;
    const { nextEvent } = clock;
    this.next.disabled = this.#busy || !nextEvent;
    this.nextWords.textContent = nextEvent ? `${clock.nextWords}, ` : "Nothing is due";
    this.nextWhen.textContent = nextEvent ? clock.moment(nextEvent) : "";
    this.nextAhead.textContent = nextEvent ? ` ${clock.ahead(nextEvent)}` : "";
  }

  #face(instant) {
    const { clock } = this.#store;
    const [hours, minutes, seconds] = clock.timeWithSeconds(instant).split(":");
    if (`${hours}:${minutes}` !== this.#shownMinute) {
      this.#shownMinute = `${hours}:${minutes}`;
      this.time.replaceChildren(
        this.#shownMinute,
        h("span", { class: "clock-seconds" }, `:${seconds}`),
      );
    } else {
      this.time.lastChild.textContent = `:${seconds}`;
    }
    this.day.textContent = clock.shortDay(instant);
    this.zone.textContent = clock.zoneText();
  }

  /** Move the clock; the bar is busy until all that was due has run. */
  async #move(step) {
    if (this.#busy) return;
    this.#setBusy(true);
    const before = this.#store.clock.now();
    try {
      const clock = await api.clock(step);
      this.#store.setClock(clock);
      this.#roll(before, new Date(clock.now));
      this.spoken.textContent = `It is ${this.#store.clock.moment(new Date(clock.now))}`;
      this.error.hidden = true;
    } catch (error) {
      this.error.textContent = error.message;
      this.error.hidden = false;
    } finally {
      this.#setBusy(false);
    }
  }

  /** Animate the clock from one time to another, unless reduced motion is preferred. */
  #roll(from, to) {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const begun = performance.now();
    const run = (now) => {
      const part = Math.min(1, (now - begun) / 700);
      const eased = 1 - (1 - part) ** 3;
      this.#face(new Date(from.getTime() + (to.getTime() - from.getTime()) * eased));
      this.#rolling = part < 1 ? requestAnimationFrame(run) : null;
    };
    if (this.#rolling) cancelAnimationFrame(this.#rolling);
    this.#rolling = requestAnimationFrame(run);
  }

  #setBusy(busy) {
    this.#busy = busy;
    this.element.classList.toggle("busy", busy);
    this.element.querySelector(".clock").setAttribute("aria-busy", String(busy));
    for (const button of this.steps) button.disabled = busy;
    this.#show();
  }
}
