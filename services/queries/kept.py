"""What takes long to count, kept until something is recorded (SPEC 8: reading changes nothing)."""

from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar

from services.db import Session
from services.queries.changes import Mark, newest

T = TypeVar("T")

MOST = 8
LASTS = timedelta(minutes=1)
"""For how long it is kept: longer than any transaction takes, whose event may become visible after
one with a higher id.
"""


class _Counted(NamedTuple):
    mark: Mark
    at: datetime
    result: Any


class Kept:
    """Results by what they are of; the oldest goes when there are too many."""

    def __init__(self) -> None:
        self._results: dict[Hashable, _Counted] = {}

    def get(self, session: Session, of: Hashable, now: datetime, count: Callable[[], T]) -> T:
        """The result of `count`: a former one, as long as nothing was recorded since."""
        mark, former = newest(session), self._results.get(of)
        if former and former.mark == mark and timedelta(0) <= now - former.at < LASTS:
            result: T = former.result
            return result
        result = count()
        self._results.pop(of, None)
        while len(self._results) >= MOST:
            self._results.pop(next(iter(self._results)), None)
        self._results[of] = _Counted(mark, now, result)
        return result
