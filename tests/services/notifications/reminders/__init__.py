"""Reminders: to whom, when, and once each."""
