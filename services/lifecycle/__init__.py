"""Lifecycle: a session's status, people and open requests, and how they change."""
