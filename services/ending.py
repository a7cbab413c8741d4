"""Troubles after which this process may not go on (SPEC 11)."""

import asyncio
from typing import NoReturn


class MustEndError(Exception):
    """This process has to end; the text is one line that says why. Waiting does not help."""


class Ending:
    """The reason why this process has to end, once there is one."""

    def __init__(self) -> None:
        self._reason: MustEndError | None = None
        self._is_reported = asyncio.Event()

    @property
    def is_near(self) -> bool:
        """Whether there is a reason to end."""
        return self._reason is not None

    def report(self, reason: MustEndError) -> None:
        """Wake those who wait; the first reason is the one they are told."""
        if self._reason is None:
            self._reason = reason
            self._is_reported.set()

    async def wait(self) -> NoReturn:
        """Wait for a reason, and raise it."""
        await self._is_reported.wait()
        assert self._reason is not None  # noqa: S101 - set before the event
        raise self._reason
