"""What is sent to have a recording written down, and what comes of it (SPEC 4)."""

from collections.abc import AsyncIterator
from email import message_from_bytes
from email.message import Message

import httpx2
import pytest
from starlette.responses import PlainTextResponse, Response

from services.adapters.openai_client import OpenAiClient
from services.adapters.openai_transcriber import OpenAiTranscriber
from services.ports import ModelUnavailableError, ModelUnusableError, Recording, Transcript
from tests.openai_server import KEY, TRANSCRIBER, ScriptedModel, error, running

MEMO = Recording(b"OggS\x00\xff opus", "Emily's memo.oga", "audio/ogg")


@pytest.fixture
async def server() -> AsyncIterator[ScriptedModel]:
    async with running(ScriptedModel()) as scripted:
        yield scripted


async def transcript(server: ScriptedModel) -> Transcript:
    transcriber = OpenAiTranscriber(OpenAiClient(KEY, server.base_url), TRANSCRIBER)
    try:
        return await transcriber.transcribe(MEMO)
    finally:
        await transcriber.close()


async def fields(recording: Recording) -> dict[str, Message]:
    """The form that is sent, by the names of its fields."""
    sent: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        sent.append(request)
        return httpx2.Response(200, json={"text": "Fractions."})

    async with httpx2.AsyncClient(transport=httpx2.MockTransport(answer)) as http_client:
        client = OpenAiClient(KEY, "https://model.test/v1", http_client=http_client)
        await OpenAiTranscriber(client, TRANSCRIBER).transcribe(recording)
    [request] = sent
    assert str(request.url) == "https://model.test/v1/audio/transcriptions"
    head = b"Content-Type: " + request.headers["content-type"].encode() + b"\r\n\r\n"
    form = message_from_bytes(head + request.content).get_payload()
    assert isinstance(form, list)
    parts = [part for part in form if isinstance(part, Message)]
    return {str(part.get_param("name", header="content-disposition")): part for part in parts}


async def test_the_recording_and_the_model_are_sent_and_nothing_else() -> None:
    form = await fields(MEMO)

    assert set(form) == {"model", "file"}
    assert form["model"].get_payload() == TRANSCRIBER
    assert form["file"].get_content_type() == "audio/ogg"
    assert form["file"].get_payload(decode=True) == MEMO.content


@pytest.mark.parametrize(
    ("file_name", "media_type", "sent_as"),
    [
        ("memo.oga", "audio/ogg", "recording.ogg"),
        ("Emily's homework.mp3", "audio/mpeg", "recording.mp3"),
        ("voice", "audio/mp4", "recording.m4a"),
        ("a.wave", "audio/wav", "recording.wav"),
        ("call.amr", "audio/amr", "recording.amr"),
        ("nameless", "audio/unheard-of", "recording.ogg"),
    ],
)
async def test_the_name_tells_the_kind_of_file_and_nothing_of_anybody(
    file_name: str, media_type: str, sent_as: str
) -> None:
    form = await fields(Recording(b"sound", file_name, media_type))

    assert form["file"].get_filename() == sent_as


@pytest.mark.parametrize(
    ("said", "written"),
    [
        (" We did fractions.\n", "We did fractions."),
        ("我们做了分数。", "我们做了分数。"),
        ("a\x00b", "ab"),
        ("", ""),
    ],
)
async def test_the_words_come_back_and_silence_has_none(
    server: ScriptedModel, said: str, written: str
) -> None:
    server.transcript = said

    assert await transcript(server) == Transcript(written, TRANSCRIBER)
    assert server.paths == ["/v1/audio/transcriptions"]


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (error(429, "busy", headers={"retry-after": "7"}), "429 busy"),
        (error(500, "down"), "500 down"),
        (error(401, "invalid_api_key"), "401 invalid_api_key"),
        (Response(status_code=404), "404"),
        (PlainTextResponse("sign in first"), "no answer of this API"),
    ],
)
async def test_a_server_in_trouble_is_to_be_asked_later(
    server: ScriptedModel, fault: Response, reason: str
) -> None:
    server.faults = [fault]

    with pytest.raises(ModelUnavailableError) as raised:
        await transcript(server)

    assert str(raised.value) == reason


async def test_a_recording_that_the_server_cannot_read_is_of_no_use(server: ScriptedModel) -> None:
    server.faults = [error(400, "invalid_audio")]

    with pytest.raises(ModelUnusableError, match=r"^400 invalid_audio$"):
        await transcript(server)
