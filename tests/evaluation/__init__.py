"""How good summaries are: notes, what must hold of their summaries, and the measuring (SPEC 4)."""
