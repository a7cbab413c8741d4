"""Places in the coordinators' list of sessions, as addresses name them (SPEC 10)."""

import re
from datetime import UTC, datetime
from typing import NamedTuple

_PLACE = re.compile(r"(\d{8}T\d{6})\.(\d{1,9})\.(\d{8}T\d{6})", re.ASCII)
_INSTANT = "%Y%m%dT%H%M%S"


class Place(NamedTuple):
    """Place in the list: a session's start, its id, and the instant from which the list looks."""

    starts_at: datetime
    id: int
    seen_at: datetime

    @property
    def is_ahead(self) -> bool:
        """Whether the session was to come then."""
        return self.starts_at >= self.seen_at

    def __str__(self) -> str:
        start, seen = (f"{at.astimezone(UTC):{_INSTANT}}" for at in (self.starts_at, self.seen_at))
        return f"{start}.{self.id}.{seen}"

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """Place that an address names; None where it is none."""
        found = _PLACE.fullmatch(text)
        if found is None:
            return None
        try:
            start, seen = (
                datetime.strptime(one, _INSTANT).replace(tzinfo=UTC) for one in (found[1], found[3])
            )
        except ValueError:
            return None
        return cls(start, int(found[2]), seen)
