"""Reasons for which a backup is not made, restored or moved."""


class BackupError(Exception):
    """A backup, a restore or a move was not done; the text is one line that says why."""
