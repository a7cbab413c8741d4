"""Who is told what, and when (SPEC 8)."""
