"""What the page and the tests ask of the sandbox over HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from sandbox.people import Group, Person
from sandbox.phone import Phone
from sandbox.server import serving
from sandbox.wire import Json
from sandbox.world import World
from tests.sandbox.clients import TOKEN, BotClient, picture
from tests.sandbox.page.opened_page import Expected


@pytest.fixture
async def page(http: httpx.AsyncClient, base: str) -> httpx.AsyncClient:
    http.base_url = httpx.URL(base)
    return http


async def events(page: httpx.AsyncClient, after: int, count: int) -> list[Json]:
    """The next so many events of the stream."""
    found: list[Json] = []
    async with asyncio.timeout(10), page.stream("GET", f"/api/events?after={after}") as stream:
        async for line in stream.aiter_lines():
            if line.startswith("data: "):
                found.append(json.loads(line.removeprefix("data: ")))
            if len(found) == count:
                break
    return found


async def test_the_state_shows_panes_people_and_chats(
    page: httpx.AsyncClient, world: World, grace: Person, mei: Person, group: Group
) -> None:
    world.add_pane(grace.id, "Grace Lim", "Tutor")
    Phone(world, grace.id).send_text("hello")
    state = (await page.get("/api/state")).json()
    assert state["bot"] == {
        "id": 4200000001,
        "username": "tutorline_bot",
        "first_name": "Tutorline",
    }
    assert state["panes"] == [
        {
            "title": "Grace Lim",
            "subtitle": "Tutor",
            "user_id": grace.id,
            "chats": [
                {"chat_id": grace.id, "title": "Tutorline", "kind": "private"},
                {"chat_id": group.id, "title": "Coordinators", "kind": "group"},
            ],
        }
    ]
    chat = state["chats"][f"{grace.id}:{grace.id}"]
    assert chat.pop("messages")[0]["text"] == "hello"
    assert chat == {
        "commands": [],
        "reply_keyboard": None,
        "force_reply": None,
        "action": None,
        "menu_button": {"type": "commands"},
        "started": True,
        "blocked": False,
    }
    assert state["people"][1] == {
        "id": mei.id,
        "first_name": "Mei",
        "last_name": "Tan",
        "username": "mei_tan",
        "language_code": "zh-hans",
        "blocked": False,
    }
    assert state["event_id"] == world.events.last_id


async def test_the_newest_200_messages_of_a_chat_are_shown(
    page: httpx.AsyncClient, phone: Phone
) -> None:
    for number in range(201):
        phone.send_text(str(number))
    chats = (await page.get("/api/state")).json()["chats"]
    messages = chats[f"{phone.user_id}:{phone.user_id}"]["messages"]
    assert [messages[0]["text"], messages[-1]["text"], len(messages)] == ["1", "200", 200]


async def test_what_happens_is_told_as_events(
    page: httpx.AsyncClient, bot: BotClient, world: World, phone: Phone
) -> None:
    after = world.events.last_id
    user_id = phone.user_id
    phone.send_text("hi")
    markup = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    sent = await bot.ok("sendMessage", chat_id=user_id, text="?", reply_markup=markup)
    query_id = phone.press("Yes")
    await bot.ok("answerCallbackQuery", callback_query_id=query_id, text="Ok")
    place = {"chat_id": user_id, "message_id": sent["message_id"]}
    await bot.ok("editMessageText", **place, text="Done")
    await bot.ok("sendChatAction", chat_id=user_id, action="typing")
    await bot.ok("deleteMessage", **place)
    phone.block()
    told = await events(page, after, 8)
    assert [event["type"] for event in told] == [
        "message", "message", "answered", "toast", "edited", "action", "deleted", "chat",
    ]  # fmt: skip
    assert told[0]["message"]["text"] == "hi"
    assert told[3] | {"id": 0} == {
        "id": 0,
        "type": "toast",
        "user_id": user_id,
        "callback_id": query_id,
        "text": "Ok",
        "show_alert": False,
        "url": None,
    }
    assert told[4]["message"]["text"] == "Done"
    assert told[6]["message_id"] == sent["message_id"]
    assert told[7]["key"] == f"{user_id}:{user_id}"
    assert told[7]["chat"]["blocked"] is True
    assert "messages" not in told[7]["chat"]


async def test_a_page_that_missed_too_much_is_told_to_reload(
    page: httpx.AsyncClient, world: World, grace: Person
) -> None:
    told = await events(page, world.events.last_id + 500, 1)
    assert told == [{"id": world.events.last_id, "type": "reset"}]


async def test_a_person_writes_edits_taps_starts_and_blocks(
    page: httpx.AsyncClient, bot: BotClient, phone: Phone
) -> None:
    place = {"user_id": phone.user_id, "chat_id": phone.user_id}
    sent = (await page.post("/api/message", json={**place, "text": "helo"})).json()
    edit = {**place, "message_id": sent["message_id"], "text": "hello"}
    assert (await page.post("/api/edit", json=edit)).json()["text"] == "hello"
    reply = {**place, "text": "and", "reply_to_message_id": sent["message_id"]}
    replied = (await page.post("/api/message", json=reply)).json()
    assert replied["reply_to_message"]["message_id"] == sent["message_id"]
    asked = await bot.ok("sendMessage", chat_id=phone.user_id, text="?")
    tap = {**place, "message_id": asked["message_id"], "data": "y"}
    callback_id = (await page.post("/api/press", json=tap)).json()["callback_id"]
    location = {**place, "latitude": 1.3, "longitude": 103.8}
    await page.post("/api/location", json=location)
    blocked = {"user_id": phone.user_id, "blocked": True}
    assert (await page.post("/api/block", json=blocked)).json() == {"ok": True}
    start = {"user_id": phone.user_id, "payload": "abc"}
    assert (await page.post("/api/start", json=start)).json()["text"] == "/start abc"
    updates = await bot.updates()
    assert [list(update)[1] for update in updates] == [
        "message", "edited_message", "message", "callback_query", "message", "my_chat_member",
        "my_chat_member", "message",
    ]  # fmt: skip
    assert updates[3]["callback_query"]["id"] == callback_id


async def test_files_are_uploaded_and_shown_again(page: httpx.AsyncClient, phone: Phone) -> None:
    place = {"user_id": str(phone.user_id), "chat_id": str(phone.user_id)}
    photos = [("file", (f"{number}.png", picture(), "image/png")) for number in range(2)]
    form = {**place, "kind": "photo", "caption": "work"}
    sent = (await page.post("/api/upload", data=form, files=photos)).json()
    assert len({message["media_group_id"] for message in sent}) == 1
    voice = {"file": ("v.ogg", b"OggS" * 100, "audio/ogg")}
    form = {**place, "kind": "voice", "duration": "4.2"}
    sent = (await page.post("/api/upload", data=form, files=voice)).json()
    assert sent[0]["voice"]["duration"] == 4
    address = f"/api/file/{sent[0]['voice']['file_id']}"
    shown = await page.get(address, headers={"Range": "bytes=-4"})
    assert (shown.status_code, shown.content) == (206, b"OggS")
    assert shown.headers["content-type"] == "audio/ogg"
    assert shown.headers["content-disposition"] == "inline"
    assert (await page.get("/api/file/unknown")).status_code == 404


async def test_a_file_that_could_run_in_the_page_is_only_downloaded(
    page: httpx.AsyncClient, phone: Phone
) -> None:
    for name, mime in (("a.html", "text/html"), ("a.svg", "image/svg+xml")):
        document = phone.send_document(b"<script>", name, mime)["document"]
        shown = await page.get(f"/api/file/{document['file_id']}")
        assert shown.headers["content-disposition"] == "attachment"


async def test_people_and_groups_are_added(page: httpx.AsyncClient, bot: BotClient) -> None:
    person = (await page.post("/api/people", json={"id": 77, "first_name": "Siti"})).json()
    assert person["id"] == 77
    body = {"title": "Team", "member_ids": [77]}
    group = (await page.post("/api/groups", json=body)).json()
    assert (await bot.ok("getChat", chat_id=group["id"]))["title"] == "Team"
    body = {"title": "Team", "member_ids": [78]}
    assert (await page.post("/api/groups", json=body)).status_code == 400


async def test_a_new_phone_belongs_to_somebody_new_who_opens_the_bot(
    page: httpx.AsyncClient, world: World
) -> None:
    world.add_pane(world.add_person("Mei").id, "Mei")
    body = {"title": "New phone", "subtitle": "Invited", "payload": "inv_1"}
    person = (await page.post("/api/phones", json=body)).json()

    state = (await page.get("/api/state")).json()
    assert state["panes"][-1]["title"] == "New phone"
    chat = state["chats"][f"{person['id']}:{person['id']}"]
    assert [message["text"] for message in chat["messages"]] == ["/start inv_1"]
    assert (await page.get("/api/clock")).json().keys() >= {"now", "next_event"}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/message", {"user_id": 1, "chat_id": 1, "text": "x"}),
        ("/api/message", {"chat_id": 1, "text": "x"}),
        ("/api/message", {"user_id": "one", "chat_id": 1, "text": "x"}),
        ("/api/message", []),
        ("/api/clock", {"minutes": -5}),
        ("/api/clock", {"to": "2026-01-01T10:00:00"}),
        ("/api/clock", {"to": "2020-01-01T10:00:00+00:00"}),
        ("/api/clock", {"to": "next"}),
        ("/api/clock", {}),
        ("/api/faults", {"method": "sendMessage", "kind": "flood"}),
        ("/api/updates/duplicate", {"update_id": 1}),
    ],
)
async def test_what_is_not_possible_is_answered_with_an_error(
    page: httpx.AsyncClient, path: str, body: Any
) -> None:
    response = await page.post(path, json=body)
    assert response.status_code == 400
    assert set(response.json()) == {"error"}


async def test_another_sites_page_can_do_nothing(page: httpx.AsyncClient, phone: Phone) -> None:
    body = {"user_id": phone.user_id, "chat_id": phone.user_id, "text": "forged"}
    headers = {"Origin": "https://example.com"}
    response = await page.post("/api/message", json=body, headers=headers)
    assert response.status_code == 403
    assert phone.messages() == []


async def test_the_clock_is_moved_and_told(page: httpx.AsyncClient, world: World) -> None:
    before, after = world.now(), world.events.last_id
    moved = (await page.post("/api/clock", json={"hours": 2, "minutes": 30})).json()
    assert moved["next_event"] is None
    now = datetime.fromisoformat(moved["now"])
    assert timedelta(hours=2, minutes=30) <= now - before < timedelta(hours=2, minutes=31)
    assert (await events(page, after, 1))[0]["type"] == "clock"


class Application:
    """An application with one thing due, which moves the clock itself."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.due: datetime | None = world.now() + timedelta(hours=1)
        self.jumps: list[datetime] = []

    async def jump(self, target: datetime) -> None:
        self.jumps.append(target)
        self.world.clock.move_on_to(target)
        self.due = None

    async def next_event(self) -> Expected | None:
        return Expected(self.due, "Check-in opens for Emily") if self.due else None


@pytest.fixture
async def application(http: httpx.AsyncClient) -> AsyncIterator[Application]:
    world = World(TOKEN)
    made = Application(world)
    async with serving(world, jump=made.jump, next_event=made.next_event) as base:
        http.base_url = httpx.URL(base)
        yield made


async def test_the_application_moves_the_clock_to_what_is_due_next(
    application: Application, http: httpx.AsyncClient
) -> None:
    due = application.due
    assert due is not None
    clock = (await http.get("/api/state")).json()["clock"]
    assert (clock["next_event"], clock["next_words"]) == (
        due.isoformat(),
        "Check-in opens for Emily",
    )
    moved = (await http.post("/api/clock", json={"to": "next"})).json()
    assert application.jumps == [due]
    assert moved["next_event"] is None
    assert datetime.fromisoformat(moved["now"]) >= due
    target = (due + timedelta(days=1)).astimezone(UTC)
    await http.post("/api/clock", json={"to": target.isoformat()})
    assert application.jumps == [due, target]


async def test_what_is_due_already_is_next_all_the_same(
    application: Application, http: httpx.AsyncClient
) -> None:
    application.due = application.world.now() - timedelta(seconds=1)

    answer = await http.post("/api/clock", json={"to": "next"})

    assert answer.status_code == 200
    assert len(application.jumps) == 1
