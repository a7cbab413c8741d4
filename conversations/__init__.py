"""Multi-step dialogues, one file each (DESIGN 2, idea 7)."""
