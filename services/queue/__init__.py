"""Use cases of the coordinators' queue: put off, nudge, deliver again."""
