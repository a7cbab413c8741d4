"""Records of what was sent, which wait for the database: else it would be sent again."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import structlog

from chat.slots import outside_slots
from services.database_errors import is_away
from services.error_place import place_of

logger = structlog.get_logger(__name__)

PAUSES = (0.1, 0.2, 0.5, 1.0, 2.0)
"""Seconds to wait after the first, second ... failure in a row; the last one for all others."""

Result = TypeVar("Result")


async def surely(
    write: Callable[[], Awaitable[Result]], pauses: Sequence[float] = PAUSES
) -> Result:
    """Write, however long the database is out of reach. Raises any other error."""
    failures = 0
    while True:
        try:
            return await write()
        except Exception as error:
            if not is_away(error):
                raise
            logger.warning("record_waits", error=place_of(error))
            with outside_slots():
                await asyncio.sleep(pauses[min(failures, len(pauses) - 1)])
            failures += 1
