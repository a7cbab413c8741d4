"""What coordinators do with a session: verify, correct, clear, cancel, waive, move, hand over,
replace (SPEC 2, 3, 6).
"""

from collections.abc import Callable, Mapping
from datetime import UTC
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from locales.current_user import CurrentUser
from locales.penalties import guidance_words, penalty_changed, penalty_words, until_words
from locales.people_words import choice_of
from locales.reader import Reader
from locales.refusals import refusal_text
from locales.typed_words import vocabulary_of
from models.enums import Action, Role
from services.approvals.approvals import verify
from services.db import Session
from services.lifecycle.access import require_coordinator
from services.lifecycle.actors import Actor
from services.lifecycle.decisions import require_step
from services.queries.movable import require_movable
from services.queries.sessions import SessionView
from services.queries.tutors import free_tutors
from services.rules.attendance import require_possible_attendance
from services.rules.penalties import Guidance, digest_of
from services.rules.refusals.attendance import AttendanceImpossible
from services.rules.refusals.requests import SlotPassed, SlotTaken
from services.rules.refusals.sessions import NotFound, StaleButton, TutorAway, TutorTaken
from services.rules.refusals.typed import TimeNotClear, TimesNotRead
from services.rules.session_actions import SessionAction
from services.rules.typed_times import read_span_near
from services.sessions.attendance import clear_check_in, correct_attendance
from services.sessions.cancellations import cancel_for
from services.sessions.coordinator_actions import move, reassign, require_scheduled
from services.sessions.replacements import Instead, replace, require_replaceable
from services.sessions.waivers import require_waivable, waive_penalty
from web.days import INSTANT, instant_if_any
from web.forms import Form
from web.offers import path_of
from web.sessions.coordinating import Step, asking, doing
from web.sessions.slots import ANOTHER_TIME_WILL_DO, confirming_for_agency, offered, typed_start
from web.site import row_id, site_of

Shown = Mapping[str, Any]


def _requiring(action: Action) -> Any:
    """A look at a session for which only the reason is asked."""

    def look(
        session: Session, _request: Request, user: CurrentUser, view: SessionView, _form: Form
    ) -> Shown:
        require_coordinator(session, user.actor)
        require_step(session, view.id, action, Role.COORDINATOR, user.actor.now)
        return {}

    return look


def _with_reason(use_case: Callable[[Session, int, Actor, str], object]) -> Any:
    """What is done to a session with nothing but the reason."""

    def do(
        session: Session, _request: Request, user: CurrentUser, view: SessionView, form: Form
    ) -> object:
        return use_case(session, view.id, user.actor, form["text"])

    return do


def _look_at_times(
    session: Session, request: Request, user: CurrentUser, view: SessionView, form: Form
) -> Shown:
    """The times as booked, or as far as they are known, to be corrected."""
    _requiring(Action.CORRECT_ATTENDANCE)(session, request, user, view, form)
    row, zone = view.appointment, user.reader.zone
    came = (row.checked_in_at or row.starts_at).astimezone(zone)
    went = (row.checked_out_at or row.ends_at).astimezone(zone)
    return {"times": f"{came:%H:%M}-{went:%H:%M}"}


def _correct(
    session: Session, _: Request, user: CurrentUser, view: SessionView, form: Form
) -> object:
    """Set both times. Those that were typed otherwise than they are read are shown back first."""
    start, zone = view.appointment.starts_at, user.reader.zone
    words = vocabulary_of(user.reader.language)
    first, last = read_span_near(form["times"], start, zone, words)
    as_read = f"{first:%H:%M}-{last:%H:%M}"
    if form["times"].replace(" ", "") != as_read:
        require_possible_attendance(first, last, user.actor.now)
        form.values["times"] = as_read
        form.errors["times"] = user.reader.label(
            "Is that {slot} ({duration})? If so, please press the button again.",
            slot=user.reader.dated_slot(first, last),
            duration=user.reader.duration(round((last - first).total_seconds() / 60)),
        )
        raise TimesNotRead
    return correct_attendance(session, view.id, user.actor, first, last, form["text"])


def _guidance(
    request: Request, user: CurrentUser, view: SessionView, side: Role
) -> Guidance | None:
    notice = view.appointment.starts_at - user.actor.now
    return site_of(request).penalties.sheet.guidance_for(side, notice)


def _look_at_penalty(
    session: Session,
    request: Request,
    user: CurrentUser,
    view: SessionView,
    _form: Form,
    *,
    side: Role,
) -> Shown:
    action = Action.CANCEL_FOR_TUTOR if side is Role.TUTOR else Action.CANCEL_FOR_PARENT
    require_scheduled(session, view.id, user.actor, action)
    guidance = _guidance(request, user, view, side)
    sheet, starts_at = site_of(request).penalties.sheet, view.appointment.starts_at
    return {
        "guidance": guidance,
        "penalty": guidance_words(user.reader, guidance),
        "until": until_words(user.reader, sheet.holds_until(side, starts_at, user.actor.now)),
        "shown": digest_of(guidance),
    }


def _cancel(
    session: Session,
    request: Request,
    user: CurrentUser,
    view: SessionView,
    form: Form,
    *,
    side: Role,
) -> object:
    guidance = _guidance(request, user, view, side)
    if form["shown"] != digest_of(guidance):
        form.errors["penalty"] = penalty_changed(user.reader)
        raise StaleButton
    return cancel_for(session, view.id, user.actor, side, form["text"], guidance)


def _look_at_waiver(
    session: Session, _: Request, user: CurrentUser, view: SessionView, _form: Form
) -> Shown:
    found, reader = require_waivable(session, view.id, user.actor), user.reader
    penalty = penalty_words(reader, found.penalty or "", found.amount)
    if found.side is Role.TUTOR:
        return {"about": reader.label("The tutor's penalty: {penalty}", penalty=penalty)}
    return {"about": reader.label("The family's penalty: {penalty}", penalty=penalty)}


def _look_at_tutors(
    session: Session, _: Request, user: CurrentUser, view: SessionView, _form: Form
) -> Shown:
    appointment = require_scheduled(session, view.id, user.actor, Action.REASSIGN)
    zone = user.reader.agency_zone
    free = free_tutors(session, appointment, zone)
    return {
        "tutors": [(str(one.id), choice_of(user.reader, one)) for one in free],
        "seen": str(appointment.tutor_id),
    }


def _hand_over(
    session: Session, _: Request, user: CurrentUser, view: SessionView, form: Form
) -> object:
    if not form["tutor"]:
        form.errors["tutor"] = user.reader.label("Please choose a tutor.")
        raise NotFound
    tutor, seen, zone = row_id(form["tutor"]), row_id(form["seen"]), user.reader.agency_zone
    return reassign(session, view.id, user.actor, tutor, form["text"], seen=seen, zone=zone)


def _look_at_slots(
    session: Session,
    _: Request,
    user: CurrentUser,
    view: SessionView,
    form: Form,
    *,
    is_replacement: bool,
) -> Shown:
    """Times to choose from, or the one that was chosen, shown back before it counts."""
    zone = user.reader.agency_zone
    if is_replacement:
        appointment = require_replaceable(session, view.id, user.actor, zone=zone)
    else:
        appointment = require_scheduled(session, view.id, user.actor, Action.MOVE)
    start = instant_if_any(form["at"]) or typed_start(user.reader, appointment, form)
    if start is not None:
        try:
            if is_replacement:
                require_replaceable(session, view.id, user.actor, Instead(start), zone=zone)
            else:
                require_movable(session, appointment, start, user.actor.now, zone)
        except ANOTHER_TIME_WILL_DO as refusal:
            form.errors["typed"] = refusal_text(user.reader, refusal, user.person.id)
            start = None
    seen = appointment.starts_at.astimezone(UTC).strftime(INSTANT)
    if start is None:
        return {
            "slots": offered(session, user.reader, appointment, user.person.id, form),
            "seen": seen,
        }
    return {
        "chosen": confirming_for_agency(user.reader, appointment, start, form),
        "seen": seen,
    }


def _move(
    session: Session,
    _: Request,
    user: CurrentUser,
    view: SessionView,
    form: Form,
    *,
    is_replacement: bool,
) -> object:
    start, seen = instant_if_any(form["at"]), instant_if_any(form["seen"])
    if start is None or seen is None:
        raise SlotPassed
    actor, why, zone = user.actor, form["text"], user.reader.agency_zone
    if is_replacement:
        return replace(session, view.id, actor, Instead(start), why, zone=zone)
    return move(session, view.id, actor, start, why, seen=seen, zone=zone)


def _tells_both(reader: Reader) -> str:
    return reader.label("Tutor and parents are told, with your reason.")


def _cancelling(side: Role, action: SessionAction, done_as: Action) -> Step:
    is_tutor = side is Role.TUTOR
    return Step(
        action,
        done_as,
        lambda reader: (
            reader.label("Cancel for the tutor?")
            if is_tutor
            else reader.label("Cancel for the family?")
        ),
        lambda reader: reader.label("Cancel session"),
        _tells_both,
        partial(_look_at_penalty, side=side),
        partial(_cancel, side=side),
        (((StaleButton,), "penalty"),),
        is_last=True,
    )


STEPS = (
    Step(
        SessionAction.VERIFY,
        Action.VERIFY,
        lambda reader: reader.label("Verify this session?"),
        lambda reader: reader.label("Verify"),
        lambda reader: reader.label("It counts as held, on the parents' behalf."),
        _requiring(Action.VERIFY),
        _with_reason(verify),
    ),
    Step(
        SessionAction.CORRECT_ATTENDANCE,
        Action.CORRECT_ATTENDANCE,
        lambda reader: reader.label("Correct the attendance"),
        lambda reader: reader.label("Set these times"),
        lambda reader: reader.label("The parents are asked to acknowledge it."),
        _look_at_times,
        _correct,
        (((TimesNotRead, TimeNotClear, AttendanceImpossible), "times"),),
    ),
    Step(
        SessionAction.CLEAR_CHECK_IN,
        Action.CLEAR_CHECK_IN,
        lambda reader: reader.label("Clear the check-in?"),
        lambda reader: reader.label("Clear check-in"),
        lambda reader: reader.label("The session is scheduled again; its tutor is told."),
        _requiring(Action.CLEAR_CHECK_IN),
        _with_reason(clear_check_in),
    ),
    _cancelling(Role.TUTOR, SessionAction.CANCEL_FOR_TUTOR, Action.CANCEL_FOR_TUTOR),
    _cancelling(Role.PARENT, SessionAction.CANCEL_FOR_PARENT, Action.CANCEL_FOR_PARENT),
    Step(
        SessionAction.WAIVE_PENALTY,
        Action.WAIVE_PENALTY,
        lambda reader: reader.label("Waive the penalty?"),
        lambda reader: reader.label("Waive penalty"),
        lambda reader: reader.label("The side that cancelled is told, with your reason."),
        _look_at_waiver,
        _with_reason(waive_penalty),
    ),
    Step(
        SessionAction.REASSIGN,
        Action.REASSIGN,
        lambda reader: reader.label("Who teaches it instead?"),
        lambda reader: reader.label("Hand over"),
        lambda reader: reader.label(
            "Both tutors and the parents are told. Please call a tutor who is not linked."
        ),
        _look_at_tutors,
        _hand_over,
        (((TutorAway, TutorTaken, SlotTaken, NotFound), "tutor"),),
    ),
    Step(
        SessionAction.MOVE,
        Action.MOVE,
        lambda reader: reader.label("Move this session"),
        lambda reader: reader.label("Move"),
        _tells_both,
        partial(_look_at_slots, is_replacement=False),
        partial(_move, is_replacement=False),
        ((ANOTHER_TIME_WILL_DO, "typed"),),
        "relocate.html",
    ),
    Step(
        SessionAction.REPLACE,
        Action.REPLACE,
        lambda reader: reader.label("Book a replacement"),
        lambda reader: reader.label("Book it"),
        _tells_both,
        partial(_look_at_slots, is_replacement=True),
        partial(_move, is_replacement=True),
        ((ANOTHER_TIME_WILL_DO, "typed"),),
        "relocate.html",
    ),
)
"""Every step of coordinators that has a page."""


def routes() -> list[Route]:
    """Routes of this module."""
    return [
        route
        for step in STEPS
        for route in (
            Route(path_of(step.action), asking(step)),
            Route(path_of(step.action), doing(step), methods=["POST"]),
        )
    ]
