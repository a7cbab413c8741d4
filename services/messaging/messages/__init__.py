"""Kinds of outbox messages, one small dataclass each, by noun."""
