"""Days without sessions: what is booked then, and what becomes of it (SPEC 7)."""
