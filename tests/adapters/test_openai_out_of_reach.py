"""A model's server that is busy, slow, silent or gone is given up in time (SPEC 4)."""

import time
from datetime import timedelta

import pytest

from services.adapters.openai_client import OpenAiClient
from services.adapters.openai_summariser import OpenAiSummariser
from services.adapters.openai_transcriber import OpenAiTranscriber
from services.ports import ModelUnavailableError, Recording
from tests.contracts.test_summariser import REQUEST
from tests.openai_server import KEY, MODEL
from tests.raw_server import Answer, against, answering, hang, trickle

SOON = 0.5
"""Seconds, in which a call is given up here."""


async def summarise(server: str, *, seconds: float = 10) -> None:
    summariser = OpenAiSummariser(OpenAiClient(KEY, f"{server}/v1", seconds=seconds), MODEL)
    try:
        await summariser.summarise(REQUEST)
    finally:
        await summariser.close()


async def transcribe(server: str, content: bytes, *, seconds: float) -> None:
    transcriber = OpenAiTranscriber(OpenAiClient(KEY, f"{server}/v1", seconds=seconds), MODEL)
    try:
        await transcriber.transcribe(Recording(content, "memo.oga", "audio/ogg"))
    finally:
        await transcriber.close()


async def import_library() -> None:
    """So that its half second is not counted."""

    async def nothing(_: object) -> None:
        return None

    client = OpenAiClient(KEY)
    await client.ask(nothing)
    await client.close()


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ({}, None),
        ({"retry-after": "20"}, timedelta(seconds=20)),
        ({"retry-after": "0.5"}, timedelta(seconds=0.5)),
        ({"retry-after-ms": "1500", "retry-after": "9"}, timedelta(seconds=1.5)),
        (
            {
                "date": "Wed, 25 Nov 2026 07:00:00 GMT",
                "retry-after": "Wed, 25 Nov 2026 07:02:00 GMT",
            },
            timedelta(minutes=2),
        ),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "1e300"}, timedelta(days=1)),
    ],
)
async def test_a_server_that_is_busy_is_left_alone_as_long_as_it_asks(
    headers: dict[str, str], pause: timedelta | None
) -> None:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    answer = f"HTTP/1.1 429 Busy\r\n{lines}Connection: close\r\nContent-Length: 0\r\n\r\n"
    async with against(answering(answer.encode())) as server:
        with pytest.raises(ModelUnavailableError, match=r"^429$") as busy:
            await summarise(server)

    assert busy.value.retry_after == pause


@pytest.mark.parametrize("answer", [hang, trickle])
async def test_a_server_that_hangs_or_trickles_is_given_up_in_time(answer: Answer) -> None:
    await import_library()
    async with against(answer) as server:
        begun = time.monotonic()
        with pytest.raises(ModelUnavailableError, match=r"^timeout$"):
            await summarise(server, seconds=SOON)

    assert SOON <= time.monotonic() - begun < SOON + 2


@pytest.mark.parametrize(
    "said",
    [b"", b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"],
    ids=["before the answer", "within the answer"],
)
async def test_a_connection_that_is_cut_is_to_be_tried_again(said: bytes) -> None:
    async with against(answering(said)) as server:
        with pytest.raises(ModelUnavailableError, match=r"^connection$"):
            await summarise(server)


async def test_nobody_at_the_address_is_to_be_tried_again() -> None:
    async with against(hang) as server:
        pass
    with pytest.raises(ModelUnavailableError, match=r"^connection$"):
        await summarise(server)


async def test_a_long_recording_is_given_longer_than_a_short_one() -> None:
    await import_library()
    took = []
    for size in (1, 100_000):
        async with against(hang) as server:
            begun = time.monotonic()
            with pytest.raises(ModelUnavailableError, match=r"^timeout$"):
                await transcribe(server, bytes(size), seconds=SOON)
            took.append(time.monotonic() - begun)

    assert SOON <= took[0] < SOON + 1 <= took[1]
