"""Outbox messages put into words, one function a kind."""
