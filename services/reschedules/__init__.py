"""Use cases of moving a session by agreement (SPEC 6)."""
