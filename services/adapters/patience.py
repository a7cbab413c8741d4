"""How long a remote store is waited for."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Patience:
    """How long an answer is waited for, and how often it is asked for."""

    connect_seconds: float = 5
    """Also for every 16 KiB of an upload to leave."""
    read_seconds: float = 20
    """For the answer to begin, and between any two pieces of it."""
    tries: int = 3
    """Where the connection fails, or the answer is 429 or 5xx; a second or two apart."""
