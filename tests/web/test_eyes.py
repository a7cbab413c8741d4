"""A coordinator sees the pages as somebody else does, and can do nothing there (SPEC 10)."""

import re

import httpx
import pytest
from sqlmodel import col, select
from starlette.routing import Route

from models import AuditEvent
from models.enums import Action, Channel, Role
from tests.services.proofs import every_row
from tests.web.visiting import Pages, send, shown_in
from web import admin, calendar, devices, family, notes, sessions, tutor

ROUTES = [
    route
    for section in (admin, calendar, devices, family, notes, sessions, tutor)
    for route in section.routes()
    if isinstance(route, Route) and "{secret}" not in route.path
]
WRITING = sorted({r.path for r in ROUTES if "POST" in (r.methods or set())})


async def see_as(browser: httpx.AsyncClient, person_id: int) -> httpx.Response:
    path = f"/admin/people/{person_id}"
    return await send(browser, f"{path}/see-as", on=path)


def bare(answer: httpx.Response) -> str:
    """A page without the banner, and without what forms are sent with."""
    page = re.sub(r'<div class="eyes".*?</div>', "", shown_in(answer), flags=re.DOTALL)
    page = re.sub(r'name="(csrf|form)" value="[^"]*"', "", page)
    return re.sub(r"\n\s*\n+", "\n", page)


def events(pages: Pages) -> list[tuple[Action, int | None, int | None, Role, Channel]]:
    with pages.database.reading() as session:
        found = session.exec(
            select(AuditEvent)
            .where(col(AuditEvent.action).in_((Action.SEE_AS, Action.STOP_SEEING)))
            .order_by(col(AuditEvent.id))
        )
        return [(e.action, e.actor_id, e.person_id, e.role, e.channel) for e in found]


@pytest.mark.parametrize(
    ("who", "paths"),
    [
        ("grace", ["/family?tab=awaiting", "/family?tab=past", "/sessions/1", "/notes"]),
        ("tutor", ["/tutor", "/tutor?tab=past", "/sessions/1", "/notes/1"]),
    ],
)
async def test_the_pages_are_exactly_those_of_that_person(
    pages: Pages, who: str, paths: list[str]
) -> None:
    pages.photo()
    person = getattr(pages.there, who)
    async with (
        pages.browser(pages.there.coordinator) as browser,
        pages.browser(person) as own,
    ):
        assert (await see_as(browser, person.id)).headers["Location"] == paths[0].split("?")[0]
        before = every_row(pages.database)
        for path in paths:
            seen, theirs = await browser.get(path), await own.get(path)
            assert (seen.status_code, bare(seen)) == (theirs.status_code, bare(theirs)), path
            assert f"You see the pages as <b>{person.name}</b> sees them." in seen.text
            assert "You see the pages as" not in theirs.text
        assert every_row(pages.database) == before


async def test_nothing_can_be_done_with_others_eyes_and_forms_have_no_token(pages: Pages) -> None:
    there = pages.there
    async with pages.browser(there.coordinator) as browser:
        token = pages.token(browser)
        await see_as(browser, there.grace.id)
        page = (await browser.get("/sessions/1")).text
        tokens = re.findall(r'name="csrf" value="([^"]*)"', page)
        assert tokens
        assert set(tokens) == {""}
        before = every_row(pages.database)
        for path in WRITING:
            for csrf in ("", token):
                answer = await browser.post(
                    re.sub(r"\{[^}]+\}", "1", path), data={"csrf": csrf, "reason": "other"}
                )
                assert answer.status_code == 409, (path, answer.status_code)
                told = "not possible while you see the pages as Grace Lim sees them"
                assert told in answer.text, path
        assert every_row(pages.database) == before


async def test_it_is_no_way_to_what_the_person_or_the_coordinator_may_not_see(
    pages: Pages,
) -> None:
    there = pages.there
    async with pages.browser(there.coordinator) as browser:
        await see_as(browser, there.grace.id)
        for path in ("/admin", "/admin/people", "/admin/log", "/tutor", "/sessions/99"):
            answer = await browser.get(path)
            assert answer.status_code in {404, 409}, path
            assert "/stop-seeing" in answer.text, path
        devices_page = await browser.get("/devices")

    assert devices_page.status_code == 409
    assert "Press Stop first" in devices_page.text


async def test_stopping_leads_back_and_both_are_in_the_audit_trail(pages: Pages) -> None:
    there = pages.there
    async with pages.browser(there.coordinator) as browser:
        await see_as(browser, there.tutor.id)
        stopped = await browser.post("/stop-seeing")
        again = await browser.post("/stop-seeing")
        home = await browser.get("/admin")
        shown = await browser.get(stopped.headers["Location"])

    assert stopped.headers["Location"] == f"/admin/people/{there.tutor.id}"
    assert (again.status_code, again.headers["Location"]) == (303, "/")
    assert (home.status_code, shown.status_code) == (200, 200)
    assert "You see the pages as" not in shown.text
    by = (there.coordinator.id, there.tutor.id, Role.COORDINATOR, Channel.WEB)
    assert events(pages) == [(Action.SEE_AS, *by), (Action.STOP_SEEING, *by)]


async def test_only_this_browser_sees_so_and_only_tutors_and_parents_are_seen(
    pages: Pages,
) -> None:
    there = pages.there
    async with (
        pages.browser(there.coordinator) as browser,
        pages.browser(there.coordinator) as other,
        pages.browser() as stranger,
    ):
        page = (await browser.get(f"/admin/people/{there.coordinator.id}")).text
        assert "/see-as" not in page
        token = {"csrf": pages.token(browser)}
        path = f"/admin/people/{there.coordinator.id}/see-as"
        assert (await browser.post(path, data=token)).status_code == 409
        path = "/admin/people/9999/see-as"
        assert (await browser.post(path, data=token)).status_code == 404
        await see_as(browser, there.grace.id)
        assert (await other.get("/admin")).status_code == 200
        assert (await stranger.post("/stop-seeing")).status_code == 401

    assert len(events(pages)) == 1


async def test_signing_out_stops_it(pages: Pages) -> None:
    there = pages.there
    async with pages.browser(there.coordinator) as browser:
        await see_as(browser, there.grace.id)
        assert (await browser.post("/sign-out")).status_code == 303
        assert (await browser.get("/family")).status_code == 401

    assert [action for action, *_ in events(pages)] == [Action.SEE_AS, Action.STOP_SEEING]
