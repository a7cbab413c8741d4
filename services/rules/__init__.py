"""What is allowed. Pure: standard library and `models.enums` only; time comes in as a value."""
