"""Accounts, invitations and signing in (SPEC 1, 9, 10)."""
