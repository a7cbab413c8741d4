"""Timeouts of a remote store."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Patience:
    """Timeouts in seconds, and the number of tries."""

    connect_seconds: float = 5
    """Also for every 16 KiB of an upload."""
    read_seconds: float = 20
    """Until the answer begins, and between two pieces of it."""
    tries: int = 3
    """After a failed connection, or an answer 429 or 5xx; a second or two apart."""
