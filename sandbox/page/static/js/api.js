/** The page's side of the sandbox's HTTP interface. A refusal becomes an Error with the server's words. */

async function send(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Error("The sandbox does not answer. Is it still running?");
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.error ?? `The sandbox answered ${response.status}.`);
  return body;
}

const post = (path, fields) =>
  send(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(fields),
  });

export const api = {
  state: () => send("/api/state"),

  message: (at, text, replyTo = null) =>
    post("/api/message", { ...at, text, ...(replyTo ? { reply_to_message_id: replyTo } : {}) }),

  edit: (at, messageId, text) => post("/api/edit", { ...at, message_id: messageId, text }),

  location: (at, latitude, longitude) => post("/api/location", { ...at, latitude, longitude }),

  press: (at, messageId, data) => post("/api/press", { ...at, message_id: messageId, data }),

  start: (userId, payload = null) =>
    post("/api/start", { user_id: userId, ...(payload ? { payload } : {}) }),

  block: (userId, blocked) => post("/api/block", { user_id: userId, blocked }),

  app: (userId, isDark) => post("/api/app", { user_id: userId, is_dark: isDark }),

  clock: (step) => post("/api/clock", step),

  time: () => send("/api/clock"),

  /** Somebody new opens the bot by a link; their phone joins the others. */
  newPhone: (title, subtitle, payload) => post("/api/phones", { title, subtitle, payload }),

  /** `files` may be several photos, documents, sound files or videos: they become one album. */
  upload: (at, kind, files, { caption = "", duration = null, replyTo = null } = {}) => {
    const form = new FormData();
    form.set("user_id", at.user_id);
    form.set("chat_id", at.chat_id);
    form.set("kind", kind);
    if (caption) form.set("caption", caption);
    if (duration !== null) form.set("duration", Math.round(duration));
    if (replyTo) form.set("reply_to_message_id", replyTo);
    for (const file of files) form.append("file", file, file.name);
    return send("/api/upload", { method: "POST", body: form });
  },
};

/**
 * Follow the sandbox's events from `after` on. Returns a function that stops. `onLost` is called once
 * when the stream breaks: the caller then loads the state again, since events may have been missed.
 */
export function follow(after, onEvent, onLost) {
  const source = new EventSource(`/api/events?after=${encodeURIComponent(after)}`);
  source.onmessage = (message) => onEvent(JSON.parse(message.data));
  source.onerror = () => {
    source.close();
    onLost();
  };
  return () => source.close();
}
