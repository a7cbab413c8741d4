"""Reminders put into words (SPEC 5, 8), where what they remind of is still so when they are sent.

They come silently in quiet hours, except those of a request whose session is near (UX 11).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from types import MappingProxyType

from markupsafe import Markup

from chat import callbacks, keyboards
from chat.cards.screens import ROOM, SHOWN, Section, and_more, length_of, sections_screen
from chat.cards.session import headline
from chat.message_parts import Delivery, Nothing, Send
from chat.messages.composing import NEAR, Job, brief, told
from chat.screen import Screen
from locales.reader import Reader
from models import Person
from models.enums import MessageKind, Role, Status
from services.lifecycle.open_requests import OpenRequest, open_request
from services.lifecycle.status import last_move
from services.messaging.deliveries import waiting_with
from services.queries.days import of_children_on, taught_on
from services.queries.requests import answers_owed
from services.queries.sessions import SessionView, roles_in, session_view
from services.queries.todos import without_notes

MOVED_ON = "the session has moved on"


# ------------------------------------------------------------------------------------- attendance


def _check_in_open(job: Job) -> Delivery:
    view = _as_it_was(job, Status.SCHEDULED)
    if view is None or open_request(job.session, view.id):
        return Nothing(MOVED_ON)
    return told(job, job.reader.text("⏰ Check-in is open. Tap the button when you are there."))


def _check_out_due(job: Job) -> Delivery:
    if _as_it_was(job, Status.CHECKED_IN) is None:
        return Nothing(MOVED_ON)
    return told(job, job.reader.text("⏰ This session is over. Please check out."))


def _as_it_was(job: Job, status: Status) -> SessionView | None:
    """The session, if it still is this tutor's, in this status and at the time reminded of."""
    view = _unmoved(job, status)
    is_theirs = view is not None and view.appointment.tutor_id == job.message.person_id
    return view if is_theirs else None


def _unmoved(job: Job, status: Status) -> SessionView | None:
    view = job.view()
    row = view.appointment
    starts_at = datetime.fromisoformat(job.payload["starts_at"])
    return view if (row.status, row.starts_at) == (status, starts_at) else None


# --------------------------------------------------------------------------------- days, in lists


def _tutor_digest(job: Job) -> Delivery:
    tutor, reader, agency = _person(job), job.reader, job.app.agency
    sections = (
        Section(
            reader.text("<b>Today's sessions</b>"),
            taught_on(job.session, tutor, agency, reader.now),
        ),
        Section(
            reader.text("<b>Requests that wait for your answer</b>"),
            answers_owed(job.session, tutor, reader.now),
        ),
        Section(
            reader.text("<b>Notes still to write</b>"),
            without_notes(job.session, tutor, reader.now),
            lacking_notes=True,
        ),
    )
    return _list(job, sections)


def _day_before(job: Job) -> Delivery:
    parent, day = _person(job), date.fromisoformat(job.payload["day"])
    views = of_children_on(job.session, parent, job.app.agency, day)
    return _list(job, [Section(job.reader.text("<b>Tomorrow's sessions</b>"), views)])


def _list(job: Job, sections: Iterable[Section]) -> Delivery:
    full = [section for section in sections if section.views]
    if not full:
        return Nothing("there is nothing left to tell")
    screen = sections_screen(
        job.session, _person(job), job.reader, full, job.app.agency, lasts=True
    )
    return Send(screen)


def _person(job: Job) -> Person:
    if job.person is None:
        raise ValueError("this reminder is for a person, not for the group")
    return job.person


# ------------------------------------------------------------------------------- acknowledgements


def _acknowledgement_due(job: Job) -> Delivery:
    """One session comes as its card; several whose turn has come are one message with a button
    each, and what they were to say is said with it.
    """
    if _awaited(job, job.payload) is None:
        return Nothing(MOVED_ON)
    waiting = waiting_with(job.session, job.message, job.reader.now)
    views = {one.id: _awaited(job, one.payload) for one in waiting}
    due = {number: view for number, view in views.items() if view is not None}
    sessions = list({view.id: view for view in due.values()}.values())
    if len(sessions) == 1:
        return told(job, job.reader.text("🔔 A reminder: this session waits for your answer."))
    said = tuple(number for number in due if number != job.message.id)
    return Send(_questions(job.reader, sessions), says_too=said)


def _awaited(job: Job, payload: Mapping[str, object]) -> SessionView | None:
    """The session, if it awaits this parent's answer to the same question still."""
    view = _asked(job, payload)
    if view is None:
        return None
    roles = roles_in(job.session, view.appointment, job.person)
    return view if Role.PARENT in roles else None


def _questions(reader: Reader, views: list[SessionView]) -> Screen:
    """Each with its number, by which its buttons are known: *Acknowledge* is one tap here, too."""
    blocks = [reader.text("🔔 <b>These sessions wait for your answer</b>")]
    rows: list[keyboards.Row] = []
    room = ROOM
    for number, view in enumerate(views[:SHOWN], start=1):
        lines = headline(reader, view, Role.PARENT, lasts=True)
        block = Markup("{}. ").format(number) + Markup("\n").join(lines)
        room -= length_of(block)
        if room < 0:
            break
        blocks.append(block)
        acknowledge = reader.label("Acknowledge {number}", number=number)
        details = reader.label("Details {number}", number=number)
        rows.append(
            (
                keyboards.success(acknowledge, callbacks.Acknowledge(view.id)),
                keyboards.button(details, callbacks.ShowSession(view.id)),
            )
        )
    if len(rows) < len(views):
        blocks.append(and_more(reader, len(views) - len(rows)))
    return Screen(Markup("\n\n").join(blocks), tuple(rows))


def _acknowledgements_overdue(job: Job) -> Delivery:
    """For the group, with what else it was to hear of this kind: first names only (UX 13)."""
    if _asked(job, job.payload) is None:
        return Nothing(MOVED_ON)
    waiting = waiting_with(job.session, job.message, job.reader.now)
    views = {one.id: _asked(job, one.payload) for one in waiting}
    due = {number: view for number, view in views.items() if view is not None}
    blocks = [job.reader.text("<b>No parent has answered for over 48 hours</b>")]
    blocks += [Markup("\n").join(brief(job, view)) for view in list(due.values())[:SHOWN]]
    if len(due) > SHOWN:
        blocks.append(and_more(job.reader, len(due) - SHOWN))
    link = keyboards.link(
        job.reader.label("Open"), f"https://t.me/{job.app.bot_username}?start=awaiting"
    )
    said = tuple(number for number in due if number != job.message.id)
    return Send(Screen(Markup("\n\n").join(blocks), ((link,),)), says_too=said)


def _asked(job: Job, payload: Mapping[str, object]) -> SessionView | None:
    """The session, if it awaits an answer to the same question still: it was not disputed and
    asked about anew, say.
    """
    view = session_view(job.session, int(str(payload["appointment_id"])))
    if view is None or view.status is not Status.AWAITING_APPROVAL_PARENT:
        return None
    move = last_move(job.session, view.id)
    return view if (move.id if move else 0) == payload["move"] else None


# --------------------------------------------------------------------------------------- requests


def _answer_due(job: Job) -> Delivery:
    request = _still_open(job)
    if request is None or request.proposal.id != job.payload["proposal_id"]:
        return Nothing("answered meanwhile")
    text = job.reader.text(
        "⏰ {who} waits for your answer: this session is to be moved. An answer counts until it "
        "starts {when}.",
        who=request.proposer.name,
        when=job.reader.when(request.thread.expires_at),
    )
    return _ringing(told(job, text), request, job.message.due_at)


def _request_expires(job: Job) -> Delivery:
    request = _still_open(job)
    view = job.view()
    if request is None or view.appointment.tutor_id != job.message.person_id:
        return Nothing("settled meanwhile")
    when = job.reader.when(request.thread.expires_at)
    if request.proposal.side is Role.PARENT:
        text = job.reader.text(
            "⏰ {who} has asked to move this session. Please answer before it starts {when}: "
            "otherwise it counts as not completed.",
            who=request.proposer.name,
            when=when,
        )
    else:
        text = job.reader.text(
            "⏰ Your request to move this session has no answer yet. To teach it as planned, "
            "withdraw the request before it starts {when}: otherwise it counts as not completed.",
            when=when,
        )
    return _ringing(told(job, text), request, job.message.due_at)


def _still_open(job: Job) -> OpenRequest | None:
    """The request, if an answer to it counts still."""
    if _unmoved(job, Status.SCHEDULED) is None:
        return None
    request = open_request(job.session, job.appointment_id)
    return request if request and job.reader.now < request.thread.expires_at else None


def _ringing(delivery: Delivery, request: OpenRequest, due_at: datetime) -> Delivery:
    """The one that is planned for twelve hours before the start wakes nobody; later ones do."""
    is_near = request.thread.expires_at - due_at < NEAR
    return replace(delivery, rings=is_near) if isinstance(delivery, Send) else delivery


COMPOSERS: Mapping[MessageKind, Callable[[Job], Delivery]] = MappingProxyType(
    {
        MessageKind.TUTOR_DIGEST: _tutor_digest,
        MessageKind.CHECK_IN_OPEN: _check_in_open,
        MessageKind.CHECK_OUT_DUE: _check_out_due,
        MessageKind.DAY_BEFORE: _day_before,
        MessageKind.ACKNOWLEDGEMENT_DUE: _acknowledgement_due,
        MessageKind.ACKNOWLEDGEMENTS_OVERDUE: _acknowledgements_overdue,
        MessageKind.ANSWER_DUE: _answer_due,
        MessageKind.REQUEST_EXPIRES: _request_expires,
    }
)
