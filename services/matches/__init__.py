"""Matches: offered, answered, booked, changed and ended (SPEC 7)."""
