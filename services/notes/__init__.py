"""Use cases of session notes and their files (SPEC 4)."""
