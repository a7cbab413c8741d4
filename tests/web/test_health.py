"""Pages for machines (SPEC 11)."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from services.meters import Meters
from tests.builders import AGENCY, SIGN_IN
from tests.web.visiting import Pages
from web.app import create_app
from web.health import Health, health_routes
from web.site import Site

TOKEN = "let-me-read"


@asynccontextmanager
async def machine(
    pages: Pages, meters: Meters, token: str | None = None, client: str = "127.0.0.1"
) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who asks from the address `client`."""
    health = Health(pages.database, pages.clock, meters, token)
    site = Site(pages.database, pages.clock, AGENCY, pages.media, SIGN_IN)
    transport = httpx.ASGITransport(create_app(site, health_routes(health)), client=(client, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://pages.example") as opened:
        yield opened


async def test_it_is_alive_whatever_else_is_not(pages: Pages) -> None:
    await pages.database.close()
    async with machine(pages, Meters()) as asking:
        assert (await asking.get("/healthz")).status_code == 200


async def test_it_is_ready_where_database_and_telegram_answer(pages: Pages) -> None:
    meters = Meters()
    async with machine(pages, meters) as asking:
        early = await asking.get("/readyz")
        meters.telegram_called("getUpdates", 200)
        ready = await asking.get("/readyz")
        for status in (502, None):
            meters.telegram_called("getUpdates", 200)
            meters.telegram_called("getUpdates", status)
            assert (await asking.get("/readyz")).status_code == 503
    assert (early.status_code, early.json()["telegram"]) == (503, "no answer yet")
    assert ready.status_code == 200
    assert ready.json() == {
        "owner": "this process",
        "database": "fine",
        "telegram": "answered 0 s ago",
    }


async def test_it_is_not_ready_without_its_tables(pages: Pages) -> None:
    meters = Meters()
    meters.telegram_called("getUpdates", 200)
    with pages.database.unit_of_work() as session:
        session.connection().exec_driver_sql("ALTER TABLE outbox_message RENAME TO gone")
    async with machine(pages, meters) as asking:
        answer = await asking.get("/readyz")
    assert (answer.status_code, answer.json()["database"]) == (503, "OperationalError")


async def test_metrics_are_in_prometheus_form(pages: Pages) -> None:
    meters = Meters()
    meters.telegram_called("sendMessage", 200)
    meters.telegram_called("sendMessage", None)
    for seconds in (0.01, 0.3, 60.0):
        meters.updates.add(seconds)
    async with machine(pages, meters) as asking:
        answer = await asking.get("/metrics")
    lines = answer.text.splitlines()
    assert answer.headers["content-type"].startswith("text/plain")
    assert 'tutorline_telegram_calls_total{method="sendMessage",status="none"} 1.0' in lines
    assert 'tutorline_update_seconds_bucket{le="0.5"} 2.0' in lines
    assert "tutorline_update_seconds_count 3.0" in lines
    assert "tutorline_updates_waiting 0.0" in lines
    named = {re.split(r"[{ ]", line)[0] for line in lines if not line.startswith("#")}
    assert {name for name in named if not name.startswith("tutorline_")} == set()


@pytest.mark.parametrize(
    ("token", "client", "headers", "status"),
    [
        (None, "127.0.0.1", {}, 200),
        (None, "::1", {}, 200),
        (None, "192.0.2.1", {}, 404),
        (None, "127.0.0.1", {"X-Forwarded-For": "192.0.2.1"}, 404),
        (TOKEN, "192.0.2.1", {"Authorization": f"Bearer {TOKEN}"}, 200),
        (TOKEN, "127.0.0.1", {}, 404),
        (TOKEN, "127.0.0.1", {"Authorization": "Bearer wrong"}, 404),
    ],
)
async def test_metrics_are_for_this_machine_or_for_who_has_the_token(
    token: str | None, client: str, headers: dict[str, str], status: int, pages: Pages
) -> None:
    async with machine(pages, Meters(), token, client) as asking:
        assert (await asking.get("/metrics", headers=headers)).status_code == status
