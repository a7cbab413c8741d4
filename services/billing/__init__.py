"""Closing billing months, and what coordinators enter on statements (SPEC 7)."""
