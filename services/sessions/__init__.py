"""Use cases of a session: attendance, cancelling, what coordinators do, replacements."""
