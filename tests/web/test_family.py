"""The family's page: four tabs for each child, and where an empty one leads (SPEC 10)."""

import re
from datetime import timedelta

import pytest

from models import Guardianship, Student
from models.enums import ChangeReason, Status
from services.lifecycle.actors import Actor
from services.reschedules.negotiation import propose
from tests import builders
from tests.builders import NOW, ZONE, acting
from tests.services.proofs import every_row
from tests.services.scenes import Scene, another_session, carry_out, open_thread
from tests.web.test_notes import summed_up
from tests.web.test_tutor import rows
from tests.web.visiting import Pages, send


async def shown(pages: Pages, query: str = "") -> str:
    async with pages.browser(pages.there.grace) as browser:
        answer = await browser.get(f"/family{query}")
    assert answer.status_code == 200
    return answer.text


def open_tab(text: str) -> str:
    """The tab that is open, by its address."""
    [found] = re.findall(r'tab=(\w+)" aria-current="page"', text)
    return str(found)


def ryan(pages: Pages) -> Student:
    """Emily's brother."""
    with pages.database.unit_of_work() as session:
        return builders.student(session, [pages.there.grace, pages.there.daniel], name="Ryan Lim")


async def test_what_awaits_an_answer_opens_first_with_its_buttons(pages: Pages) -> None:
    pages.note(text="Halves and thirds.")
    summed_up(pages)

    text = await shown(pages)

    assert open_tab(text) == "awaiting"
    assert rows(text) == [pages.there.id]
    for told in (
        "Awaiting Your Acknowledgement",
        "Mathematics with Tan Wei Ming",
        "Checked in 13:30, checked out 15:00",
        "Fractions went well.",
        "1 note",
        f'action="/sessions/{pages.there.id}/acknowledge"',
        f'href="/sessions/{pages.there.id}/dispute"',
    ):
        assert told in text


async def test_each_session_is_in_one_tab(pages: Pages) -> None:
    there, database = pages.there, pages.database
    placed = {
        "awaiting": [there.id],
        "upcoming": [
            another_session(
                database, there, starts_at=NOW - timedelta(hours=1), status=Status.CHECKED_IN
            ).id,
            another_session(database, there, starts_at=NOW + timedelta(days=6, hours=23)).id,
        ],
        "future": [another_session(database, there, starts_at=NOW + timedelta(days=7)).id],
        "past": [
            another_session(
                database,
                there,
                starts_at=NOW + timedelta(days=3),
                status=Status.CANCELLED_BY_TUTOR,
            ).id,
            another_session(database, there, starts_at=NOW - timedelta(days=2)).id,
            another_session(
                database, there, starts_at=NOW - timedelta(days=5), status=Status.APPROVED
            ).id,
        ],
    }
    for tab, expected in placed.items():
        text = await shown(pages, f"?tab={tab}")
        assert (open_tab(text), rows(text)) == (tab, expected)
    counts = re.findall(r'<span class="count">(\d+)</span>', await shown(pages))
    assert counts == ["1", "2", "1"]


async def test_a_child_is_chosen_in_the_address(pages: Pages) -> None:
    brother = ryan(pages)
    of_ryan = another_session(pages.database, pages.there, student=brother)

    text = await shown(pages, f"?child={brother.id}&tab=upcoming")

    assert rows(text) == [of_ryan.id]
    assert f'href="/family?child={brother.id}" aria-current="page">Ryan Lim</a>' in text
    assert f'href="/family?child={pages.there.student.id}">Emily Lim <span' in text


async def test_each_child_says_how_many_sessions_await_an_answer(pages: Pages) -> None:
    brother, there = ryan(pages), pages.there
    another_session(pages.database, there, status=Status.AWAITING_APPROVAL_PARENT)
    another_session(pages.database, there, student=brother, status=Status.APPROVED)

    text = await shown(pages)

    chips = text[text.index('class="children"') :]
    chips = chips[: chips.index("</nav>")]
    told = [re.sub(r"<[^>]+>", "", one) for one in re.findall(r"<a [^>]*>(.*?)</a>", chips)]
    assert told == ["Emily Lim 2: 2 sessions await your answer", "Ryan Lim"]


async def test_an_empty_upcoming_leads_to_future_and_says_why(pages: Pages) -> None:
    later = another_session(pages.database, pages.there, starts_at=NOW + timedelta(days=15))

    text = await shown(pages, "?tab=upcoming")

    assert (open_tab(text), rows(text)) == ("future", [later.id])
    assert (
        "Nothing for Emily Lim in the next 7 days. The next session is Thu 10 Dec 15:00-16:30."
        in text
    )


async def test_it_leads_by_the_chosen_childs_sessions_and_not_by_a_siblings(pages: Pages) -> None:
    brother = ryan(pages)
    another_session(pages.database, pages.there, starts_at=NOW + timedelta(days=2))
    of_ryan = another_session(
        pages.database, pages.there, student=brother, starts_at=NOW + timedelta(days=9)
    )

    text = await shown(pages, f"?child={brother.id}&tab=upcoming")

    assert (open_tab(text), rows(text)) == ("future", [of_ryan.id])


async def test_upcoming_stays_where_there_is_something_or_nothing_later(pages: Pages) -> None:
    empty = await shown(pages, "?tab=upcoming")
    soon = another_session(pages.database, pages.there, starts_at=NOW + timedelta(days=2))
    another_session(pages.database, pages.there, starts_at=NOW + timedelta(days=9))
    full = await shown(pages, "?tab=upcoming")

    assert open_tab(empty) == "upcoming"
    assert "Sessions appear here a week before they start" in empty
    assert (open_tab(full), rows(full)) == ("upcoming", [soon.id])
    assert "Nothing for" not in full


async def test_a_request_to_answer_stands_on_its_row(pages: Pages) -> None:
    asked = another_session(pages.database, pages.there, starts_at=NOW + timedelta(days=3))
    open_thread(pages.database, asked)

    text = await shown(pages, "?tab=upcoming")

    assert "Asked to move to Fri 27 Nov 15:00-16:30" in text
    assert "It can be accepted until Fri 27 Nov 15:00" in text
    pages.clock.forward(days=2, hours=1)
    passed = await shown(pages, "?tab=upcoming")
    assert "That time has passed. Another can be agreed by Sat 28 Nov 15:00" in passed


async def test_a_summary_that_the_tutor_finds_wrong_is_not_quoted(pages: Pages) -> None:
    pages.note(text="Halves.")
    summed_up(pages, is_right=False, judgement="It was decimals.", judged_at=NOW)

    assert "Fractions went well." not in await shown(pages)


@pytest.mark.parametrize("given", ["4711", "0", "x", ""])
async def test_another_familys_child_is_not_there(pages: Pages, given: str) -> None:
    with pages.database.unit_of_work() as session:
        other = builders.student(session, [builders.parent(session)])
    async with pages.browser(pages.there.grace) as browser:
        theirs = await browser.get(f"/family?child={other.id}")
        nobodys = await browser.get(f"/family?child={given}")

    assert (theirs.status_code, nobodys.status_code) == (404, 404)


async def test_a_child_whom_the_parent_teaches_is_not_on_the_familys_page(pages: Pages) -> None:
    with pages.database.unit_of_work() as session:
        tutor = session.merge(pages.there.tutor)
        tutor.is_parent = True
        session.add(Guardianship(person_id=tutor.id, student_id=pages.there.student.id))
    async with pages.browser(tutor) as browser:
        text = (await browser.get("/family")).text

    assert "You teach your own child, and act as its tutor there" in text
    assert "No child is linked to you yet" not in text
    assert "Emily" not in text


async def test_looking_changes_nothing(pages: Pages) -> None:
    another_session(pages.database, pages.there, starts_at=NOW + timedelta(days=9))
    async with pages.browser(pages.there.grace) as browser:
        before = every_row(pages.database)
        pages.clock.forward(days=1)
        for query in ("", "?tab=upcoming", "?tab=future", "?tab=past", "?tab=no", "?page=7"):
            await browser.get(f"/family{query}")
        assert every_row(pages.database) == before


@pytest.mark.parametrize("query", ["", "ryan", "ryan&tab=past"])
async def test_what_a_tutor_asks_stands_above_every_tab_of_every_child(
    pages: Pages, query: str
) -> None:
    child = ryan(pages)
    there = another_session(
        pages.database, pages.there, student=child, starts_at=NOW + timedelta(days=12)
    )
    asked(pages, there, acting(pages.there.tutor))

    text = await shown(pages, f"?child={query}".replace("ryan", str(child.id)) if query else "")

    above = text[text.index(">Waiting for your answer</h2>") : text.index('class="tabs"')]
    assert "Ryan Lim · Mathematics with Tan Wei Ming" in above
    assert "Tan Wei Ming asked to move it to " in above
    assert "An answer counts until " in above
    for way in ("accept", "reject"):
        assert f'action="/sessions/{there.id}/{way}"' in above
    assert f'href="/sessions/{there.id}/counter?proposal=' in above
    assert re.search(r'Ryan Lim <span class="count" aria-hidden="true">1</span>', text)


async def test_what_the_family_has_asked_itself_does_not_wait_for_its_answer(pages: Pages) -> None:
    there = another_session(pages.database, pages.there, starts_at=NOW + timedelta(days=12))
    asked(pages, there, acting(pages.there.daniel))

    assert "Waiting for your answer" not in await shown(pages)


async def test_a_request_is_declined_in_its_row_and_that_is_told(pages: Pages) -> None:
    there = another_session(pages.database, pages.there, starts_at=NOW + timedelta(days=12))
    asked(pages, there, acting(pages.there.tutor))
    async with pages.browser(pages.there.grace) as browser:
        answer = await send(browser, f"/sessions/{there.id}/reject", on="/family", back="/family")
        told = (await browser.get(answer.headers["Location"])).text

    assert "You declined" in told
    assert "Waiting for your answer" not in told


def asked(pages: Pages, there: Scene, by: Actor) -> None:
    """A request to move a session by a day."""
    carry_out(
        pages.database, propose, there.id, by, there.session.starts_at + timedelta(days=1),
        ChangeReason.SCHEDULE_CONFLICT, None, zone=ZONE,
    )  # fmt: skip
