"""Connections of the HTTP server: how many there may be, and how long each may keep silent.

Whoever opens connections and asks nothing, or asks letter by letter, must not use up what the bot
needs itself: descriptors, for the database and for Telegram.
"""

import asyncio
import resource
import time
from typing import Any

import structlog
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

logger = structlog.get_logger(__name__)

HEADER_SECONDS = 10.0
"""Seconds from a connection's beginning, or from its last answer, until its next request has to be
here with all its headers."""
MOST_CONNECTIONS = 500
"""Connections at once. Browsers and proxies open new ones when they need them."""
BUSY_SECONDS = 60.0
"""Seconds after which a request under way may be ended to make room for a new connection."""
ENOUGH_DESCRIPTORS = 16_384
SILENCE_SECONDS = 60.0
"""Seconds between two lines in the log about the same trouble."""


class Connections:
    """Open connections of a server. One that begins at the limit closes the one least missed."""

    def __init__(
        self, most: int = MOST_CONNECTIONS, *, header_seconds: float = HEADER_SECONDS
    ) -> None:
        self._most = most
        self._header_seconds = header_seconds
        self._waiting: dict[LimitedProtocol, float] = {}
        """Connections whose next request is not here yet, with the times since when; in order."""
        self._busy: dict[LimitedProtocol, float] = {}
        """Connections whose request is being answered, with the times since when; in order."""
        self._logged = RarelyLogged("connections_at_limit")

    def protocol(self, **given: Any) -> "LimitedProtocol":
        """The protocol of a new connection, made as uvicorn makes its own."""
        return LimitedProtocol(self, **given)

    def waits(self, connection: "LimitedProtocol") -> None:
        """Record that a connection has begun, or was answered."""
        self._busy.pop(connection, None)
        if len(self._waiting) + len(self._busy) >= self._most:
            self._logged.error(most=self._most)
            given_up = self._least_missed() or connection
            self._close(given_up)
            if given_up is connection:
                return
        self._waiting[connection] = time.monotonic()

    def asks(self, connection: "LimitedProtocol") -> None:
        """Record that a request has come with all its headers."""
        if self._waiting.pop(connection, None) is not None:
            self._busy[connection] = time.monotonic()

    def ends(self, connection: "LimitedProtocol") -> None:
        """Forget a connection that is closed."""
        self._waiting.pop(connection, None)
        self._busy.pop(connection, None)

    async def keep_closing(self) -> None:
        """Close connections that wait for longer than they may, until cancelled."""
        while True:
            await asyncio.sleep(min(1.0, self._header_seconds / 4))
            limit = time.monotonic() - self._header_seconds
            for late in [one for one, since in self._waiting.items() if since < limit]:
                self._close(late)

    def _least_missed(self) -> "LimitedProtocol | None":
        """The connection that has waited longest; where all are busy, one busy for too long."""
        limit = time.monotonic() - BUSY_SECONDS
        late = (one for one, since in self._busy.items() if since < limit)
        return next(iter(self._waiting), None) or next(late, None)

    def _close(self, connection: "LimitedProtocol") -> None:
        self.ends(connection)
        connection.transport.abort()


class LimitedProtocol(H11Protocol):
    """Uvicorn's connection, which tells when it begins to wait, and when its request is here."""

    def __init__(self, among: Connections, **given: Any) -> None:
        super().__init__(**given)
        self._among = among

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._among.waits(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._among.ends(self)
        super().connection_lost(exc)

    def handle_events(self) -> None:
        super().handle_events()
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is not None and not cycle.response_complete:
            self._among.asks(self)

    def on_response_complete(self) -> None:
        if not self.transport.is_closing():
            self._among.waits(self)
        super().on_response_complete()


class RarelyLogged:
    """Error that is logged once a minute, however often it happens."""

    def __init__(self, event: str) -> None:
        self._event = event
        self._logged_at = float("-inf")

    def error(self, **values: object) -> None:
        """Log it, unless that was done within the last minute."""
        now = time.monotonic()
        if now >= self._logged_at + SILENCE_SECONDS:
            self._logged_at = now
            logger.error(self._event, **values)


def raise_descriptor_limit() -> int:
    """Raise the soft limit of open descriptors as far as is allowed and useful; the new limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = ENOUGH_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, ENOUGH_DESCRIPTORS)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return ENOUGH_DESCRIPTORS
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return wanted
