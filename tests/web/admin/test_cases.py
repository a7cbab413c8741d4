"""A dispute and a problem report on pages of their own (SPEC 5, 10)."""

from datetime import timedelta

import pytest

from models import Appointment, Dispute
from models.enums import DisputeReason, DisputeStatus, Kind, Status
from services.approvals.disputes import dispute
from tests import builders
from tests.builders import NOW, acting
from tests.services.matters import DAY, matters
from tests.services.proofs import every_row
from tests.services.scenes import another_session, carry_out
from tests.web.visiting import Pages, send


@pytest.mark.parametrize(
    ("what", "settled", "status"),
    [
        ("verify", DisputeStatus.VERIFIED, Status.APPROVED),
        ("uphold", DisputeStatus.UPHELD, Status.DISPUTED),
        ("return", DisputeStatus.RETURNED, Status.AWAITING_APPROVAL_PARENT),
    ],
)
async def test_a_dispute_is_read_and_settled_on_its_page(
    pages: Pages, what: str, settled: DisputeStatus, status: Status
) -> None:
    waiting = matters(pages.database, pages.there)
    async with pages.browser(pages.there.coordinator) as browser:
        text = (await browser.get("/admin/disputes/1")).text
        answer = await send(
            browser, f"/admin/queue/dispute-1/{what}", on="/admin/disputes/1", text="We asked both."
        )
        after = (await browser.get(answer.headers["Location"])).text

    for told in (
        "What Grace Lim says",
        "It was forty minutes, not ninety.",
        "The record as it was then",
        "Wed 25 Nov 11:00-12:30",
    ):
        assert told in text
    assert answer.headers["Location"] == "/admin/disputes/1"
    assert 'Reason:</span><blockquote class="small">We asked both.</blockquote>' in after
    assert "Settle it" not in after
    with pages.database.unit_of_work() as session:
        assert session.get_one(Dispute, 1).status is settled
        assert session.get_one(Appointment, waiting.sessions["dispute"]).status is status


async def test_the_record_is_as_it_was_when_the_dispute_was_opened(pages: Pages) -> None:
    waiting = matters(pages.database, pages.there)
    with pages.database.unit_of_work() as session:
        session.get_one(Appointment, waiting.sessions["dispute"]).student_absent = True
    async with pages.browser(pages.there.coordinator) as browser:
        text = (await browser.get("/admin/disputes/1")).text

    assert "The student was absent" not in text


async def test_the_record_says_what_each_message_was_and_leaves_edits_out(pages: Pages) -> None:
    matters(pages.database, pages.there)
    grace = pages.there.grace
    with pages.database.unit_of_work() as session:
        row = session.get_one(Dispute, 1)
        sent = {"to": grace.id, "sent_at": NOW.isoformat()}
        kinds = ("appointment_card_refresh", "notes_added", "acknowledgement_due", "of_old")
        row.evidence = row.evidence | {"messages": [sent | {"kind": one} for one in kinds]}
    async with pages.browser(pages.there.coordinator) as browser:
        text = (await browser.get("/admin/disputes/1")).text

    assert text.count("Message sent") == 3
    for told in ("Grace Lim · new notes<", "Grace Lim · reminder to answer<", "Grace Lim<"):
        assert f"Wed 25 Nov 15:00 · {told}" in text


async def test_the_record_of_a_logged_session_has_no_check_in(pages: Pages) -> None:
    logged = another_session(
        pages.database,
        pages.there,
        starts_at=NOW - 3 * DAY,
        kind=Kind.ADHOC,
        status=Status.AWAITING_APPROVAL_PARENT,
        checked_in_at=NOW - 3 * DAY,
        checked_out_at=NOW - 3 * DAY + timedelta(minutes=90),
    )
    actor = acting(pages.there.grace)
    carry_out(pages.database, dispute, logged.id, actor, DisputeReason.CONDUCT, None)
    async with pages.browser(pages.there.coordinator) as browser:
        text = (await browser.get("/admin/disputes/1")).text

    record = text[text.index("The record as it was then") :].partition("</section>")[0]
    assert "Logged afterwards, without check-in" in record
    assert "Checked in" not in record


async def test_a_refusal_stands_on_the_disputes_page(pages: Pages) -> None:
    matters(pages.database, pages.there)
    async with pages.browser(pages.there.coordinator) as browser:
        before = every_row(pages.database)
        answer = await send(
            browser, "/admin/queue/dispute-1/uphold", on="/admin/disputes/1", text=" "
        )

    assert answer.status_code == 409
    assert '<p class="error" id="text-error">' in answer.text
    assert "The record as it was then" in answer.text
    assert every_row(pages.database) == before


async def test_a_report_is_answered_on_its_page(pages: Pages) -> None:
    waiting = matters(pages.database, pages.there)
    path = f"/admin/problems/{waiting['problem'].rpartition('-')[2]}"
    async with pages.browser(pages.there.coordinator) as browser:
        await send(
            browser, f"/admin/queue/{waiting['problem']}/reply", on=path, text="We are sorry."
        )
        text = (await browser.get(path)).text

    assert "The worksheet was for another class." in text
    assert "We are sorry." in text


async def test_who_acts_on_a_report_reads_you_and_others_read_the_name(pages: Pages) -> None:
    key = matters(pages.database, pages.there)["problem"]
    path = f"/admin/problems/{key.rpartition('-')[2]}"
    async with pages.browser(pages.there.coordinator) as browser:
        for act in ("claim", "reply", "close"):
            await send(browser, f"/admin/queue/{key}/{act}", on=path, text="We are sorry.")
        own = (await browser.get(path)).text
    with pages.database.unit_of_work() as session:
        other = builders.coordinator(session, name="Marcus Lee")
    async with pages.browser(other) as browser:
        others = (await browser.get(path)).text

    for done in ("claimed the report", "replied to the report", "closed the report"):
        assert (own.count(f"You {done}"), own.count(done)) == (2, 2)
        assert (others.count(f"Priya Nair {done}"), others.count(done)) == (2, 2)


async def test_what_is_not_there_is_not_found(pages: Pages) -> None:
    async with pages.browser(pages.there.coordinator) as browser:
        for path in ("/admin/disputes/9", "/admin/problems/9", "/admin/disputes/x"):
            assert (await browser.get(path)).status_code == 404
