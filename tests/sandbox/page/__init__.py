"""The chat page, tried over HTTP and in a real browser."""
