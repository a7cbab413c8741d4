"""Summaries of notes: requested, made, judged (SPEC 4)."""
