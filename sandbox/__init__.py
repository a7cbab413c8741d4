"""A local stand-in for Telegram: a Bot API server over HTTP and a chat page to use it by hand."""
