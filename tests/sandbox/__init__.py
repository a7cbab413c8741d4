"""The sandbox, tried with a raw HTTP client, with python-telegram-bot, and by hand."""
