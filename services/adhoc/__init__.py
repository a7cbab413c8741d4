"""Extra sessions that a tutor logs afterwards, several in one go (SPEC 7)."""
