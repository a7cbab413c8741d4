"""A dispute and a problem report, each on a page of its own (SPEC 5, 10)."""

from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from locales.current_user import CurrentUser
from locales.message_words import message_words
from locales.parts import part_label
from locales.reader import Reader
from locales.wording import reason_told, settlement_done
from models.enums import (
    EDITING_KINDS,
    ChangeReason,
    DisputeStatus,
    Kind,
    MessageKind,
    PartKind,
    ProblemStatus,
    Role,
    Status,
)
from services.db import Session
from services.queries.changes import Mark, newest
from services.queries.dispute_page import WholeDispute, whole_dispute
from services.queries.history import history_of
from services.queries.problems import problem_of
from services.rules.action_checks import LIVE
from web.admin.frame import admin_page, coordinator
from web.forms import Form
from web.site import id_in, site_of
from web.telling import Fact, told_evidence, told_history, told_report

PLACES = {"dispute": "/admin/disputes/{}", "problem": "/admin/problems/{}"}
"""Pages of single matters."""


async def show_dispute(request: Request) -> Response:
    """The page of a dispute. Refused: NotSignedIn, NotFound."""
    return await dispute_page(request, id_in(request), Form())


async def show_problem(request: Request) -> Response:
    """The page of a problem report. Refused: NotSignedIn, NotFound."""
    return await problem_page(request, id_in(request), Form())


async def dispute_page(request: Request, number: int, form: Form, refused: str = "") -> Response:
    """The page of a dispute; `form`, `refused`: of a settlement that was refused."""

    def query(session: Session) -> tuple[CurrentUser, WholeDispute, Mark]:
        user = coordinator(session, request)
        return user, whole_dispute(session, number, user.person), newest(session)

    user, found, mark = await site_of(request).database.read(query)
    reader, dispute, row = user.reader, found.dispute, found.view.appointment
    return admin_page(
        request,
        "admin/dispute.html",
        user,
        status_code=_status(form, refused),
        form=form,
        refused=refused,
        read_at=PLACES["dispute"].format(number),
        found=found,
        number=number,
        key=f"dispute-{number}",
        unsent=() if dispute.status in LIVE else None,
        is_live=dispute.status in LIVE,
        can_return=row.status is Status.DISPUTED,
        slot=reader.dated_slot(row.starts_at, row.ends_at),
        reason=reason_told(reader, dispute.reason, dispute.text),
        by=found.names.get(dispute.opened_by_id, ""),
        said_at=reader.dated_moment(dispute.opened_at),
        state=_state(reader, found, user.person.id),
        evidence=told_evidence(reader, found.evidence),
        record=_record(reader, found),
        history=told_history(reader.dated(), found.history, user.person.id),
        mark=mark,
    )


async def problem_page(request: Request, number: int, form: Form, refused: str = "") -> Response:
    """The page of a problem report; `form`, `refused`: of an act that was refused."""

    def query(session: Session) -> tuple[Any, ...]:
        user = coordinator(session, request)
        problem = problem_of(session, number)
        history = history_of(session, problem.view.id, Role.COORDINATOR, user.person.id)
        return user, problem, history, newest(session)

    user, problem, history, mark = await site_of(request).database.read(query)
    reader, row = user.reader, problem.view.appointment
    is_open = problem.report.status is not ProblemStatus.CLOSED
    return admin_page(
        request,
        "admin/problem.html",
        user,
        status_code=_status(form, refused),
        form=form,
        refused=refused,
        read_at=PLACES["problem"].format(number),
        view=problem.view,
        number=number,
        key=f"problem-{number}",
        by=problem.parent,
        said_at=reader.dated_moment(problem.report.at),
        unsent=() if is_open else None,
        is_open=is_open,
        is_claimed=problem.report.claimed_at is not None,
        slot=reader.dated_slot(row.starts_at, row.ends_at),
        told=told_report(reader.dated(), problem, user.person.id),
        history=told_history(reader.dated(), history, user.person.id),
        mark=mark,
    )


def _status(form: Form, refused: str) -> int:
    return 409 if form.errors or refused else 200


def _state(reader: Reader, found: WholeDispute, viewer_id: int) -> str:
    """How far a dispute is: who settled it, or who looks into it."""
    dispute = found.dispute
    if dispute.settled_at is not None:
        return settlement_done(
            reader,
            dispute.status,
            found.settled_by,
            dispute.settled_at,
            dispute.settled_by_id == viewer_id,
        )
    if dispute.status is DisputeStatus.CLAIMED:
        return reader.label("Claimed by {who}", who=found.claimed_by)
    return reader.label("Nobody has claimed it.")


def _record(reader: Reader, found: WholeDispute) -> list[Fact]:
    """What was known when the dispute was opened, as it was frozen then."""
    frozen = found.dispute.evidence
    attendance = frozen.get("attendance", {})
    starts_at, ends_at = _at(attendance.get("starts_at")), _at(attendance.get("ends_at"))
    came, went = _at(attendance.get("checked_in_at")), _at(attendance.get("checked_out_at"))
    absent = reader.label("The student was absent") if attendance.get("student_absent") else ""
    is_extra = found.view.appointment.kind is Kind.ADHOC
    is_logged = is_extra and (came, went) == (starts_at, ends_at)
    every = [
        (
            reader.label("Booked"),
            reader.dated_slot(starts_at, ends_at) if starts_at and ends_at else "",
        ),
        *_attended(reader, came, went, is_logged=is_logged),
        (reader.label("Attendance"), absent),
        *((reader.label("Note"), _note(reader, one)) for one in frozen.get("notes", [])),
        *(
            (reader.label("Request"), _request(reader, one))
            for one in frozen.get("reschedules", [])
        ),
        *(
            (reader.label("Message sent"), _message(reader, found, one))
            for one in frozen.get("messages", [])
        ),
    ]
    return [(name, value) for name, value in every if value]


def _attended(
    reader: Reader, came: datetime | None, went: datetime | None, *, is_logged: bool
) -> list[Fact]:
    """Times of attendance; an extra session that was logged afterwards has none of its own."""
    if is_logged:
        return [(reader.label("Attendance"), reader.label("Logged afterwards, without check-in"))]
    return [
        (reader.label("Checked in"), reader.dated_moment(came) if came else ""),
        (reader.label("Checked out"), reader.dated_moment(went) if went else ""),
    ]


def _note(reader: Reader, one: dict[str, Any]) -> str:
    kind = part_label(reader, PartKind(one["kind"])) if one.get("kind") in set(PartKind) else ""
    told = one.get("text") or one.get("file_name") or kind
    at = _at(one.get("at"))
    return f"{told} ({reader.dated_moment(at)})" if at else str(told)


def _request(reader: Reader, one: dict[str, Any]) -> str:
    at = _at(one.get("new_starts_at"))
    side = (
        reader.label("the tutor") if one.get("side") == Role.TUTOR else reader.label("the family")
    )
    given = one.get("reason")
    text = one.get("text")
    why = reason_told(reader, ChangeReason(given) if given in set(ChangeReason) else None, text)
    if at is None:
        return ""
    asked = reader.label("{side}, to {time}", side=side, time=reader.dated_moment(at))
    return ". ".join(filter(None, (asked, why, text or "")))


def _message(reader: Reader, found: WholeDispute, one: dict[str, Any]) -> str:
    """When it was sent, to whom, and what it told; empty for an edit, which is no message."""
    at, to, given = _at(one.get("sent_at")), one.get("to"), one.get("kind")
    kind = MessageKind(given) if given in set(MessageKind) else None
    if at is None or kind in EDITING_KINDS:
        return ""
    who = (
        found.names.get(to, "") if isinstance(to, int) else reader.label("The coordinators' group")
    )
    told = message_words(reader, kind) if kind is not None else ""
    return " · ".join(filter(None, (reader.dated_moment(at), who, told)))


def _at(given: object) -> datetime | None:
    return datetime.fromisoformat(given) if isinstance(given, str) else None
