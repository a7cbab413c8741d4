"""The page, and the HTTP interface that it and the tests use: `/api/...`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import fields as dataclass_fields
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from sandbox import person_actions
from sandbox.ahead import FirstStep, NextEvent
from sandbox.bot_api.file_responses import file_response
from sandbox.bot_api.media import KINDS, MediaDetails
from sandbox.events import wait_for
from sandbox.faults import Fault
from sandbox.page.mini_app import opened_app
from sandbox.page.views import Ahead, clock_view, state_view
from sandbox.person_actions import PersonInChat
from sandbox.wire import Json, PageError, Upload
from sandbox.world import World

Jump = Callable[[datetime], Awaitable[None]]
AskNextEvent = Callable[[], Awaitable[NextEvent | None]]
AskFirstSteps = Callable[[], Awaitable[Sequence[FirstStep]]]
STATIC = Path(__file__).with_name("static")
KEEP_ALIVE_SECONDS = 15.0
MAX_UPLOAD_PARTS = 20


class PageApi:
    """The endpoints; `jump`, `next_event` and `first_steps` are the application's hooks."""

    def __init__(
        self,
        world: World,
        jump: Jump | None,
        next_event: AskNextEvent | None,
        first_steps: AskFirstSteps | None,
    ) -> None:
        self.world = world
        self._jump = jump
        self._next_event = next_event
        self._first_steps = first_steps
        self._clock_turn = asyncio.Lock()

    def routes(self) -> list[BaseRoute]:
        table: tuple[tuple[str, str, Callable[[Request], Awaitable[Response]]], ...] = (
            ("GET", "/", self.page),
            ("GET", "/api/state", self.state),
            ("GET", "/api/events", self.events),
            ("GET", "/api/calls", self.calls),
            ("GET", "/api/file/{file_id}", self.file),
            ("POST", "/api/message", self.message),
            ("POST", "/api/edit", self.edit),
            ("POST", "/api/upload", self.upload),
            ("POST", "/api/location", self.location),
            ("POST", "/api/press", self.press),
            ("POST", "/api/start", self.start),
            ("POST", "/api/block", self.block),
            ("POST", "/api/app", self.app),
            ("GET", "/api/clock", self.time),
            ("POST", "/api/clock", self.clock),
            ("POST", "/api/people", self.people),
            ("POST", "/api/phones", self.phones),
            ("POST", "/api/groups", self.groups),
            ("POST", "/api/faults", self.plan_fault),
            ("DELETE", "/api/faults", self.clear_faults),
            ("POST", "/api/updates/duplicate", self.duplicate),
        )
        routes: list[BaseRoute] = [
            Route(path, _guarded(endpoint), methods=[verb]) for verb, path, endpoint in table
        ]
        return [*routes, Mount("/static", StaticFiles(directory=STATIC, check_dir=False))]

    # Reading

    async def page(self, _request: Request) -> Response:
        return FileResponse(STATIC / "index.html")

    async def state(self, _request: Request) -> Response:
        ahead = await self._ahead()
        with self.world.turn():
            return JSONResponse(state_view(self.world, ahead))

    async def events(self, request: Request) -> Response:
        given = request.headers.get("last-event-id") or request.query_params.get("after", "0")
        if not given.isdecimal():
            raise PageError("after is the number of an event")
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(
            self._follow(int(given)), headers=headers, media_type="text/event-stream"
        )

    async def _follow(self, after: int) -> AsyncIterator[str]:
        log = self.world.events
        while not self.world.closing:
            ticket = log.signal.ticket()
            for event in log.after(after):
                after = event["id"]
                yield f"id: {after}\ndata: {json.dumps(event)}\n\n"
            await wait_for(ticket, KEEP_ALIVE_SECONDS)
            yield ": still here\n\n"

    async def time(self, _request: Request) -> Response:
        return JSONResponse(clock_view(self.world, await self._ahead()))

    async def calls(self, request: Request) -> Response:
        return JSONResponse(self.world.calls.all(request.query_params.get("method")))

    async def file(self, request: Request) -> Response:
        stored = self.world.files.get(request.path_params["file_id"])
        if stored is None:
            return JSONResponse({"error": "there is no such file"}, 404)
        return file_response(self.world.files, stored, request)

    # What people do

    async def message(self, request: Request) -> Response:
        body = await _body(request)
        reply_to = body.get("reply_to_message_id")
        return JSONResponse(person_actions.send_text(self._actor(body), body["text"], reply_to))

    async def edit(self, request: Request) -> Response:
        body = await _body(request)
        edited = person_actions.edit_text(self._actor(body), int(body["message_id"]), body["text"])
        return JSONResponse(edited)

    async def upload(self, request: Request) -> Response:
        async with request.form(max_files=MAX_UPLOAD_PARTS) as form:
            uploads = [
                Upload(
                    item.filename or "file",
                    item.content_type or "application/octet-stream",
                    await item.read(),
                )
                for item in form.getlist("file")
                if isinstance(item, UploadFile)
            ]
            given = {key: value for key, value in form.items() if isinstance(value, str)}
        kind = given.get("kind", "")
        if kind not in KINDS or not uploads:
            raise PageError(f"kind is one of {', '.join(KINDS)}, with one file or more")
        sent = person_actions.send_media(
            self._actor(given),
            kind,
            uploads,
            caption=given.get("caption", ""),
            details=MediaDetails(duration=int(float(given.get("duration") or 0))),
            reply_to=int(given["reply_to_message_id"]) if "reply_to_message_id" in given else None,
        )
        return JSONResponse(sent)

    async def location(self, request: Request) -> Response:
        body = await _body(request)
        return JSONResponse(
            person_actions.send_location(
                self._actor(body), float(body["latitude"]), float(body["longitude"])
            )
        )

    async def press(self, request: Request) -> Response:
        body = await _body(request)
        tapped = person_actions.press(self._actor(body), int(body["message_id"]), str(body["data"]))
        return JSONResponse({"callback_id": tapped})

    async def start(self, request: Request) -> Response:
        body = await _body(request)
        return JSONResponse(
            person_actions.start(self.world, int(body["user_id"]), body.get("payload"))
        )

    async def block(self, request: Request) -> Response:
        body = await _body(request)
        person_actions.set_blocked(self.world, int(body["user_id"]), blocked=bool(body["blocked"]))
        return JSONResponse({"ok": True})

    async def app(self, request: Request) -> Response:
        body = await _body(request)
        return JSONResponse(
            opened_app(self.world, int(body["user_id"]), is_dark=bool(body.get("is_dark")))
        )

    def _actor(self, given: Json) -> PersonInChat:
        return PersonInChat(self.world, int(given["user_id"]), int(given["chat_id"]))

    # The clock, new people and groups, faults

    async def clock(self, request: Request) -> Response:
        body = await _body(request)
        async with self._clock_turn:
            now = self.world.now()
            target = await self._target(body, now)
            if target < now:
                raise PageError("the clock is never moved backwards")
            if self._jump is not None:
                await self._jump(target)
            else:
                self.world.clock.move_on_to(target)
            view = clock_view(self.world, await self._ahead())
        with self.world.turn():
            self.world.updates.signal.notify()
            self.world.events.add("clock", **view)
        return JSONResponse(view)

    async def _target(self, body: Json, now: datetime) -> datetime:
        if "minutes" in body or "hours" in body:
            by = timedelta(hours=float(body.get("hours", 0)), minutes=float(body.get("minutes", 0)))
            return now + by
        if body.get("to") != "next":
            target = datetime.fromisoformat(str(body["to"]))
            if target.tzinfo is None:
                raise PageError("the time needs a time zone")
            return target
        event = None if self._next_event is None else await self._next_event()
        if event is None:
            raise PageError("nothing is due")
        return max(event.at, now)

    async def _ahead(self) -> Ahead:
        return Ahead(
            next_event=None if self._next_event is None else await self._next_event(),
            first_steps=() if self._first_steps is None else await self._first_steps(),
        )

    async def people(self, request: Request) -> Response:
        body = await _body(request)
        known = ("last_name", "username", "language_code", "started")
        person = self.world.add_person(
            body["first_name"],
            user_id=body.get("id"),
            **{name: body[name] for name in known if name in body},
        )
        return JSONResponse(person.as_user())

    async def phones(self, request: Request) -> Response:
        """Add a person with a phone on the page, who opens the bot by a link at once."""
        body = await _body(request)
        with self.world.turn():
            person = self.world.add_person(body["title"])
            if self.world.directory.panes:
                self.world.add_pane(person.id, body["title"], body.get("subtitle", ""))
            person_actions.start(self.world, person.id, body.get("payload"))
        return JSONResponse(person.as_user())

    async def groups(self, request: Request) -> Response:
        body = await _body(request)
        members = [int(user_id) for user_id in body["member_ids"]]
        if unknown := [
            user_id for user_id in members if user_id not in self.world.directory.persons
        ]:
            raise PageError(f"there is nobody with id {unknown[0]}")
        group = self.world.add_group(body["title"], members, group_id=body.get("id"))
        return JSONResponse(group.as_chat())

    async def plan_fault(self, request: Request) -> Response:
        body = await _body(request)
        known = {field.name for field in dataclass_fields(Fault)}
        self.world.faults.plan(Fault(**{key: body[key] for key in body if key in known}))
        return JSONResponse({"ok": True})

    async def clear_faults(self, _request: Request) -> Response:
        self.world.faults.clear()
        return JSONResponse({"ok": True})

    async def duplicate(self, request: Request) -> Response:
        body = await _body(request)
        with self.world.turn():
            self.world.updates.repeat(int(body["update_id"]), self.world.now())
        return JSONResponse({"ok": True})


def _guarded(
    endpoint: Callable[[Request], Awaitable[Response]],
) -> Callable[[Request], Awaitable[Response]]:
    """Answer bad requests with {"error": ...}, and refuse those of other sites' pages."""

    async def guarded(request: Request) -> Response:
        origin = request.headers.get("origin")
        if origin is not None and origin.split("://")[-1] != request.headers.get("host"):
            return JSONResponse({"error": "requests from other sites are refused"}, 403)
        try:
            return await endpoint(request)
        except PageError as error:
            return JSONResponse({"error": str(error)}, 400)
        except KeyError as error:
            return JSONResponse({"error": f"{error} is missing"}, 400)
        except (TypeError, ValueError) as error:
            return JSONResponse({"error": f"that does not fit: {error}"}, 400)

    return guarded


async def _body(request: Request) -> Json:
    try:
        body: Any = await request.json()
    except ValueError:
        raise PageError("the request must be JSON") from None
    if not isinstance(body, dict):
        raise PageError("the request must be a JSON object")
    return body
