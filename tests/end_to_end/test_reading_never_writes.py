"""Reading changes nothing, and neither does a refusal (SPEC 8, 9; DESIGN 2, ideas 8 and 10).

Every list, every card, and every dialogue that is left again; and every button, forged by somebody
who has no part in the session. All rows are compared before and after, but for those of updates,
deliveries and cards.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlmodel import select

from chat import callbacks
from chat.callbacks import Button, CoordinatorChange, ListName, SchedulingStep, Settlement
from chat.callbacks.together import Sessions
from models import (
    Appointment,
    Dispute,
    Match,
    NoteBatch,
    NotePart,
    NoteSummary,
    Person,
    ProblemReport,
    RescheduleProposal,
    TutorLeave,
)
from models.enums import (
    DisputeReason,
    Kind,
    MessageKind,
    Role,
    Side,
    Status,
    SummarySource,
    SummaryStatus,
)
from sandbox.phone import Phone
from services.queries.together import MOST_TOGETHER
from services.rules.closures import Way
from tests import builders
from tests.end_to_end.matching import offer
from tests.end_to_end.scenes import disputed, press, write
from tests.end_to_end.stage import STRANGER, Stage
from tests.rows import Rows, rows_of_tables

OF_DELIVERY = {
    *("inbox_update", "dialogue", "card", "standing_message", "lease"),
    *("shown_list", "listed_appointment"),
}

TWO_DAYS_AGO = -timedelta(days=2)
PLACES: list[dict[str, Any]] = [
    *({"starts_in": TWO_DAYS_AGO, "status": status} for status in Status),
    *(
        {"starts_in": -timedelta(minutes=minutes), "minutes": 70, "status": status}
        for minutes in (60, 61)
        for status in (Status.SCHEDULED, Status.CHECKED_IN)
    ),
    {"starts_in": timedelta(days=1)},
]
"""Statuses of the sessions beside the disputed one; two can be checked into now, two out of."""

FOR_EVERYBODY = {callbacks.MakeFeed, callbacks.LeaveDays}
"""Buttons by which everybody changes what is their own, or a tutor goes on with their own leave."""
SUMMED_UP = 9
"""The version of the summary."""


@dataclass(frozen=True)
class Agency:
    """A session in every status, with the rows that belong to them."""

    sessions: list[Appointment]
    dispute: Dispute
    batch: NoteBatch
    part: NotePart
    report: ProblemReport
    proposal: RescheduleProposal
    summary: NoteSummary
    mei: Person
    match: Match
    leave: TutorLeave


def rows_of(stage: Stage) -> Rows:
    """All rows, and all messages that anybody was ever sent; edits of older lists do not count."""
    with stage.database.reading() as session:
        found = rows_of_tables(session, but=OF_DELIVERY)
    told = found["outbox_message"]
    found["outbox_message"] = [one for one in told if one.kind is not MessageKind.LIST_REFRESH]
    return found


async def agency_at_work(stage: Stage) -> Agency:
    """A dispute with notes, a report, and a session more in every other status."""
    of_dispute = await disputed(stage)
    with stage.database.reading() as session:
        grace = session.get(Person, of_dispute.tutor_id)
        mei = session.exec(select(Person).where(Person.name == "Mei Lim")).one()
    assert grace is not None
    with stage.database.unit_of_work() as session:
        ryan = builders.student(session, name="Ryan Lim", guardians=[mei])
    sessions = [of_dispute]
    for place in PLACES:
        sessions.append(await stage.session(grace, ryan, **place))  # noqa: PERF401
    approved = next(one for one in sessions if one.status is Status.APPROVED)
    await press(stage, stage.grace, "Add notes")
    await write(stage, stage.grace, "Fractions went well.")
    await tap(stage, stage.mei, callbacks.ReportProblem(approved.id))
    await write(stage, stage.mei, "He came late.")
    asked = await stage.session(grace, ryan, starts_in=timedelta(days=3))
    sessions.append(asked)
    await tap(stage, stage.mei, callbacks.StartMove(asked.id))
    await write(stage, stage.mei, "3 dec 9am")
    await press(stage, stage.mei, "School event")
    await press(stage, stage.mei, "Send")
    with stage.database.unit_of_work() as session:
        session.add(
            NoteSummary(
                appointment_id=of_dispute.id,
                language="en",
                version=SUMMED_UP,
                status=SummaryStatus.MADE,
                source=SummarySource.MODEL,
                content={"headline": {"statement": "Fractions.", "evidence": []}},
                requested_at=stage.now,
                made_at=stage.now,
            )
        )
    match = offer(stage, grace, ryan, "20:00")
    with stage.database.unit_of_work() as session:
        session.add(
            TutorLeave(
                tutor_id=grace.id,
                starts_on=date(2027, 2, 1),
                ends_on=date(2027, 2, 2),
                reason="A wedding",
                asked_by_id=grace.id,
                asked_at=stage.now,
            )
        )
    for phone in (stage.grace, stage.mei, stage.priya):
        await write(stage, phone, "/start")
    await stage.forward(minutes=1)  # what was missed is alerted now, and not in the midst of a test
    with stage.database.reading() as session:
        return Agency(
            sessions,
            session.exec(select(Dispute)).one(),
            session.exec(select(NoteBatch)).all()[-1],
            session.exec(select(NotePart)).all()[-1],
            session.exec(select(ProblemReport)).one(),
            session.exec(select(RescheduleProposal)).one(),
            session.exec(select(NoteSummary).where(NoteSummary.version == SUMMED_UP)).one(),
            mei,
            match,
            session.exec(select(TutorLeave)).one(),
        )


def send(phone: Phone, button: Button) -> None:
    """Send a button's data, whether it is on the screen or not."""
    bot_id = phone.world.bot.id
    shown = next(one for one in reversed(phone.messages()) if one["from"]["id"] == bot_id)
    phone.press(callbacks.encode(button), shown["message_id"])


async def tap(stage: Stage, phone: Phone, button: Button) -> None:
    """Send a button's data, and wait for the answer."""
    send(phone, button)
    await stage.settled()


async def test_no_list_and_no_card_changes_anything(stage: Stage) -> None:
    agency = await agency_at_work(stage)
    await write(stage, stage.grace, "/stop")  # which ends the notes that she had begun
    before = rows_of(stage)

    commands = (
        *("/start", "/help", "/language", "/sessions", "/upcoming", "/pending", "/todos"),
        *("/change", "/mystudents"),
        *(
            "/dashboard",
            "/package",
            "/statement",
            "/lowpackages",
            "/disputes",
            "/problems",
            "/invite",
            "/invite lim",
            "/notes",
            "/checkin",
            "/checkout",
        ),
        *("/stop", "/nonsense", "hello"),
    )
    for phone in (stage.grace, stage.mei, stage.priya, stage.priya_in_group, stage.stranger):
        for command in commands:
            phone.send_text(command)
    await stage.settled()
    for link in (f"dispute_{agency.dispute.id}", f"problem_{agency.report.id}", *ListName):
        stage.priya.start(link)
    for phone in (stage.grace, stage.mei, stage.priya):
        for session in agency.sessions:
            send(phone, callbacks.ShowSession(session.id))
        send(phone, callbacks.ViewNotes(agency.sessions[0].id))
        send(phone, callbacks.ShowSummary(agency.sessions[0].id))
        send(phone, callbacks.ShowLedger(agency.sessions[0].student_id, 2))
        for side in Side:
            send(phone, callbacks.ShowStatement(side, 202611, agency.sessions[0].student_id))
    for name in ListName:
        send(stage.priya, callbacks.ShowList(name))
    send(stage.priya, callbacks.ShowProblem(agency.report.id))
    send(stage.mei, callbacks.DeclineMatch(agency.match.id))
    send(stage.mei, callbacks.ShowMatch(agency.match.id))
    await tap(stage, stage.priya, callbacks.InvitePage(8))
    await tap(stage, stage.mei, callbacks.ChangePage(12))
    await tap(stage, stage.grace, callbacks.NotesPage(12))

    assert rows_of(stage) == before


async def test_a_question_that_is_left_again_changes_nothing(stage: Stage) -> None:
    agency = await agency_at_work(stage)
    by_status = {session.status: session.id for session in agency.sessions[1:]}
    before = rows_of(stage)

    awaiting = by_status[Status.AWAITING_APPROVAL_PARENT]
    await tap(stage, stage.mei, callbacks.StartDispute(awaiting))
    await press(stage, stage.mei, "Conduct")
    await press(stage, stage.mei, "Leave")
    await tap(stage, stage.mei, callbacks.ReportProblem(awaiting))
    await press(stage, stage.mei, "Leave")
    await tap(stage, stage.grace, callbacks.SummaryWrong(agency.summary.id))
    await press(stage, stage.grace, "Leave")
    await tap(stage, stage.grace, callbacks.SuggestSlot(agency.proposal.id))
    await press(stage, stage.grace, "Other day")
    await press(stage, stage.grace, "Back")
    await write(stage, stage.grace, "3 dec 10am")
    await press(stage, stage.grace, "Leave")
    await tap(stage, stage.grace, callbacks.StartLeave())
    await write(stage, stage.grace, "3 dec")
    await write(stage, stage.grace, "A wedding")
    await press(stage, stage.grace, "Stop")
    await tap(stage, stage.priya, callbacks.CorrectAttendance(by_status[Status.CHECKED_IN]))
    await press(stage, stage.priya, "As booked")
    await press(stage, stage.priya, "Leave")
    for status, change in (
        (Status.SCHEDULED, CoordinatorChange.CANCEL),
        (Status.SCHEDULED, CoordinatorChange.MOVE),
        (Status.SCHEDULED, CoordinatorChange.GIVE),
        (Status.NOT_COMPLETED, CoordinatorChange.REPLACE),
    ):
        await tap(stage, stage.priya, callbacks.Coordinate(by_status[status], change))
        await press(stage, stage.priya, "Leave")
    for button in (
        callbacks.ClearCheckIn(by_status[Status.CHECKED_IN]),
        callbacks.VerifySession(awaiting),
        *(callbacks.Settle(agency.dispute.id, how) for how in Settlement),
        callbacks.ReplyProblem(agency.report.id),
    ):
        await tap(stage, stage.priya, button)
        await write(stage, stage.priya, "/stop")

    assert rows_of(stage) == before


async def test_nobody_else_changes_anything_with_any_button_there_is(stage: Stage) -> None:
    agency = await agency_at_work(stage)
    with stage.database.unit_of_work() as session:
        sam = builders.person(
            session, name="Sam Ong", telegram_user_id=STRANGER, is_tutor=True, is_parent=True
        )
        builders.student(session, name="Ben Ong", guardians=[sam])
    await write(stage, stage.stranger, "/start")
    before = rows_of(stage)

    for kind in kinds(Button):
        if kind in FOR_EVERYBODY:
            continue
        for button in every(kind, agency):
            send(stage.stranger, button)
        stage.stranger.send_text("What I think of it.")
    await stage.settled()

    assert rows_of(stage) == before


def kinds(of: type[Button]) -> list[type[Button]]:
    """All buttons there are."""
    found = [of] if "code" in vars(of) else []
    return found + [one for below in of.__subclasses__() for one in kinds(below)]


def every(kind: type[Button], agency: Agency) -> list[Button]:
    """The button with every value that it could have; a language is everybody's own to choose."""
    about: dict[str, list[Any]] = {
        "appointment_id": [one.id for one in agency.sessions[: len(Status)]],
        "sessions": [Sessions.of(one.id for one in agency.sessions[:MOST_TOGETHER])],
        "student_id": [agency.sessions[0].student_id],
        "minutes": [60],
        "number": [1],
        "kind": [Kind.TRIAL],
        "step": list(SchedulingStep),
        "dispute_id": [agency.dispute.id],
        "report_id": [agency.report.id],
        "batch_id": [agency.batch.id],
        "part_id": [agency.part.id],
        "person_id": [agency.mei.id],
        "offset": [0],
        "language": ["xx"],
        "zone": ["Nowhere/At_All"],
        "reason": [DisputeReason.OTHER],
        "proposal_id": [agency.proposal.id],
        "summary_id": [agency.summary.id],
        "page": [1],
        "day": [date(2026, 12, 3).toordinal()],
        "minute": [int(datetime(2026, 12, 3, tzinfo=UTC).timestamp()) // 60],
        "how": list(Settlement),
        "name": [ListName.MISSED],
        "absent": [1],
        "message_id": [1],
        "to_text": [1],
        "to_reason": [1],
        "change": [CoordinatorChange.CANCEL],
        "side": [Role.PARENT],
        "whose": list(Side),
        "month": [202611],
        "child_id": [agency.sessions[0].student_id],
        "tutor_id": [agency.mei.id],
        "match_id": [agency.match.id],
        "leave_id": [agency.leave.id],
        "known": [0],
        "way": list(Way),
        "first": [date(2026, 12, 7).toordinal()],
        "last": [date(2026, 12, 8).toordinal()],
    }
    names = [field.name for field in fields(kind)]
    make: Callable[..., Button] = kind
    if not names:
        return [make()]
    rest = [about[name][0] for name in names[1:]]
    return [make(one, *rest) for one in about[names[0]]]
