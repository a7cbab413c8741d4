"""Handlers of single updates: one use case, one reply."""
