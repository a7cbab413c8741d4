"""The stand-in for Telegram's Bot API over HTTP: methods, texts, files, updates and limits."""
