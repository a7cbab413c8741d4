"""Use cases of a session: attendance, cancelling, coordinators' changes, replacements."""
