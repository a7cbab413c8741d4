"""Calendar feeds: their addresses, the sessions in them, and the file (SPEC 10)."""
