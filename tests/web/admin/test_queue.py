"""The coordinators' queue: what waits, sorted by what waiting costs (SPEC 10)."""

import re
from datetime import timedelta

from sqlmodel import select

from models import RescheduleProposal
from models.enums import ChangeReason, Status
from services.approvals.problem_reports import claim, report_problem
from services.lifecycle.actors import Source
from services.sessions.attendance import correct_attendance
from tests import builders
from tests.builders import NOW, acting
from tests.services.matters import DAY, matters
from tests.services.proofs import every_row
from tests.services.scenes import another_session, carry_out, open_thread
from tests.web.visiting import Pages


def keys_in(text: str) -> list[str]:
    """The matters that a page lists, in order."""
    return re.findall(r'<li class="item[^"]*" id="([a-z_]+-\d+)"', text)


async def shown(pages: Pages, query: str = "") -> str:
    async with pages.browser(pages.there.coordinator) as browser:
        answer = await browser.get(f"/admin{query}")
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_the_queue_is_sorted_by_what_waiting_costs(pages: Pages) -> None:
    waiting = matters(pages.database, pages.there)
    later = another_session(pages.database, pages.there, starts_at=NOW + timedelta(days=3))
    patient = open_thread(pages.database, later)

    text = await shown(pages)

    assert keys_in(text) == [*waiting.in_order, f"request-{patient.id}"]


async def test_only_coordinators_follow_everything(pages: Pages) -> None:
    for person, status in ((pages.there.tutor, 404), (pages.there.grace, 404)):
        async with pages.browser(person) as browser:
            assert (await browser.get("/live?agency=1")).status_code == status


async def test_chips_lead_to_each_kind_with_its_count(pages: Pages) -> None:
    matters(pages.database, pages.there)
    text = await shown(pages, "?text=emily")

    found = re.findall(r'<a href="(/admin[^"]*)"[^>]*>(\w[\w ]*) <span class="count">(\d+)', text)
    assert found[0] == ("/admin?text=emily", "All", "9")
    assert ("/admin?kind=unanswered&amp;text=emily", "Unanswered", "2") in found
    assert ("/admin?kind=delivery&amp;text=emily", "Deliveries", "0") in found
    for address, _, count in found:
        query = address.removeprefix("/admin").replace("&amp;", "&")
        assert len(keys_in(await shown(pages, query))) == int(count)


async def test_a_key_means_the_same_before_and_after_a_claim(pages: Pages) -> None:
    made = carry_out(
        pages.database,
        report_problem,
        pages.there.id,
        acting(pages.there.grace, NOW + timedelta(hours=1)),
        "Noise",
        Source(4711, 1),
    )
    item = f"?item=problem-{made.id}"
    before = strokes(await shown(pages, item))
    carry_out(pages.database, claim, made.id, acting(pages.there.coordinator))

    after = strokes(await shown(pages, item))

    assert before == {"Claim": "c", "Reply": "r", "Close": "l"}
    assert after == {"Reply": "r", "Close": "l"}


def strokes(text: str) -> dict[str, str]:
    """The keys of the buttons of a matter, by their words."""
    found = re.findall(r"(Claim|Reply|Close)\s*<kbd aria-hidden=\"true\">(\w)</kbd>", text)
    return dict(found)


async def test_a_person_and_a_child_of_the_filter_are_named(pages: Pages) -> None:
    matters(pages.database, pages.there)
    there = pages.there
    text = await shown(pages, f"?person={there.daniel.id}&child={there.student.id}")

    assert f'href="/admin?child={there.student.id}">Daniel Lim' in text
    assert f'href="/admin?person={there.daniel.id}">Emily Lim' in text


async def test_reading_the_queue_changes_nothing(pages: Pages) -> None:
    waiting = matters(pages.database, pages.there)
    async with pages.browser(pages.there.coordinator) as browser:
        before = every_row(pages.database)
        for key in waiting.in_order:
            assert (await browser.get(f"/admin?item={key}&do=verify&done=1")).status_code == 200
        assert every_row(pages.database) == before


async def test_where_no_parent_is_linked_it_says_that_nobody_was_asked(pages: Pages) -> None:
    with pages.database.unit_of_work() as session:
        orphan = builders.student(session, [], name="Oliver Ong")
        linked = pages.there.student
        for child in (orphan, linked):
            builders.appointment(
                session,
                tutor=pages.there.tutor,
                student=child,
                starts_at=NOW - 4 * DAY,
                status=Status.AWAITING_APPROVAL_PARENT,
            )

    text = await shown(pages, "?kind=unanswered")

    told = {
        re.search(r"(Oliver Ong|Emily Lim)", item)[1]: "nobody has been asked" in item  # type: ignore[index]
        for item in re.findall(r'<li class="item.*?</li>', text, re.DOTALL)
    }
    assert told == {"Oliver Ong": True, "Emily Lim": False}


async def test_an_answer_is_waited_for_since_it_was_asked_for(pages: Pages) -> None:
    starts_at = NOW - 8 * DAY
    forgotten = another_session(pages.database, pages.there, starts_at=starts_at)
    coordinator = acting(pages.there.coordinator, NOW - 3 * DAY)
    ends_at = starts_at + timedelta(minutes=90)
    carry_out(
        pages.database, correct_attendance, forgotten.id, coordinator, starts_at, ends_at, "Seen."
    )

    text = await shown(pages)

    assert "Unanswered for 3 days" in " ".join(re.sub(r"<[^>]*>", " ", text).split())


async def test_a_request_for_a_reason_of_ones_own_names_no_other_reason(pages: Pages) -> None:
    there = another_session(pages.database, pages.there, starts_at=NOW + 2 * DAY)
    thread = open_thread(pages.database, there)
    with pages.database.unit_of_work() as session:
        proposal = session.exec(select(RescheduleProposal)).one()
        proposal.reason, proposal.text = ChangeReason.OTHER, "A wedding"
    async with pages.browser(there.coordinator) as browser:
        page = (await browser.get(f"/admin?item=request-{thread.id}")).text

    assert "waits for the tutor</span>" in page
    assert "waits for the tutor. Other" not in page
    assert "<blockquote>A wedding</blockquote>" in page
