"""Summaries by a model behind OpenAI's API (SPEC 4).

OpenAI itself uses `/responses`; many servers with its API have only `/chat/completions`. Both are
asked for the same structure, without tools.
"""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.enums import SummarySource
from services.adapters.missing_path import NoSuchPathError
from services.adapters.openai_client import NUL, OpenAiClient
from services.adapters.summary_draft import Draft, Reading
from services.adapters.summary_prompt import PROMPT_VERSION
from services.adapters.summary_question import Question, ShownFile, question_for
from services.ports import (
    ModelUnavailableError,
    ModelUnusableError,
    SummaryReply,
    SummaryRequest,
)

if TYPE_CHECKING:
    from openai import AsyncOpenAI
    from openai.types.chat import ChatCompletionContentPartParam
    from openai.types.responses import Response, ResponseInputContentParam

BUSY = frozenset({"server_error", "rate_limit_exceeded"})
"""Error codes of an answer that failed through no fault of the question."""
BROKEN_OFF = {"content_filter": "filtered"}


@dataclass(frozen=True)
class _Answer:
    draft: Draft
    model: str | None
    input_tokens: int
    output_tokens: int


class OpenAiSummariser:
    """Asks `model` for a draft; the texts of its errors are single words or HTTP statuses."""

    source = SummarySource.MODEL

    def __init__(self, client: OpenAiClient, model: str) -> None:
        self._client = client
        self._model = model
        self._only_chat = False

    async def summarise(self, request: SummaryRequest) -> SummaryReply:
        question = await asyncio.to_thread(question_for, request)
        answer = await self._answer(question)
        return SummaryReply(
            draft=answer.draft.summary(),
            readings=_readings(answer.draft.readings, question.files),
            model=answer.model or self._model,
            prompt_version=PROMPT_VERSION,
            input_tokens=answer.input_tokens,
            output_tokens=answer.output_tokens,
        )

    async def close(self) -> None:
        """Close the connections; call it when no call is under way."""
        await self._client.close()

    async def _answer(self, question: Question) -> _Answer:
        if not self._only_chat:
            try:
                return await self._client.ask(
                    lambda client: _responses(client, self._model, question),
                    file_bytes=question.file_bytes,
                    path_may_be_missing=True,
                )
            except NoSuchPathError:
                pass
        answer = await self._client.ask(
            lambda client: _chat(client, self._model, question), file_bytes=question.file_bytes
        )
        self._only_chat = True
        return answer


async def _responses(client: "AsyncOpenAI", model: str, question: Question) -> _Answer:
    response = await client.responses.parse(
        model=model,
        instructions=question.instructions,
        input=[{"role": "user", "content": _response_content(question)}],
        text_format=Draft,
        parse_as=None,  # checked for completeness first
        store=False,
    )
    _require_whole(response)
    usage = response.usage
    return _Answer(
        Draft.model_validate_json(response.output_text),
        response.model,
        usage.input_tokens if usage else 0,
        usage.output_tokens if usage else 0,
    )


def _response_content(question: Question) -> "list[ResponseInputContentParam]":
    content: list[ResponseInputContentParam] = [{"type": "input_text", "text": question.notes}]
    for file in question.files:
        content.append({"type": "input_text", "text": file.label})
        if file.is_pdf:
            content.append(
                {"type": "input_file", "filename": file.name, "file_data": file.data_url()}
            )
        else:
            content.append({"type": "input_image", "image_url": file.data_url(), "detail": "auto"})
    return content


def _require_whole(response: "Response") -> None:
    """Raise unless the answer is complete; a server that gives no status is trusted."""
    if response.error:
        if response.error.code in BUSY:
            raise ModelUnavailableError(response.error.code)
        raise ModelUnusableError("failed")
    if response.status == "incomplete":
        reason = response.incomplete_details and response.incomplete_details.reason
        raise ModelUnusableError(BROKEN_OFF.get(reason or "", "truncated"))
    kinds = {
        content.type
        for item in response.output
        if item.type == "message"
        for content in item.content
    }
    if "refusal" in kinds:
        raise ModelUnusableError("refused")
    if not response.output_text.strip():
        raise ModelUnusableError("empty")


async def _chat(client: "AsyncOpenAI", model: str, question: Question) -> _Answer:
    completion = await client.chat.completions.parse(
        model=model,
        messages=[
            {"role": "system", "content": question.instructions},
            {"role": "user", "content": _chat_content(question)},
        ],
        response_format=Draft,
        store=False,
    )
    message = completion.choices[0].message
    if message.refusal:
        raise ModelUnusableError("refused")
    if message.parsed is None:
        raise ModelUnusableError("empty")
    usage = completion.usage
    return _Answer(
        message.parsed,
        completion.model,
        usage.prompt_tokens if usage else 0,
        usage.completion_tokens if usage else 0,
    )


def _chat_content(question: Question) -> "list[ChatCompletionContentPartParam]":
    content: list[ChatCompletionContentPartParam] = [{"type": "text", "text": question.notes}]
    for file in question.files:
        content.append({"type": "text", "text": file.label})
        if file.is_pdf:
            content.append(
                {"type": "file", "file": {"filename": file.name, "file_data": file.data_url()}}
            )
        else:
            content.append(
                {"type": "image_url", "image_url": {"url": file.data_url(), "detail": "auto"}}
            )
    return content


def _readings(readings: Iterable[Reading], files: Iterable[ShownFile]) -> Mapping[int, str]:
    """Readings of the files that were shown; the model cannot know about other parts."""
    shown = {file.part_id for file in files}
    return {one.part_id: one.text.replace(NUL, "") for one in readings if one.part_id in shown}
