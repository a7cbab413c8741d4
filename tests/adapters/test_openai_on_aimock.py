"""The adapters against a server that others wrote after the vendor's API, where it is installed.

`npm install --global @copilotkit/aimock` brings it; a run without it leaves this file out.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.adapters.openai_client import OpenAiClient
from services.adapters.openai_summariser import OpenAiSummariser
from services.adapters.openai_transcriber import OpenAiTranscriber
from services.ports import ModelUnavailableError, ModelUnusableError, Recording, Transcript
from services.rules.summaries import checked
from tests.adapters.conftest import AIMOCK
from tests.contracts.test_summariser import DRAFT, REQUEST, SOURCES
from tests.openai_server import KEY, MODEL, TRANSCRIBER

FIXTURES = [
    {"match": {"endpoint": "chat", "model": MODEL}, "response": {"content": json.dumps(DRAFT)}},
    {
        "match": {"endpoint": "chat", "model": "gpt-chatty"},
        "response": {"content": "It went well, dear parents."},
    },
    {
        "match": {"endpoint": "chat", "model": "gpt-busy"},
        "response": {"error": {"message": "busy", "type": "rate_limit_error"}, "status": 429},
    },
    {
        "match": {"endpoint": "transcription"},
        "response": {"transcription": {"text": "Fractions went well."}},
    },
]


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[OpenAiClient]:
    fixtures = tmp_path / "fixtures.json"
    fixtures.write_text(json.dumps({"fixtures": FIXTURES}), encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        *(AIMOCK, "--port", "0", "--fixtures", str(fixtures), "--strict"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdout
    try:
        async with asyncio.timeout(30):
            while not (found := re.search(rb"http://[\d.]+:\d+", await process.stdout.readline())):
                pass
        opened = OpenAiClient(KEY, f"{found[0].decode()}/v1")
        yield opened
        await opened.close()
    finally:
        process.terminate()
        await process.communicate()


async def test_a_draft_comes_through_the_check_as_it_is(client: OpenAiClient) -> None:
    reply = await OpenAiSummariser(client, MODEL).summarise(REQUEST)

    assert checked(reply.draft, SOURCES, REQUEST.appointment_id) == reply.draft
    assert not reply.draft.is_empty
    assert reply.model == MODEL


async def test_prose_is_of_no_use(client: OpenAiClient) -> None:
    with pytest.raises(ModelUnusableError, match="malformed"):
        await OpenAiSummariser(client, "gpt-chatty").summarise(REQUEST)


async def test_a_busy_server_is_to_be_asked_later(client: OpenAiClient) -> None:
    with pytest.raises(ModelUnavailableError, match="429"):
        await OpenAiSummariser(client, "gpt-busy").summarise(REQUEST)


async def test_a_recording_is_written_down(client: OpenAiClient) -> None:
    memo = Recording(b"OggS opus", "memo.oga", "audio/ogg")

    transcript = await OpenAiTranscriber(client, TRANSCRIBER).transcribe(memo)

    assert transcript == Transcript("Fractions went well.", TRANSCRIBER)
