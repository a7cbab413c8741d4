"""The Bot API's HTTP endpoints: read a call, check it, fail where planned, do it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from sandbox.bot_api.call import Call
from sandbox.bot_api.file_responses import file_response
from sandbox.bot_api.files import MAX_UPLOAD_BYTES
from sandbox.bot_api.methods.polling import get_updates
from sandbox.bot_api.methods.table import METHODS
from sandbox.bot_api.schema import checked_call, method_name
from sandbox.faults import DOWNLOADS, Fault
from sandbox.groups import upgrade_group
from sandbox.wire import ApiError, Json, PageError, Upload, too_many_requests
from sandbox.world import World

_STATUS_TEXTS = {500: "Internal Server Error", 502: "Bad Gateway", 504: "Gateway Timeout"}
_FORM_OVERHEAD_BYTES = 64 * 1024
_INSTEAD = ("page", "dropped_before")
_AFTER = ("unreadable", "other", "dropped_after")
_PAGE = "<html><body>This is no answer of Telegram's.</body></html>"


@dataclass(frozen=True)
class Answer:
    """The answer to a call: HTTP status and JSON body, or what comes in its place."""

    status: int
    body: Json
    in_place: Response | None = None


class AsciiJson(JSONResponse):
    """JSON as Telegram writes it: anything beyond ASCII is escaped, halves of pairs included."""

    def render(self, content: object) -> bytes:
        return json.dumps(content, separators=(",", ":")).encode("ascii")


class BotApi:
    """The endpoints `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def call(self, request: Request) -> Response:
        """Answer one call, with the error code as HTTP status."""
        method = request.path_params["method"]
        if request.path_params["token"] != self.world.token:
            return JSONResponse(ApiError("Unauthorized", 401).as_json(), 401)
        try:
            fields, uploads = await _read(request)
        except ApiError as error:
            return JSONResponse(error.as_json(), error.code)
        answer = await self.answer(method, fields, uploads)
        return answer.in_place or AsciiJson(answer.body, answer.status)

    async def answer(
        self, method: str, fields: Mapping[str, Any], uploads: Mapping[str, Upload]
    ) -> Answer:
        """Check, do and record a call."""
        call = Call(method, dict(fields), uploads)
        try:
            call = Call(method_name(method), dict(fields), uploads)
            fault = self.world.faults.take(call.method, _chat_of(self.world, fields))
            if fault is not None:
                await _before(self.world, fault)
                if fault.kind in _INSTEAD:
                    told = ApiError(f"{fault.kind}, for a test", fault.status).as_json()
                    answer = Answer(fault.status, told, _spoilt(fault, told))
                    self._record(call, answer)
                    return answer
            call = checked_call(call.method, fields, uploads)
            if fault is not None and fault.kind == "migrated":
                _migrate(self.world, call)
            answer = Answer(200, {"ok": True, "result": await self._do(call)})
            self._record(call, answer)
            if fault is not None and fault.kind == "timeout_after":
                await _hold(self.world, fault.seconds)
                return Answer(504, _error_json(504))
            if fault is not None and fault.kind in _AFTER:
                return Answer(200, answer.body, _spoilt(fault, answer.body))
        except ApiError as error:
            answer = Answer(error.code, error.as_json())
            self._record(call, answer)
        return answer

    async def perform(self, method: str, fields: Json) -> None:
        """Do a call that came in the answer to a webhook; its result is dropped."""
        await self.answer(method, fields, {})

    async def _do(self, call: Call) -> Any:
        if self.world.logged_out:
            raise ApiError("Logged out", 400)
        if call.method == "getUpdates":
            return await get_updates(self.world, call)
        method = METHODS.get(call.method)
        if method is None:
            raise ApiError(f"Not Implemented: the sandbox has no {call.method}", 501)
        with self.world.turn():
            return method(self.world, call)

    def _record(self, call: Call, answer: Answer) -> None:
        if call.method == "getUpdates" and answer.body.get("result") == []:
            return  # an idle poller would crowd out everything else
        self.world.calls.add(call, answer.status, answer.body, self.world.now())

    async def download(self, request: Request) -> Response:
        """Answer with the bytes of a file that `getFile` named."""
        if request.path_params["token"] != self.world.token:
            return JSONResponse(ApiError("Unauthorized", 401).as_json(), 401)
        stored = self.world.files.at_path(request.path_params["path"])
        if stored is None:
            return JSONResponse(ApiError("Not Found", 404).as_json(), 404)
        fault = self.world.faults.take(DOWNLOADS)
        try:
            if fault is not None:
                await _before(self.world, fault)
        except ApiError as error:
            return JSONResponse(error.as_json(), error.code)
        return file_response(self.world.files, stored, request)


def _chat_of(world: World, fields: Mapping[str, Any]) -> object:
    """The chat that a call is for; that of the tap, for an answer to one."""
    tap = world.taps.find(str(fields.get("callback_query_id")))
    return tap.chat_id if tap else fields.get("chat_id")


async def _read(request: Request) -> tuple[dict[str, Any], dict[str, Upload]]:
    fields: dict[str, Any] = dict(request.query_params)
    uploads: dict[str, Upload] = {}
    length = int(request.headers.get("content-length") or 0)
    if length > MAX_UPLOAD_BYTES + _FORM_OVERHEAD_BYTES:
        raise ApiError("Request Entity Too Large", 413)
    if request.headers.get("content-type", "").startswith("application/json"):
        fields |= _json_fields(await request.body())
    elif request.method == "POST":
        async with request.form(max_part_size=MAX_UPLOAD_BYTES, max_files=50) as form:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    uploads[name] = await _upload(value)
                else:
                    fields[name] = value
    return fields, uploads


def _json_fields(body: bytes) -> Json:
    try:
        fields = json.loads(body or b"{}")
    except ValueError:
        raise ApiError("can't parse JSON encoded request") from None
    if not isinstance(fields, dict):
        raise ApiError("can't parse JSON encoded request: expected an Object")
    return fields


async def _upload(value: UploadFile) -> Upload:
    data = await value.read()
    if len(data) > MAX_UPLOAD_BYTES:
        raise ApiError("Request Entity Too Large", 413)
    return Upload(value.filename or "file", value.content_type or "application/octet-stream", data)


async def _before(world: World, fault: Fault) -> None:
    """Apply a fault before the call; raises ApiError where the fault refuses it."""
    if fault.kind == "retry_after":
        raise too_many_requests(fault.retry_after)
    if fault.kind == "status":
        usual = _STATUS_TEXTS.get(fault.status, "Error")
        raise ApiError(fault.description or usual, fault.status)
    if fault.kind in {"delay", "timeout_before"}:
        await _hold(world, fault.seconds)
    if fault.kind == "timeout_before":
        raise ApiError("Gateway Timeout", 504)


def _spoilt(fault: Fault, body: Json) -> Response:
    """What comes in place of an answer: a page, other JSON, or the end of the connection."""
    if fault.kind == "page":
        return Response(_PAGE, fault.status, media_type="text/html")
    if fault.kind == "unreadable":
        whole = json.dumps(body)
        return Response(whole[: len(whole) // 2], media_type="application/json")
    if fault.kind == "other":
        return JSONResponse({"ok": True, "result": {}})
    return _CutOff()


class _CutOff(Response):
    """The beginning of a response, after which the server closes the connection."""

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        headers = [(b"content-length", b"1")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})


def _error_json(status: int) -> Json:
    return ApiError(_STATUS_TEXTS[status], status).as_json()


async def _hold(world: World, seconds: float) -> None:
    """Keep a caller waiting, but end when the server stops."""
    waited = 0.0
    while waited < seconds and not world.closing:
        step = min(0.1, seconds - waited)
        await asyncio.sleep(step)
        waited += step


def _migrate(world: World, call: Call) -> None:
    try:
        upgrade_group(world, int(call.fields.get("chat_id", 0)))
    except (PageError, ValueError):
        raise ApiError("the fault 'migrated' needs a call to a group") from None
