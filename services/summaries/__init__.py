"""Summaries of notes: asked for, made, judged (SPEC 4)."""
