"""Erasure of a person or a child: names and words go, the books still add up (SPEC 11)."""
