"""Reminders: who is told what, and when; each is written only once (SPEC 8)."""
