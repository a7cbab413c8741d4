"""Reminders: who is told what, when; written once each, however often a sweep runs (SPEC 8)."""
