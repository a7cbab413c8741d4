"""Use cases after check-out: acknowledge, dispute, settle, report a problem (SPEC 5)."""
