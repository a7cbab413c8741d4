"""Files are fetched within a time, and tried again after longer and longer pauses (SPEC 4, 5)."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from models.enums import PartKind
from services.media import fetching
from services.media.fetching import PAUSES, fetch, next_try
from services.ports import FileUnavailableError
from tests.builders import NOW


class Stuck:
    """A source that gives the first bytes of a file and never any more."""

    def __init__(self) -> None:
        self.closed = False

    async def open(self, telegram_file_id: str) -> AsyncIterator[bytes]:
        try:
            yield telegram_file_id.encode()
            await asyncio.Event().wait()
        finally:
            self.closed = True


async def test_a_file_that_never_ends_is_given_up_for_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "WITHIN_SECONDS", 0.02)
    source = Stuck()

    with pytest.raises(FileUnavailableError):
        await fetch(source, "photo", PartKind.PHOTO, None)

    assert source.closed


@pytest.mark.parametrize(
    ("failed_tries", "pause"),
    [
        (0, timedelta(seconds=10)),
        (1, timedelta(minutes=1)),
        (2, timedelta(minutes=5)),
        (3, timedelta(minutes=30)),
        (4, timedelta(minutes=30)),
        (90, timedelta(minutes=30)),
    ],
)
def test_pauses_grow_and_the_last_one_repeats(failed_tries: int, pause: timedelta) -> None:
    assert next_try(failed_tries, NOW) == NOW + pause
    assert pause in PAUSES
