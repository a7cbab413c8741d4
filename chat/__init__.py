"""What Telegram shows: context, callback codecs, cards, keyboards, sender."""
