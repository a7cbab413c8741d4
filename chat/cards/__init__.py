"""Cards and lists: what Telegram shows of sessions, disputes, requests and summaries."""
