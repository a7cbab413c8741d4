"""The tables behind the bot: inbox, outbox, cards, conversations (DESIGN 2, 5 to 7)."""
