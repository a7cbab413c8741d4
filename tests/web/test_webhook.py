"""The webhook: on disk before the answer, and only from who knows the secret (SPEC 11)."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import httpx
import pytest
from starlette.applications import Starlette

from services.messaging import inbox
from services.messaging.inbox import UpdateKey
from services.messaging.intake import Intake
from services.messaging.raw_updates import RawUpdate
from tests.builders import NOW
from tests.fakes import FixedClock
from tests.open_database import OpenDatabase
from tests.stored_updates import kept
from web.webhook import SECRET_HEADER, webhook_route

SECRET = "a-secret-of-this-test"
TOKEN = "4200000001:test-token"
KEY = UpdateKey(4_200_000_001, 7)
UPDATE = {"update_id": 7, "message": {"chat": {"id": 11}, "text": "hello"}}


@dataclass
class Hook:
    """The webhook as Telegram sees it."""

    database: OpenDatabase
    client: httpx.AsyncClient
    woken: list[bool]

    async def post(
        self, content: str | bytes | dict[str, object], secret: str | None = SECRET
    ) -> int:
        headers = {} if secret is None else {SECRET_HEADER: secret}
        body = {"json": content} if isinstance(content, dict) else {"content": content}
        answer = await self.client.post("/hook", headers=headers, **body)
        return answer.status_code

    def stored(self) -> list[UpdateKey]:
        with self.database.reading() as session:
            return inbox.pending(session)


@pytest.fixture
async def hook(database_url: str) -> AsyncIterator[Hook]:
    database = OpenDatabase(database_url)
    woken: list[bool] = []
    intake = Intake(TOKEN, FixedClock())

    async def take_in(updates: Sequence[RawUpdate]) -> None:
        await intake.take(updates, database)
        woken.append(True)

    route = webhook_route("/hook", SECRET, take_in)
    transport = httpx.ASGITransport(Starlette(routes=[route]), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="https://example.com") as client:
        yield Hook(database, client, woken)
    await database.close()


async def test_an_update_is_stored_with_its_arrival_and_wakes_the_worker(hook: Hook) -> None:
    assert await hook.post(UPDATE) == 200

    with hook.database.reading() as session:
        (row,) = kept(session, [KEY])
    assert (row.payload, row.chat_id, row.received_at) == (UPDATE, 11, NOW)
    assert hook.woken == [True]


async def test_an_update_delivered_twice_is_stored_once(hook: Hook) -> None:
    assert await hook.post(UPDATE) == 200
    assert await hook.post(UPDATE) == 200

    assert hook.stored() == [KEY]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ('{"update_id": 7, "message": {"text": "\\ud83d\\u0000"}}', "\ufffd\ufffd"),
        (b'{"update_id": 7, "message": {"text": "\xff"}}', "\ufffd"),
        ('{"update_id": 7, "message": {"text": 1e999}}', None),
        pytest.param(
            f'{{"update_id": 7, "message": {"[" * 5000}{"]" * 5000}}}', None, id="nested too deep"
        ),
        pytest.param(
            f'{{"update_id": 7, "message": {{"text": {"1" * 5000}}}}}', None, id="too high a number"
        ),
    ],
)
async def test_an_update_that_holds_what_cannot_be_stored_is_acknowledged_all_the_same(
    hook: Hook, body: str | bytes, text: str | None
) -> None:
    assert await hook.post(body) == 200

    with hook.database.reading() as session:
        (row,) = kept(session, [KEY])
    assert row.payload.get("message", {}).get("text") == text
    assert (row.set_aside_at is None) == (text is not None)


@pytest.mark.parametrize("secret", [None, "", "another", SECRET + "x", SECRET.upper()])
async def test_who_does_not_know_the_secret_is_turned_away(hook: Hook, secret: str | None) -> None:
    assert await hook.post(UPDATE, secret) == 403
    assert (hook.stored(), hook.woken) == ([], [])


@pytest.mark.parametrize(
    "body",
    [
        "",
        "no json",
        "[]",
        "7",
        "{}",
        '{"update_id": "7"}',
        "\x00",
        '{"update_id": 0}',
        '{"update_id": 9223372036854775808}',
        '{"update_id": 9223372036854775808',
        '{"update_id": "7"',
    ],
)
async def test_what_is_no_update_is_refused(hook: Hook, body: str) -> None:
    assert await hook.post(body) == 400
    assert (hook.stored(), hook.woken) == ([], [])


async def test_what_could_not_be_stored_is_not_acknowledged(
    hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_values: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(inbox, "store", fail)

    assert await hook.post(UPDATE) == 500
    assert hook.woken == []


async def test_updates_come_by_post_alone(hook: Hook) -> None:
    answer = await hook.client.get("/hook", headers={SECRET_HEADER: SECRET})

    assert answer.status_code == 405
