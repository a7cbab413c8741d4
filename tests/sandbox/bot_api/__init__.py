"""The Bot API of the sandbox, tried with a raw HTTP client and with python-telegram-bot."""
