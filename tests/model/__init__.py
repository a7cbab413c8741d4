"""A plain model of a session's life, and the real services driven against it (SPEC 2, 3, 5, 6)."""
