/** What the page knows of the sandbox: loaded once, kept up to date by events, watched by the views. */

import { api, follow } from "./api.js";
import { PageClock } from "./time.js";

const RETRY_MILLISECONDS = 1000;
const ACTION_MILLISECONDS = 6000;
const UNANSWERED_MILLISECONDS = 30_000;
const CLOCK_MILLISECONDS = 1500;

export const keyOf = (userId, chatId) => `${userId}:${chatId}`;
const pressKey = (key, messageId, data) => `${key}/${messageId}/${data}`;

/**
 * Topics that can be watched: `state` (everything was loaded), `connection` (true or false), `clock`, `tick` (every
 * second), per chat key `messages/…`, `chat/…` (keyboards, action, started, blocked), `waiting/…` (taps on inline
 * buttons), `arrived/…` (a new message), and `toast/<user id>`.
 */
export class Store {
  clock = new PageClock();
  bot = { id: 0, username: "", first_name: "" };
  people = new Map();
  panes = [];
  chats = new Map();

  #watchers = new Map();
  #presses = new Map();
  #answered = new Set();
  #actionTimers = new Map();
  #attempt = 0;
  #day = null;
  #stop = () => {};
  #asking = null;

  watch(topic, callback) {
    if (!this.#watchers.has(topic)) this.#watchers.set(topic, new Set());
    this.#watchers.get(topic).add(callback);
  }

  #tell(topic, detail) {
    for (const callback of this.#watchers.get(topic) ?? []) callback(detail);
  }

  /** Load everything and follow events; try again until the sandbox answers. */
  async connect() {
    this.#attempt += 1;
    const attempt = this.#attempt;
    this.#stop();
    const state = await api.state().catch(() => null);
    if (attempt !== this.#attempt) return;
    if (!state) return this.#lost();
    this.#replace(state);
    this.#stop = follow(
      state.event_id,
      (event) => this.#apply(event),
      () => this.#lost(),
    );
    this.#tell("connection", true);
  }

  #lost() {
    this.#tell("connection", false);
    setTimeout(() => this.connect(), RETRY_MILLISECONDS);
  }

  #replace(state) {
    this.bot = state.bot;
    this.people = new Map(state.people.map((person) => [person.id, person]));
    this.panes = state.panes;
    this.chats = new Map(Object.entries(state.chats));
    this.clock.set(state.clock);
    for (const chat of this.chats.values())
      chat.messages.sort((one, other) => one.message_id - other.message_id);
    this.#tell("state");
    this.#tell("clock");
    for (const [key, chat] of this.chats) {
      if (chat.action) this.#letActionPass(key);
      this.#tell(`messages/${key}`);
      this.#tell(`chat/${key}`);
    }
  }

  #apply(event) {
    switch (event.type) {
      case "message":
      case "edited":
        this.#upsert(event.chat_id, event.message);
        this.#askTimeSoon();
        break;
      case "deleted":
        this.#remove(event.chat_id, event.message_id);
        break;
      case "toast":
        this.#settle(event.callback_id);
        this.#tell(`toast/${event.user_id}`, event);
        break;
      case "answered":
        this.#settle(event.callback_id);
        break;
      case "action":
        this.#setAction(event.chat_id, event.action);
        break;
      case "chat":
        this.#merge(event.key, event.chat);
        break;
      case "clock":
        this.setClock(event);
        break;
      case "reset":
        this.connect();
        break;
    }
  }

  setClock(clock) {
    this.clock.set(clock);
    this.#tell("clock");
    this.tick();
  }

  /** Ask for the next event again: it changes when people act, and when it is past. */
  #askTimeSoon() {
    this.#asking ??= setTimeout(async () => {
      const before = this.clock.now();
      const clock = await api.time().catch(() => null);
      this.#asking = null;
      if (clock && Date.parse(clock.now) >= before.getTime() - 1000) this.setClock(clock);
    }, CLOCK_MILLISECONDS);
  }

  /** Update what depends on the time, every second; on a new day the day labels too. */
  tick() {
    this.#tell("tick");
    if (this.clock.nextEvent && this.clock.nextEvent <= this.clock.now()) this.#askTimeSoon();
    const day = this.clock.dayKey(this.clock.now());
    if (this.#day && day !== this.#day)
      for (const key of this.chats.keys()) this.#tell(`messages/${key}`);
    this.#day = day;
  }

  #keysOf(chatId) {
    return [...this.chats.keys()].filter((key) => key.endsWith(`:${chatId}`));
  }

  #upsert(chatId, message) {
    const keys = this.#keysOf(chatId);
    if (keys.length === 0) this.connect();
    for (const key of keys) {
      const { messages } = this.chats.get(key);
      const known = messages.findIndex((other) => other.message_id === message.message_id);
      if (known >= 0) messages[known] = message;
      else
        messages.splice(
          messages.findLastIndex((other) => other.message_id < message.message_id) + 1,
          0,
          message,
        );
      if (message.from?.id === this.bot.id) this.#clearAction(key);
      this.#tell(`messages/${key}`);
      if (known < 0) this.#tell(`arrived/${key}`, message);
    }
  }

  #remove(chatId, messageId) {
    for (const key of this.#keysOf(chatId)) {
      const chat = this.chats.get(key);
      chat.messages = chat.messages.filter((message) => message.message_id !== messageId);
      this.#tell(`messages/${key}`);
    }
  }

  #merge(key, fields) {
    const chat = this.chats.get(key);
    if (!chat) return this.connect();
    const { messages: _unchanged, ...rest } = fields;
    Object.assign(chat, rest);
    this.#tell(`chat/${key}`);
  }

  /** Telegram shows an action for some five seconds, or until the bot's message is there. */
  #setAction(chatId, action) {
    for (const key of this.#keysOf(chatId)) {
      this.#clearAction(key);
      if (!action) continue;
      this.chats.get(key).action = action;
      this.#letActionPass(key);
      this.#tell(`chat/${key}`);
    }
  }

  #letActionPass(key) {
    clearTimeout(this.#actionTimers.get(key));
    const timer = setTimeout(() => this.#clearAction(key), ACTION_MILLISECONDS);
    this.#actionTimers.set(key, timer);
  }

  #clearAction(key) {
    clearTimeout(this.#actionTimers.get(key));
    const chat = this.chats.get(key);
    if (!chat?.action) return;
    chat.action = null;
    this.#tell(`chat/${key}`);
  }

  /** Press an inline button; it counts as waiting until the bot has answered the callback. */
  async press(at, messageId, data) {
    const key = keyOf(at.user_id, at.chat_id);
    const press = pressKey(key, messageId, data);
    if (this.#presses.has(press)) return;
    this.#presses.set(press, null);
    this.#tell(`waiting/${key}`);
    try {
      const { callback_id: callbackId } = await api.press(at, messageId, data);
      if (this.#answered.delete(callbackId)) return this.#release(press);
      this.#presses.set(press, callbackId);
      setTimeout(
        () => this.#presses.get(press) === callbackId && this.#release(press),
        UNANSWERED_MILLISECONDS,
      );
    } catch (error) {
      this.#release(press);
      throw error;
    }
  }

  isWaiting(key, messageId, data) {
    return this.#presses.has(pressKey(key, messageId, data));
  }

  #settle(callbackId) {
    const press = [...this.#presses].find(([, id]) => id === callbackId)?.[0];
    if (press) this.#release(press);
    else this.#answered.add(callbackId);
  }

  #release(press) {
    this.#presses.delete(press);
    this.#tell(`waiting/${press.slice(0, press.indexOf("/"))}`);
  }
}
