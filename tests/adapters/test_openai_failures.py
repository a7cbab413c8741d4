"""Whatever a model or its server does, the caller hears in time whether to try again (SPEC 4)."""

import asyncio
import json
import traceback
from collections.abc import AsyncIterator
from typing import Any

import pytest
from openai.types.chat import ChatCompletion
from openai.types.responses import Response as OpenAiResponse
from starlette.responses import JSONResponse, PlainTextResponse, Response

from services.adapters.openai_client import OpenAiClient
from services.adapters.openai_summariser import OpenAiSummariser
from services.adapters.openai_transcriber import OpenAiTranscriber
from services.ports import ModelUnavailableError, ModelUnusableError, Recording
from tests.contracts.test_summariser import DRAFT, REQUEST
from tests.openai_server import (
    KEY,
    MODEL,
    ScriptedModel,
    completion,
    error,
    message,
    refusal,
    response,
    running,
)
from tests.recorded_logs import debug_logs

WHOLE = json.dumps(DRAFT)
HALF = WHOLE[: len(WHOLE) // 2]


@pytest.fixture
async def server() -> AsyncIterator[ScriptedModel]:
    async with running(ScriptedModel()) as scripted:
        scripted.text = WHOLE
        yield scripted


@pytest.fixture
async def chat_server() -> AsyncIterator[ScriptedModel]:
    async with running(ScriptedModel(only_chat=True)) as scripted:
        scripted.text = WHOLE
        yield scripted


async def summarise(base_url: str) -> None:
    summariser = OpenAiSummariser(OpenAiClient(KEY, base_url), MODEL)
    try:
        async with asyncio.timeout(20):
            await summariser.summarise(REQUEST)
    finally:
        await summariser.close()


async def unavailable(server: ScriptedModel, fault: Response) -> ModelUnavailableError:
    server.faults = [fault]
    with pytest.raises(ModelUnavailableError) as raised:
        await summarise(server.base_url)
    return raised.value


async def unusable(server: ScriptedModel, fault: Response) -> str:
    server.faults = [fault]
    with pytest.raises(ModelUnusableError) as raised:
        await summarise(server.base_url)
    return str(raised.value)


def test_the_scripted_server_speaks_as_the_vendor_documents() -> None:
    OpenAiResponse.model_validate(response(WHOLE))
    OpenAiResponse.model_validate(refusal())
    ChatCompletion.model_validate(completion(WHOLE))


# ----------------------------------------------------------------------------- to be tried later


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 529])
async def test_a_server_in_trouble_is_to_be_asked_later(server: ScriptedModel, status: int) -> None:
    told = await unavailable(server, error(status, "overloaded"))

    assert str(told) == f"{status} overloaded"
    assert told.retry_after is None
    assert server.paths == ["/v1/responses"]  # once: trying again is the caller's


@pytest.mark.parametrize("code", ["server_error", "rate_limit_exceeded"])
async def test_an_answer_that_failed_for_the_servers_own_reasons_is_to_be_asked_for_later(
    server: ScriptedModel, code: str
) -> None:
    failed = response("", status="failed", output=[], error={"code": code, "message": "Emily"})

    assert str(await unavailable(server, JSONResponse(failed))) == code


@pytest.mark.parametrize(
    "answer",
    [
        PlainTextResponse("<html>sign in to the wireless network</html>"),
        PlainTextResponse("{", media_type="application/json"),
        JSONResponse([]),
        JSONResponse({"output": "fine"}),
        JSONResponse(None),
    ],
)
async def test_what_is_no_answer_of_this_api_at_all_is_the_servers_trouble(
    server: ScriptedModel, answer: Response
) -> None:
    assert str(await unavailable(server, answer)) == "no answer of this API"


async def test_no_choice_in_a_chat_is_the_servers_trouble(chat_server: ScriptedModel) -> None:
    nothing = completion(WHOLE) | {"choices": []}

    told = await unavailable(chat_server, JSONResponse(nothing))

    assert str(told) == "no answer of this API"


# ------------------------------------------------------------------------- for the operator to mend


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (401, "invalid_api_key"),
        (402, "insufficient_credits"),
        (403, "unsupported_country"),
        (404, "model_not_found"),
    ],
)
async def test_wrong_settings_are_logged_for_the_operator_without_a_secret(
    server: ScriptedModel, status: int, code: str
) -> None:
    with debug_logs() as told:
        raised = await unavailable(server, error(status, code))

    assert str(raised) == f"{status} {code}"
    assert f"event='model_settings_refused' reason='{status} {code}'" in told.getvalue()
    assert told.getvalue().count("\n") == 1
    assert KEY not in told.getvalue()
    assert "Emily" not in told.getvalue()
    assert server.paths == ["/v1/responses"]


async def test_an_address_with_neither_way_of_asking_is_logged_once(server: ScriptedModel) -> None:
    with debug_logs() as told, pytest.raises(ModelUnavailableError, match="404"):
        await summarise(server.base_url.replace("/v1", "/v2"))

    assert told.getvalue().count("model_settings_refused") == 1


async def test_a_server_that_has_only_chat_is_nothing_to_log(chat_server: ScriptedModel) -> None:
    with debug_logs() as told:
        await summarise(chat_server.base_url)

    assert told.getvalue() == ""


async def test_chat_that_failed_once_is_not_taken_for_the_only_way(
    chat_server: ScriptedModel,
) -> None:
    chat_server.faults = [error(503, "overloaded")]
    summariser = OpenAiSummariser(OpenAiClient(KEY, chat_server.base_url), MODEL)
    with pytest.raises(ModelUnavailableError):
        await summariser.summarise(REQUEST)
    await summariser.summarise(REQUEST)
    await summariser.close()

    assert chat_server.paths == ["/v1/responses", "/v1/chat/completions"] * 2


# ----------------------------------------------------------------------------------- of no use


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (refusal(), "refused"),
        (
            response(HALF, status="incomplete", incomplete_details={"reason": "max_output_tokens"}),
            "truncated",
        ),
        (
            response("", status="incomplete", incomplete_details={"reason": "content_filter"}),
            "filtered",
        ),
        (response("", status="incomplete"), "truncated"),
        (response(HALF), "malformed"),
        (response("The session went well."), "malformed"),
        (response(json.dumps(DRAFT | {"topics": None})), "malformed"),
        (response("[]"), "malformed"),
        (response(""), "empty"),
        (response(" \n"), "empty"),
        (response("", output=[]), "empty"),
        ({}, "empty"),
        (
            response("", status="failed", error={"code": "invalid_prompt", "message": "Emily"}),
            "failed",
        ),
    ],
)
async def test_an_answer_of_no_use_is_told_in_a_word(
    server: ScriptedModel, answer: dict[str, Any], reason: str
) -> None:
    assert await unusable(server, JSONResponse(answer)) == reason


@pytest.mark.parametrize("field", DRAFT)
async def test_no_field_of_the_form_may_be_missing(server: ScriptedModel, field: str) -> None:
    rest = {name: value for name, value in DRAFT.items() if name != field}

    assert await unusable(server, JSONResponse(response(json.dumps(rest)))) == "malformed"


async def test_a_level_that_there_is_not_is_malformed(server: ScriptedModel) -> None:
    wrong = DRAFT | {"engagement": {"level": "very high", "statement": "", "evidence": []}}

    assert await unusable(server, JSONResponse(response(json.dumps(wrong)))) == "malformed"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (completion(None, refused=True), "refused"),
        (completion(HALF, finish_reason="length"), "truncated"),
        (completion(HALF, finish_reason="content_filter"), "filtered"),
        (completion(HALF), "malformed"),
        (completion(""), "empty"),
        (completion(None), "empty"),
    ],
)
async def test_an_answer_of_no_use_in_a_chat_is_told_in_the_same_words(
    chat_server: ScriptedModel, answer: dict[str, Any], reason: str
) -> None:
    assert await unusable(chat_server, JSONResponse(answer)) == reason


@pytest.mark.parametrize("status", [400, 413, 422])
async def test_a_question_that_the_server_does_not_take_is_of_no_use(
    server: ScriptedModel, status: int
) -> None:
    assert await unusable(server, error(status, "too_large")) == f"{status} too_large"


async def test_an_answer_that_comes_in_pieces_is_put_together(server: ScriptedModel) -> None:
    reasoning = {"id": "rs_1", "type": "reasoning", "summary": []}
    pieces = [
        message({"type": "output_text", "text": piece, "annotations": []})
        for piece in (HALF, WHOLE.removeprefix(HALF))
    ]
    server.faults = [JSONResponse(response("", output=[reasoning, *pieces]))]

    await summarise(server.base_url)


# -------------------------------------------------------------------------------- what is told


@pytest.mark.parametrize(
    "fault", [error(400, "bad"), error(401, "bad"), error(500, "bad"), JSONResponse(response(HALF))]
)
async def test_neither_the_log_nor_a_traceback_tells_the_key_or_the_notes(
    server: ScriptedModel, fault: Response
) -> None:
    server.faults = [fault]
    with debug_logs() as told, pytest.raises((ModelUnavailableError, ModelUnusableError)) as raised:
        await summarise(server.base_url)

    shown = told.getvalue() + "".join(traceback.format_exception(raised.value))
    assert KEY not in shown
    assert "Emily" not in shown
    assert "fractions" not in shown


async def test_success_is_nothing_to_log(server: ScriptedModel) -> None:
    server.transcript = "Fractions went well."
    with debug_logs() as told:
        await summarise(server.base_url)
        transcriber = OpenAiTranscriber(OpenAiClient(KEY, server.base_url), MODEL)
        await transcriber.transcribe(Recording(b"OggS", "memo.oga", "audio/ogg"))
        await transcriber.close()

    assert told.getvalue() == ""
