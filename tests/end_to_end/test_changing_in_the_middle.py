"""What is begun in Telegram is gone on with on a page, and the other way (SPEC 10)."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta

import httpx
import pytest
from sqlmodel import select

from models import Appointment, Dispute, ProblemReport, RescheduleProposal
from models.enums import DisputeStatus, ProposalStatus, Status
from sandbox.phone import Phone
from tests import files
from tests.end_to_end.note_scenes import parts_of
from tests.end_to_end.scenes import (
    TEXT,
    WHY,
    all_text,
    answer_in_group,
    card_of,
    disputed,
    just_over,
    live_buttons,
    message_of,
    press,
    write,
)
from tests.end_to_end.stage import Stage, labels, text_of
from tests.end_to_end.test_pages_in_step import link_of, pages_beside
from tests.end_to_end.test_rescheduling import ask
from tests.web.visiting import hidden_in
from tests.web.visiting import press as press_on_page

SUNDAY, MONDAY = "20261129T0700Z", "20261130T0800Z"


class Pages:
    """The pages as each person's browser has them; it signs in when it is first used."""

    def __init__(self, stage: Stage, address: str, stack: AsyncExitStack) -> None:
        self._stage = stage
        self._address = address
        self._stack = stack
        self._browsers: dict[int, httpx.AsyncClient] = {}

    async def of(self, phone: Phone) -> httpx.AsyncClient:
        """The browser of the person with this phone."""
        if phone.user_id not in self._browsers:
            browser = httpx.AsyncClient(base_url=self._address)
            self._browsers[phone.user_id] = await self._stack.enter_async_context(browser)
            await press_on_page(browser, link_of(self._stage, phone))
        return self._browsers[phone.user_id]

    async def opened(self, phone: Phone, path: str) -> str:
        return (await (await self.of(phone)).get(path)).text

    async def post(self, phone: Phone, path: str, form: dict[str, str]) -> httpx.Response:
        """Send a form as it is, and wait until the chats have followed."""
        answer = await (await self.of(phone)).post(path, data=form)
        await self._stage.settled()
        return answer

    async def send(
        self, phone: Phone, path: str, on: str | None = None, **typed: str
    ) -> httpx.Response:
        """Open a page and send its form, and wait until the chats have followed."""
        opened = await self.opened(phone, on or path)
        return await self.post(phone, path, hidden_in(opened) | typed)


@pytest.fixture
async def pages(stage: Stage) -> AsyncIterator[Pages]:
    async with AsyncExitStack() as stack:
        address = await stack.enter_async_context(pages_beside(stage))
        yield Pages(stage, address, stack)


async def in_three_days(stage: Stage, **starts_in: float) -> Appointment:
    grace, _, _, emily = stage.people()
    starts = timedelta(**(starts_in or {"days": 3}))
    return await stage.session(grace, emily, starts_in=starts)


async def test_a_request_wanders_between_chat_and_page_until_it_is_accepted(
    stage: Stage, pages: Pages
) -> None:
    session = await in_three_days(stage)
    page = f"/sessions/{session.id}"
    await ask(stage, stage.mei, "sun 9pm", "School event")

    opened = await pages.opened(stage.grace, f"{page}/counter?proposal=1&at={SUNDAY}")
    await pages.post(stage.grace, f"{page}/counter", hidden_in(opened))
    assert "Grace Tan suggested another time:\nSun 29 Nov 15:00" in text_of(stage.daniel.last())

    await press(stage, stage.daniel, "Suggest another")
    await write(stage, stage.daniel, "mon 4pm")
    await press(stage, stage.daniel, "Send")
    other = hidden_in(opened) | {"at": MONDAY}
    late = await pages.post(stage.grace, f"{page}/counter", other)
    assert late.status_code == 409
    assert "Mon 30 Nov 16:00" in late.text

    done = await pages.send(stage.grace, f"{page}/accept", on=page)
    assert done.status_code == 303
    assert "Grace Tan accepted the new time" in text_of(stage.mei.last())
    assert text_of(stage.daniel.last()).startswith("Moved to Mon 30 Nov 16:00")
    with stage.database.reading() as rows:
        versions = rows.exec(select(RescheduleProposal.status)).all()
    assert sorted(versions) == sorted(
        [ProposalStatus.COUNTERED, ProposalStatus.COUNTERED, ProposalStatus.APPROVED]
    )


async def test_a_dispute_is_written_in_the_chat_while_the_page_acknowledges(
    stage: Stage, pages: Pages
) -> None:
    session = await just_over(stage)
    await press(stage, stage.mei, "Dispute")
    await press(stage, stage.mei, "Conduct")
    await pages.send(stage.daniel, f"/sessions/{session.id}/acknowledge", on="/family")
    offered = await write(stage, stage.mei, TEXT)
    assert "Daniel Lim acknowledged this" in offered
    assert "What you wrote is not lost" in offered

    await press(stage, stage.mei, "Send it")
    await pages.send(
        stage.priya, "/admin/queue/problem-1/reply", on="/admin/problems/1", text="We look into it."
    )
    assert "We look into it." in all_text(stage.mei)
    assert stage.status(session) is Status.APPROVED
    with stage.database.reading() as rows:
        assert rows.exec(select(ProblemReport.text)).one() == TEXT


async def test_a_dispute_is_written_on_the_page_while_the_chat_acknowledges(
    stage: Stage, pages: Pages
) -> None:
    session = await just_over(stage)
    path = f"/sessions/{session.id}/dispute"
    form = hidden_in(await pages.opened(stage.mei, path)) | {"reason": "conduct", "text": TEXT}
    await press(stage, stage.daniel, "Acknowledge")
    kept = await pages.post(stage.mei, path, form)
    assert "Daniel Lim acknowledged this" in kept.text
    assert TEXT in kept.text
    sent = hidden_in(kept.text) | {"text": TEXT}
    answer = await pages.post(stage.mei, f"/sessions/{session.id}/report-problem", sent)

    assert answer.status_code == 303
    assert "Problem report" in text_of(stage.priya_in_group.last())


async def test_a_dispute_is_claimed_in_the_group_and_upheld_on_the_page(
    stage: Stage, pages: Pages
) -> None:
    session = await disputed(stage)
    await press(stage, stage.priya_in_group, "Claim")
    await press(stage, stage.marcus_in_group, "Verify")
    await pages.send(stage.priya, "/admin/queue/dispute-1/uphold", on="/admin/disputes/1", text=WHY)
    told = await answer_in_group(stage, stage.marcus_in_group, "The log says otherwise.")

    assert "Priya Nair upheld the dispute" in told
    assert live_buttons(stage.priya_in_group) == []
    assert stage.status(session) is Status.DISPUTED
    with stage.database.reading() as rows:
        assert rows.exec(select(Dispute.status)).one() is DisputeStatus.UPHELD


async def test_check_in_on_a_page_check_out_in_the_chat_notes_in_both(
    stage: Stage, pages: Pages
) -> None:
    session = await in_three_days(stage, minutes=10)
    page = f"/sessions/{session.id}"
    await pages.send(stage.grace, f"{page}/check-in", on="/tutor")
    await stage.forward(minutes=95)
    await write(stage, stage.grace, "/checkout")
    await write(stage, stage.grace, "Halves.")
    await pages.send(stage.grace, f"{page}/add-notes", text="Thirds.")
    stage.grace.send_photo(files.jpeg_photo(), caption="The board")
    await stage.settled()
    written = await pages.opened(stage.grace, f"{page}/add-notes")
    assert "Halves." in written
    assert "Thirds." in written
    await press(stage, stage.grace, "Remove last")
    await pages.send(stage.grace, f"{page}/add-notes", done="1")
    told = await write(stage, stage.grace, "One more thing.")

    assert "So far" not in told
    assert sorted(str(one.text) for one in parts_of(stage, session)) == ["Halves.", "Thirds."]
    assert "📝 Notes: 2 texts" in text_of(card_of(stage.mei, "Emily"))


async def about_to_cancel(stage: Stage) -> Appointment:
    """A session that Mei is about to cancel in the chat: she is asked for her reason."""
    session = await in_three_days(stage)
    await write(stage, stage.mei, "/change")
    await press(stage, stage.mei, labels(stage.mei.last())[0])
    await press(stage, stage.mei, "Cancel")
    return session


async def test_a_cancellation_in_the_chat_is_overtaken_by_the_page(
    stage: Stage, pages: Pages
) -> None:
    session = await about_to_cancel(stage)
    await press(stage, stage.mei, "Child unwell")
    path = f"/sessions/{session.id}/cancel"
    await pages.send(stage.grace, path, reason="emergency")
    offered = [one for message in stage.mei.messages() for one in labels(message)]

    assert "Cancel session" not in offered
    assert stage.status(session) is Status.CANCELLED_BY_TUTOR
    assert "Grace Tan cancelled this" in all_text(stage.mei)


async def test_a_cancellation_on_a_page_ends_the_own_question_in_the_chat(
    stage: Stage, pages: Pages
) -> None:
    session = await about_to_cancel(stage)
    await press(stage, stage.mei, "Other")
    await write(stage, stage.mei, "We are at grandma's.")
    question = stage.mei.last()["message_id"]

    await pages.send(stage.mei, f"/sessions/{session.id}/cancel", reason="school_event")

    left = message_of(stage.mei, question)
    assert "You cancelled this at 15:00" in text_of(left)
    assert "We are at grandma's." in text_of(left)
    assert labels(left) == []


async def test_a_form_on_a_page_is_overtaken_by_the_chat(stage: Stage, pages: Pages) -> None:
    session = await in_three_days(stage)
    page = f"/sessions/{session.id}"
    cancel = hidden_in(await pages.opened(stage.daniel, f"{page}/cancel")) | {"reason": "other"}
    move = hidden_in(await pages.opened(stage.priya, f"{page}/move?at={MONDAY}"))
    await ask(stage, stage.grace, "mon 9pm", "Emergency")
    await press(stage, stage.mei, "Accept")

    moved = await pages.post(stage.priya, f"{page}/move", move | {"text": "Asked by phone."})
    assert moved.status_code == 409
    gone = await pages.post(stage.daniel, f"{page}/cancel", cancel | {"text": "We are away."})
    assert gone.status_code == 303
    assert stage.status(session) is Status.CANCELLED_BY_PARENT
    assert "Daniel Lim cancelled this" in text_of(stage.grace.last())


async def test_extra_sessions_are_begun_in_the_chat_and_logged_on_the_page(
    stage: Stage, pages: Pages
) -> None:
    await just_over(stage)
    await write(stage, stage.grace, "/adhoc")
    row = {
        "rows": "1", "student-1": "1", "day-1": "2026-11-24", "start-1": "18:00",
        "minutes-1": "60", "topic-1": "Exam practice",
    }  # fmt: skip
    opened = hidden_in(await pages.opened(stage.grace, "/tutor/adhoc"))
    logged = await pages.post(stage.grace, "/tutor/adhoc", opened | row | {"step": "log"})
    await write(stage, stage.grace, "/stop")

    assert logged.status_code == 303
    assert "Exam practice" in text_of(stage.mei.last())
    await press(stage, stage.mei, "Acknowledge")
    assert "Exam practice" in await pages.opened(stage.daniel, "/family?tab=past")
