/** The sandbox's clock as the page knows it, and times in words. */

const LOCALE = "en-GB";

/** A clock that runs on from the time last told by the server, and the zone to show times in. */
export class PageClock {
  #offset = 0;
  #formats = new Map();
  zone = undefined;
  nextEvent = null;
  nextWords = "";
  firstSteps = [];

  /**
   * @param {{now: string, next_event: string|null, next_words: string|null, zone?: string,
   *   first_steps: {user_id: number, text: string, is_done: boolean}[]}} clock
   */
  set(clock) {
    this.#offset = Date.parse(clock.now) - Date.now();
    this.nextEvent = clock.next_event ? new Date(clock.next_event) : null;
    this.nextWords = clock.next_words ?? "";
    this.firstSteps = clock.first_steps;
    if (clock.zone && clock.zone !== this.zone) {
      this.zone = clock.zone;
      this.#formats.clear();
    }
  }

  now() {
    return new Date(Date.now() + this.#offset);
  }

  /** The zone in a few words: "Singapore time", or that of this browser. */
  zoneText() {
    const name = this.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
    return `${name.split("/").at(-1).replaceAll("_", " ")} time`;
  }

  #format(options) {
    const key = JSON.stringify(options);
    if (!this.#formats.has(key)) {
      this.#formats.set(key, new Intl.DateTimeFormat(LOCALE, { ...options, timeZone: this.zone }));
    }
    return this.#formats.get(key);
  }

  /** "14:30" */
  time(date) {
    return this.#format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(date);
  }

  /** "14:30:05" */
  timeWithSeconds(date) {
    return this.#format({
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      hourCycle: "h23",
    }).format(date);
  }

  /** "Thu 26 Nov" */
  shortDay(date) {
    return this.#format({ weekday: "short", day: "numeric", month: "short" })
      .format(date)
      .replace(",", "");
  }

  /** A calendar day as a value that can be compared: "26/11/2026". */
  dayKey(date) {
    return this.#format({ day: "2-digit", month: "2-digit", year: "numeric" }).format(date);
  }

  /** "Today", "Yesterday", "26 November", or with the year where it differs. */
  dayLabel(date) {
    const now = this.now();
    if (this.dayKey(date) === this.dayKey(now)) return "Today";
    if (this.dayKey(date) === this.dayKey(new Date(now.getTime() - 86_400_000))) return "Yesterday";
    const sameYear =
      this.#format({ year: "numeric" }).format(date) ===
      this.#format({ year: "numeric" }).format(now);
    return this.#format({
      day: "numeric",
      month: "long",
      ...(sameYear ? {} : { year: "numeric" }),
    }).format(date);
  }

  /** "14:30" for an instant of today, "Fri 27 Nov 14:30" for another day. */
  moment(date) {
    const today = this.dayKey(date) === this.dayKey(this.now());
    return today ? this.time(date) : `${this.shortDay(date)} ${this.time(date)}`;
  }

  /** How far ahead an instant is: "in 12 min", "in 3 h", "in 2 days". */
  ahead(date) {
    const minutes = Math.max(0, Math.round((date.getTime() - this.now().getTime()) / 60_000));
    if (minutes < 1) return "now";
    if (minutes < 90) return `in ${minutes} min`;
    if (minutes < 48 * 60) return `in ${Math.round(minutes / 60)} h`;
    return `in ${Math.round(minutes / 1440)} days`;
  }
}
