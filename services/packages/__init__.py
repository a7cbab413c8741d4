"""Packages of prepaid sessions, and their ledger (SPEC 7)."""
