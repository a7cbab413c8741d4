"""Rules: what is allowed. Pure: standard library and `models.enums` only; time is passed in."""
