"""A server that speaks OpenAI's API for the tests, on loopback: it answers as it is scripted."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

KEY = "sk-test-0123456789abcdef"
MODEL = "gpt-scripted"
TRANSCRIBER = "gpt-scripted-transcribe"
NAMED = "gpt-scripted-2026-11-01"
"""What the server calls the model in its answers."""

Json = dict[str, Any]


def response(text: str, **over: Any) -> Json:
    """What `/responses` answers with."""
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": 1_780_000_000,
        "status": "completed",
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "metadata": {},
        "model": NAMED,
        "output": [message({"type": "output_text", "text": text, "annotations": []})],
        "parallel_tool_calls": True,
        "temperature": 1.0,
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1.0,
        "usage": {
            "input_tokens": 120,
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens": 40,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": 160,
        },
    } | over


def message(content: Json) -> Json:
    """One item of what a response puts out."""
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "status": "completed",
        "content": [content],
    }


def refusal() -> Json:
    """A response in which the model refuses."""
    content = {"type": "refusal", "refusal": "I can't help with that."}
    return response("", output=[message(content)])


def completion(text: str | None, *, finish_reason: str = "stop", refused: bool = False) -> Json:
    """What `/chat/completions` answers with."""
    said = {"role": "assistant", "content": text, "refusal": "No." if refused else None}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_780_000_000,
        "model": NAMED,
        "choices": [
            {"index": 0, "message": said, "finish_reason": finish_reason, "logprobs": None}
        ],
        "usage": {"prompt_tokens": 120, "completion_tokens": 40, "total_tokens": 160},
    }


def error(status: int, code: str, *, headers: dict[str, str] | None = None) -> Response:
    """An error; its text quotes what was sent, as the vendor's texts do."""
    told = {"message": f"Wrong: {KEY} Emily", "type": "error", "param": None, "code": code}
    return JSONResponse({"error": told}, status, headers)


class ScriptedModel:
    """The server: `text` is what the model writes, `faults` come before it, one a request."""

    def __init__(self, *, only_chat: bool = False, lists_models: bool = True) -> None:
        self.text = ""
        self.transcript = ""
        self.faults: list[Response] = []
        self.asked: list[tuple[str, bytes]] = []
        self.base_url = ""
        self._only_chat = only_chat
        self._lists_models = lists_models

    @property
    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [path for path, _ in self.asked]

    def bodies(self) -> list[Json]:
        """What was sent, of requests in JSON."""
        return [json.loads(body) for _, body in self.asked if body.startswith(b"{")]

    def routes(self) -> list[Route]:
        return [
            Route("/v1/responses", self._responses, methods=["POST"]),
            Route("/v1/chat/completions", self._completions, methods=["POST"]),
            Route("/v1/audio/transcriptions", self._transcriptions, methods=["POST"]),
            Route("/v1/models", self._models),
            Route("/v1/models/{name:path}", self._model),
        ]

    async def _responses(self, request: Request) -> Response:
        fault = await self._fault(request)
        if self._only_chat:
            return Response(status_code=404)
        return fault or JSONResponse(response(self.text))

    async def _completions(self, request: Request) -> Response:
        return await self._fault(request) or JSONResponse(completion(self.text))

    async def _transcriptions(self, request: Request) -> Response:
        return await self._fault(request) or JSONResponse({"text": self.transcript})

    async def _models(self, request: Request) -> Response:
        if fault := await self._fault(request):
            return fault
        if not self._lists_models:
            return Response(status_code=404)
        return JSONResponse({"object": "list", "data": [_model(MODEL)]})

    async def _model(self, request: Request) -> Response:
        name = request.path_params["name"]
        known = {MODEL, "alias"}
        return JSONResponse(_model(name)) if name in known else error(404, "model_not_found")

    async def _fault(self, request: Request) -> Response | None:
        self.asked.append((request.url.path, await request.body()))
        if self._only_chat and request.url.path == "/v1/responses":
            return None
        if self.faults:
            return self.faults.pop(0)
        if request.headers["authorization"] != f"Bearer {KEY}":
            return error(401, "invalid_api_key")
        return None


def _model(name: str) -> Json:
    return {"id": name, "object": "model", "created": 1_780_000_000, "owned_by": "tests"}


@contextlib.asynccontextmanager
async def running(model: ScriptedModel) -> AsyncIterator[ScriptedModel]:
    """Serve on a free port until the block ends."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(Starlette(routes=model.routes()), log_config=None)
        server = uvicorn.Server(config)
        server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign,assignment]
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:
            if serving.done():
                await serving
            await asyncio.sleep(0.01)
        model.base_url = f"http://127.0.0.1:{listening.getsockname()[1]}/v1"
        try:
            yield model
        finally:
            server.should_exit = True
            await serving
