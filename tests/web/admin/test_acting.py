"""Acting on a matter of the queue: what follows, what is refused, and the next row (SPEC 10)."""

import re
from datetime import timedelta
from html import unescape

import httpx
import pytest
from sqlmodel import select

from models import (
    Appointment,
    AuditEvent,
    Dispute,
    NotePart,
    OutboxMessage,
    Person,
    ProblemReport,
    QueueSnooze,
)
from models.enums import Action, Channel, DisputeStatus, MessageKind, ProblemStatus, Status
from services.approvals.approvals import acknowledge
from tests.builders import NOW, acting
from tests.services.matters import Matters, matters
from tests.services.proofs import every_row
from tests.services.scenes import another_session, carry_out, open_thread
from tests.web.admin.test_queue import keys_in
from tests.web.visiting import Pages, hidden_in


async def act(
    browser: httpx.AsyncClient, key: str, what: str, *, query: str = "", **typed: str
) -> httpx.Response:
    """Choose a matter and send the form of one of its acts, as a browser."""
    opened = await browser.get(f"/admin?{query}&item={key}&do={what}")
    pane = opened.text[opened.text.index('id="chosen"') :]
    wanted = re.escape(f"/admin/queue/{key}/{what}")
    form = re.search(rf'<form[^>]*action="{wanted}".*?</form>', pane, re.DOTALL)
    assert form, f"no form for {what} of {key}"
    return await browser.post(f"/admin/queue/{key}/{what}", data=hidden_in(form[0]) | typed)


def chosen(answer: httpx.Response) -> str:
    """The matter that is chosen after an act."""
    found = re.search(r"[?&]item=([a-z_]+-\d+)", unescape(answer.headers["Location"]))
    return found[1] if found else ""


def kinds_to(pages: Pages, kind: MessageKind) -> set[int | None]:
    with pages.database.unit_of_work() as session:
        found = session.exec(select(OutboxMessage.person_id).where(OutboxMessage.kind == kind))
        return set(found.all())


def events(pages: Pages, action: Action) -> list[AuditEvent]:
    with pages.database.unit_of_work() as session:
        return list(session.exec(select(AuditEvent).where(AuditEvent.action == action)).all())


@pytest.mark.parametrize(
    ("what", "status", "settled"),
    [
        ("verify", Status.APPROVED, DisputeStatus.VERIFIED),
        ("uphold", Status.DISPUTED, DisputeStatus.UPHELD),
        ("return", Status.AWAITING_APPROVAL_PARENT, DisputeStatus.RETURNED),
    ],
)
async def test_a_dispute_is_settled_and_the_next_row_is_chosen(
    pages: Pages, what: str, status: Status, settled: DisputeStatus
) -> None:
    waiting = matters(pages.database, pages.there)
    async with pages.browser(pages.there.coordinator) as browser:
        answer = await act(browser, waiting["dispute"], what, text="Both sides were asked.")
        after = await browser.get(answer.headers["Location"])

    assert answer.status_code == 303
    assert chosen(answer) == waiting["problem"]
    assert waiting["dispute"] not in keys_in(after.text)
    assert 'role="status">You ' in after.text
    with pages.database.unit_of_work() as session:
        dispute = session.get_one(Dispute, 1)
        row = session.get_one(Appointment, waiting.sessions["dispute"])
    assert (row.status, dispute.status) == (status, settled)
    assert dispute.settlement_reason == "Both sides were asked."
    [event] = events(pages, Action(what))
    assert (event.channel, event.reason) == (Channel.WEB, "Both sides were asked.")


async def test_a_reason_is_asked_for_beside_its_field_and_what_was_typed_stays(
    pages: Pages,
) -> None:
    waiting = matters(pages.database, pages.there)
    async with pages.browser(pages.there.coordinator) as browser:
        before = every_row(pages.database)
        empty = await act(browser, waiting["dispute"], "uphold", text="  ")
        long = await act(browser, waiting["dispute"], "uphold", text="long " * 300)

    for answer in (empty, long):
        assert answer.status_code == 409
        assert '<p class="error" id="text-error">' in answer.text
        assert f'action="/admin/queue/{waiting["dispute"]}/uphold"' in answer.text
    assert ("long " * 300).strip() in long.text
    assert every_row(pages.database) == before


async def test_a_reply_without_words_is_asked_for_as_a_reply(pages: Pages) -> None:
    waiting = matters(pages.database, pages.there)
    async with pages.browser(pages.there.coordinator) as browser:
        answer = await act(browser, waiting["problem"], "reply", text=" ")

    assert '<p class="error" id="text-error">Please write your reply.</p>' in answer.text
    assert "say why" not in answer.text


async def test_who_was_first_is_told_and_nothing_is_changed(pages: Pages) -> None:
    waiting = matters(pages.database, pages.there)
    async with pages.browser(pages.there.coordinator) as browser:
        opened = await browser.get(f"/admin?item={waiting['silent']}&do=verify")
        carry_out(
            pages.database, acknowledge, waiting.sessions["silent"], acting(pages.there.grace)
        )
        form = hidden_in(opened.text) | {"text": "She is travelling."}
        answer = await browser.post(f"/admin/queue/{waiting['silent']}/verify", data=form)

    assert answer.status_code == 409
    assert "Grace Lim acknowledged this at 15:00" in answer.text
    assert events(pages, Action.VERIFY) == []


async def test_claiming_keeps_the_dispute_in_the_queue_with_the_name(pages: Pages) -> None:
    waiting = matters(pages.database, pages.there)
    async with pages.browser(pages.there.coordinator) as browser:
        await act(browser, waiting["dispute"], "claim")
        text = (await browser.get(f"/admin?item={waiting['dispute']}")).text

    assert "Claimed by Priya Nair" in text
    assert f"/admin/queue/{waiting['dispute']}/claim" not in text


async def test_a_report_is_claimed_answered_once_and_closed(pages: Pages) -> None:
    waiting = matters(pages.database, pages.there)
    key = waiting["problem"]
    async with pages.browser(pages.there.coordinator) as browser:
        await act(browser, key, "claim")
        opened = await browser.get(f"/admin?item={key}&do=reply")
        form = hidden_in(opened.text) | {"text": "We send the right one."}
        for _ in range(2):
            await browser.post(f"/admin/queue/{key}/reply", data=form)
        answered = await browser.get(f"/admin?item={key}")
        await act(browser, key, "close")

    assert answered.text.count("We send the right one.") == 1
    assert kinds_to(pages, MessageKind.PROBLEM_ANSWERED) == {pages.there.daniel.id}
    with pages.database.unit_of_work() as session:
        assert session.get_one(ProblemReport, 1).status is ProblemStatus.CLOSED


@pytest.mark.parametrize(
    ("name", "kind"),
    [("silent", MessageKind.ACKNOWLEDGEMENT_DUE), ("request", MessageKind.ANSWER_DUE)],
)
async def test_a_nudge_reaches_those_who_owe_the_answer_and_not_twice_in_a_row(
    pages: Pages, name: str, kind: MessageKind
) -> None:
    waiting, there = matters(pages.database, pages.there), pages.there
    key = waiting[name]
    async with pages.browser(there.coordinator) as browser:
        first = await act(browser, key, "nudge")
        again = await act(browser, key, "nudge")
        pages.clock.forward(minutes=12 * 60)
        later = await act(browser, key, "nudge") if name == "silent" else None

    owed_by = {there.grace.id} if name == "silent" else {there.tutor.id}  # Daniel has blocked it
    assert kinds_to(pages, kind) == owed_by
    assert first.status_code == 303
    assert again.status_code == 409
    assert "You asked for the answer again at 15:00. You can do it again" in again.text
    assert later is None or later.status_code == 303


async def test_what_could_not_be_delivered_is_tried_again_or_left(pages: Pages) -> None:
    waiting = matters(pages.database, pages.there)
    number = int(waiting["message"].rpartition("-")[2])
    async with pages.browser(pages.there.coordinator) as browser:
        await act(browser, waiting["message"], "send-again")
        with pages.database.unit_of_work() as session:
            again = session.get_one(OutboxMessage, number)
            assert (again.failed_at, again.attempts, again.due_at) == (None, 0, NOW)
            again.failed_at, again.error = NOW, "Bad Request"
        await act(browser, waiting["message"], "set-aside")
        await act(browser, waiting["unreachable"], "send-again")
        await act(browser, waiting["file"], "send-again")
        text = (await browser.get("/admin?kind=delivery")).text

    assert keys_in(text) == []
    with pages.database.unit_of_work() as session:
        assert session.get_one(OutboxMessage, number).set_aside_at == NOW
        assert session.get_one(Person, pages.there.daniel.id).unreachable_since is None
        assert session.get_one(NotePart, 1).next_try_at == NOW


async def test_what_was_sent_meanwhile_is_not_sent_again(pages: Pages) -> None:
    waiting = matters(pages.database, pages.there)
    number = int(waiting["message"].rpartition("-")[2])
    async with pages.browser(pages.there.coordinator) as browser:
        opened = await browser.get(f"/admin?item={waiting['message']}")
        with pages.database.unit_of_work() as session:
            session.get_one(OutboxMessage, number).sent_at = NOW
        form = hidden_in(opened.text)
        answer = await browser.post(f"/admin/queue/{waiting['message']}/send-again", data=form)

    assert answer.status_code == 409
    assert "This has been dealt with" in answer.text


async def test_what_is_put_off_comes_back_by_itself_and_says_who_did_it(pages: Pages) -> None:
    waiting = matters(pages.database, pages.there)
    key = waiting["attendance"]
    async with pages.browser(pages.there.coordinator) as browser:
        answer = await act(browser, key, "snooze", until="hour")
        gone = (await browser.get("/admin")).text
        put_off = (await browser.get("/admin?snoozed=1")).text
        pages.clock.forward(minutes=60)
        back = (await browser.get("/admin")).text

    assert chosen(answer) == waiting["replacement"]
    assert key not in keys_in(gone)
    assert keys_in(put_off) == [key]
    assert "Priya Nair put this off until 16:00" in put_off
    assert key in keys_in(back)


async def test_a_request_is_not_put_off_until_after_it_has_run_out(pages: Pages) -> None:
    soon = another_session(pages.database, pages.there, starts_at=NOW + timedelta(hours=5))
    key = f"request-{open_thread(pages.database, soon).id}"
    async with pages.browser(pages.there.coordinator) as browser:
        offered = (await browser.get(f"/admin?item={key}")).text
        late = await act(browser, key, "snooze", until="tomorrow")
        with pages.database.unit_of_work() as session:
            put_off = session.exec(select(QueueSnooze)).all()

    assert re.findall(r'name="until" value="(\w+)"', offered) == ["hour"]
    assert (late.status_code, put_off) == (409, [])


async def test_what_is_put_off_can_be_taken_up_again_by_another(pages: Pages) -> None:
    waiting = matters(pages.database, pages.there)
    key = waiting["file"]
    async with pages.browser(pages.there.coordinator) as browser:
        await act(browser, key, "snooze", until="week")
        answer = await act(browser, key, "wake", query="snoozed=1")
        told = (await browser.get(answer.headers["Location"])).text
        text = (await browser.get("/admin")).text
        session = (await browser.get(f"/sessions/{waiting.sessions['problem']}")).text

    assert key in keys_in(text)
    assert 'role="status">You put this back into the queue at 15:00: <a' in told
    assert "You put this off " in session
    assert "You put this back into the queue " in session
    assert len(events(pages, Action.SNOOZE)) == len(events(pages, Action.WAKE)) == 1


async def test_nobody_else_can_act_on_the_queue(pages: Pages) -> None:
    waiting = matters(pages.database, pages.there)
    for person in (pages.there.tutor, pages.there.grace):
        async with pages.browser(person) as browser:
            before = every_row(pages.database)
            for key, what in all_acts(waiting):
                form = {"csrf": pages.token(browser), "text": "Mine.", "until": "hour"}
                answer = await browser.post(f"/admin/queue/{key}/{what}", data=form)
                assert answer.status_code == 404
            assert every_row(pages.database) == before


def all_acts(waiting: Matters) -> list[tuple[str, str]]:
    return [
        *((waiting["dispute"], one) for one in ("claim", "verify", "uphold", "return", "snooze")),
        *((waiting["problem"], one) for one in ("claim", "reply", "close")),
        *((waiting["silent"], one) for one in ("nudge", "verify", "wake")),
        *((waiting[one], "send-again") for one in ("message", "unreachable", "file")),
        (waiting["message"], "set-aside"),
        (waiting["request"], "nudge"),
    ]


async def test_an_act_that_a_matter_does_not_have_does_not_exist(pages: Pages) -> None:
    waiting = matters(pages.database, pages.there)
    async with pages.browser(pages.there.coordinator) as browser:
        form = {"csrf": pages.token(browser), "text": "No."}
        for key, what in (
            (waiting["dispute"], "nudge"),
            (waiting["request"], "verify"),
            ("dispute-999", "claim"),
            ("nothing-1", "claim"),
            (waiting["dispute"], "erase"),
        ):
            answer = await browser.post(f"/admin/queue/{key}/{what}", data=form)
            assert answer.status_code in {404, 409}, (key, what)
    assert events(pages, Action.CLAIM) == []


async def test_a_button_of_a_row_acts_at_once_and_the_chosen_matter_stays_chosen(
    pages: Pages,
) -> None:
    waiting = matters(pages.database, pages.there)
    claim, nudge = (
        f"/admin/queue/{waiting[name]}/{what}"
        for name, what in (("problem", "claim"), ("silent", "nudge"))
    )
    async with pages.browser(pages.there.coordinator) as browser:
        opened = await browser.get(f"/admin?text=emily&item={waiting['dispute']}")
        rows = opened.text[: opened.text.index('id="chosen"')]
        [shared] = re.findall(r'<form id="taps" method="post" hidden>.*?</form>', rows, re.DOTALL)
        for address in (claim, nudge):
            assert f'form="taps" formaction="{address}"' in opened.text
            answer = await browser.post(address, data=hidden_in(shared))
            assert answer.status_code == 303
            assert chosen(answer) == waiting["dispute"]
            assert "text=emily" in answer.headers["Location"]

    assert len(events(pages, Action.NUDGE)) == 1
    with pages.database.unit_of_work() as session:
        assert session.get_one(ProblemReport, 1).status is ProblemStatus.CLAIMED


@pytest.mark.parametrize(("name", "after"), [("late_change", "dispute"), ("replacement", "silent")])
async def test_what_was_agreed_on_the_telephone_is_dealt_with_in_one_tap(
    pages: Pages, name: str, after: str
) -> None:
    waiting = matters(pages.database, pages.there)
    async with pages.browser(pages.there.coordinator) as browser:
        answer = await act(browser, waiting[name], "done")
        again = await browser.get(answer.headers["Location"])

    assert chosen(answer) == waiting[after]
    assert waiting[name] not in keys_in(again.text)
    assert "You dealt with this at 15:00" in again.text
    [event] = events(pages, Action.DEAL_WITH)
    assert (event.appointment_id, event.channel) == (waiting.sessions[name], Channel.WEB)


async def test_what_a_tutor_told_offers_another_tutor_and_what_was_said(pages: Pages) -> None:
    waiting = matters(pages.database, pages.there)
    async with pages.browser(pages.there.coordinator) as browser:
        text = (await browser.get(f"/admin?item={waiting['late_change']}")).text

    pane = text[text.index('id="chosen"') :]
    session = f"/sessions/{waiting.sessions['late_change']}"
    offered = re.findall(rf'href="{session}/([a-z-]+)\?back', pane)
    assert offered == ["reassign", "move", "cancel-for-tutor"]
    assert "My train stands still." in pane
    assert "3 h left" in text


async def test_a_replacement_is_booked_from_its_row_with_the_time_that_was_asked_for(
    pages: Pages,
) -> None:
    waiting = matters(pages.database, pages.there)
    async with pages.browser(pages.there.coordinator) as browser:
        text = (await browser.get("/admin?kind=replacement")).text

    assert keys_in(text) == [waiting["replacement"]]
    assert f"/sessions/{waiting.sessions['replacement']}/replace?back=" in text
    assert "Asked for by Grace Lim: Sun 29 Nov 15:00-16:30" in text
