"""Guesses at secret addresses and tokens, limited by where they come from (SPEC 10)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from starlette.requests import Request

from services.rules.refusals.links import AppForged, SignInUnknown, TooManyGuesses
from services.rules.refusals.sessions import NotFound

MOST = 60
"""Wrong ones from one address within `WITHIN`; each costs a look into the database."""
WITHIN = timedelta(minutes=10)
REMEMBERED = 10_000
"""Addresses that are remembered at once; the oldest is forgotten first."""
WRONG = (SignInUnknown, AppForged, NotFound)


class Guesses:
    """Wrong secrets of the last minutes, by the address from which they came."""

    def __init__(self) -> None:
        self._wrong: dict[str, list[datetime]] = {}

    @contextmanager
    def limited(self, request: Request, now: datetime) -> Iterator[None]:
        """Look at a secret within the block, which a wrong one leaves as refused.

        Refused: TooManyGuesses, before it is looked at, where too many were wrong.
        """
        place = request.client.host if request.client else ""
        if len(self._of(place, now)) >= MOST:
            raise TooManyGuesses
        try:
            yield
        except WRONG:
            wrong = self._of(place, now)
            wrong.append(now)
            self._wrong.pop(place, None)
            self._wrong[place] = wrong
            if len(self._wrong) > REMEMBERED:
                del self._wrong[next(iter(self._wrong))]
            raise

    def _of(self, place: str, now: datetime) -> list[datetime]:
        return [at for at in self._wrong.get(place, ()) if at > now - WITHIN]
