"""Outbox messages put into their reader's words, from the rows as they are when sent.

Each kind has one function; `compose` finds it. To whom a message goes is decided when it is
written (`services.notifications.announcements`); here it is decided what it says.
"""

from collections.abc import Callable
from datetime import datetime

from markupsafe import Markup
from telegram import InlineKeyboardButton

from chat import callbacks, keyboards
from chat.app_context import AppContext
from chat.cards.dispute import dispute_card
from chat.cards.screens import SHOWN, and_more
from chat.cards.session import headline
from chat.cards.tally import closed_tally_screen
from chat.message_parts import CardOf, Delivery, Edit, Nothing, Refresh, Send
from chat.messages import reminders
from chat.messages.composing import NEAR, Job, brief, card, live_cards, told
from chat.screen import Screen
from locales.file_refusals import file_refusal_text
from locales.reader import Reader
from locales.wording import change_reason, parts, status_label
from models import Card, OutboxMessage, Person
from models.enums import MessageKind, Role, Status
from services.db import Session
from services.media.refusals import FileRefusal
from services.notes import batches
from services.queries.dashboard import dispute_with_names
from services.queries.notes import late_parts
from services.queries.replacements import replacement
from services.queries.sessions import (
    roles_in,
    session_detail,
    views_of,
)


def compose(session: Session, message: OutboxMessage, app: AppContext) -> Delivery:
    """What an outbox message comes to now (`chat.message_parts`)."""
    now = app.clock.now()
    person = None if message.person_id is None else session.get(Person, message.person_id)
    reader = (
        Reader.for_agency(app.agency, now)
        if person is None
        else Reader.for_person(person, app.agency, now)
    )
    return _COMPOSERS[message.kind](Job(session, message, app, person, reader))


def _appointment_card(job: Job) -> Delivery:
    """A new card, for somebody who is to look at the session (again)."""
    view = job.view()
    screen = card(job)
    if screen is None:
        return Nothing("has no part in the session any more")
    rings = view.status is Status.DISPUTED
    return Send(screen, CardOf(view.id), rings=rings)


def _appointment_card_refresh(job: Job) -> Delivery:
    """Every card that the person has of the session, brought up to date."""
    live = live_cards(job, Card.person_id == job.message.person_id)
    screen = card(job) if live else None
    if screen is None:
        return Nothing("no card to refresh")
    return Refresh([Edit(card.id, card.chat_id, card.message_id, screen) for card in live])


def _dispute_card(job: Job) -> Delivery:
    dispute_id = int(job.payload["dispute_id"])
    return Send(_dispute(job), CardOf(job.appointment_id, dispute_id), rings=True)


def _dispute_card_refresh(job: Job) -> Delivery:
    live = live_cards(job, Card.dispute_id == int(job.payload["dispute_id"]))
    screen = _dispute(job)
    if not live and screen.rows:  # the group moved to a new id, say: the old card is out of reach
        return Send(screen, CardOf(job.appointment_id, int(job.payload["dispute_id"])))
    return Refresh([Edit(card.id, card.chat_id, card.message_id, screen) for card in live])


def _attendance_corrected(job: Job) -> Delivery:
    text = job.reader.text("A coordinator corrected the attendance of this session.")
    return told(job, text)


def _check_in_cleared(job: Job) -> Delivery:
    text = job.reader.text("A coordinator took back your check-in. The session is scheduled again.")
    return told(job, text)


def _notes_added(job: Job) -> Delivery:
    view = job.view()
    roles = roles_in(job.session, view.appointment, job.person)
    counted = batches.tally(job.session, int(job.payload["note_batch_id"]))
    if Role.PARENT not in roles or not counted.total:
        return Nothing("nothing for this reader")
    row, reader = view.appointment, job.reader
    text = reader.text(
        "📝 {tutor} added notes on <b>{student}</b>, {slot}: {parts}.",
        tutor=view.tutor.name,
        student=view.student.name,
        slot=reader.dated_slot(row.starts_at, row.ends_at),
        parts=parts(reader, counted.counts),
    )
    look = keyboards.button(reader.label("View notes"), callbacks.ViewNotes(view.id))
    return Send(Screen(text, ((look,),)))


def _notes_closed(job: Job) -> Delivery:
    view = job.view()
    counted = batches.tally(job.session, int(job.payload["note_batch_id"]))
    why = (
        job.reader.text("Nothing came for ten minutes, so these notes are done.")
        if counted.total
        else job.reader.text("Nothing came for ten minutes. /todos will remind you of these notes.")
    )
    return Send(closed_tally_screen(job.reader, counted, view, why))


def _problem_reported(job: Job) -> Delivery:
    """For the group: which session, by first name; who wrote and what is read in private."""
    view = job.view()
    text = job.reader.text("🔔 <b>A parent reported a problem</b>")
    link = keyboards.link(
        job.reader.label("Read it"),
        f"https://t.me/{job.app.bot_username}?start=problem_{job.payload['report_id']}",
    )
    return Send(Screen(Markup("\n").join([text, *brief(job, view)]), ((link,),)))


def _no_parent_linked(job: Job) -> Delivery:
    view = job.view()
    text = job.reader.text(
        "No parent of this child is linked, so nobody can acknowledge this session. It waits for "
        "the first who opens an invitation."
    )
    link = keyboards.link(
        job.reader.label("Invite"), f"https://t.me/{job.app.bot_username}?start=invite"
    )
    return Send(Screen(Markup("\n").join([*brief(job, view), text]), ((link,),)))


def _attendance_missed(job: Job) -> Delivery:
    found = views_of(job.session, [int(one) for one in job.payload["appointment_ids"]])
    kinds = [(view, view.missed(job.app.agency, job.reader.now)) for view in found]
    missing = [(view, kind) for view, kind in kinds if kind is not None]
    if not missing:
        return Nothing("settled meanwhile")
    blocks = [job.reader.text("<b>Attendance is missing</b>")]
    for view, kind in missing[:SHOWN]:
        label = status_label(job.reader, view.status, Role.COORDINATOR, kind)
        blocks.append(Markup("\n").join([Markup("<b>{}</b>").format(label), *brief(job, view)]))
    if len(missing) > SHOWN:
        blocks.append(and_more(job.reader, len(missing) - SHOWN))
    link = keyboards.link(
        job.reader.label("Open"), f"https://t.me/{job.app.bot_username}?start=missed"
    )
    return Send(Screen(Markup("\n\n").join(blocks), ((link,),)))


def _person_unreachable(job: Job) -> Delivery:
    person = job.session.get(Person, int(job.payload["person_id"]))
    text = job.reader.text(
        "{who} has blocked the bot. What is meant for them waits until they press Start again.",
        who=person.name if person else "",
    )
    return Send(Screen(text))


def _update_set_aside(job: Job) -> Delivery:
    text = job.reader.text(
        "⚠️ Something that was sent to the bot could not be handled and was set aside "
        "(update {number}). It is kept; please tell whoever runs the bot.",
        number=job.payload["update_id"],
    )
    return Send(Screen(text))


def _message_given_up(job: Job) -> Delivery:
    text = job.reader.text(
        "⚠️ A message could not be delivered: Telegram refuses it (message {number}). "
        "Please tell whoever runs the bot.",
        number=job.payload["message_id"],
    )
    return Send(Screen(text))


def _media_refused(job: Job) -> Delivery:
    why = file_refusal_text(
        job.reader,
        FileRefusal(job.payload["why"]),
        job.payload["file_name"],
        job.payload["params"],
    )
    text = job.reader.text("{why} The other parts are kept.", why=why)
    return Send(Screen(text), reply_to=job.payload["message_id"])


def _session_cancelled(job: Job) -> Delivery:
    """The other side's card rings where the session was near; the group gets a few lines."""
    view = job.view()
    if job.person is not None:
        screen = card(job)
        if screen is None:
            return Nothing("has no part in the session any more")
        rings = view.appointment.starts_at - job.reader.now < NEAR
        return Send(screen, CardOf(view.id), rings=rings)
    detail = session_detail(job.session, view.id, None)
    if detail is None or detail.cancellation is None:
        raise LookupError("the cancellation of an outbox message is gone")
    status = status_label(job.reader, view.status, Role.COORDINATOR)
    why = change_reason(job.reader, detail.cancellation.reason)
    lines = [
        Markup("<b>{}</b>").format(status),
        *brief(job, view),
        job.reader.text("Reason: {why}", why=why),
    ]
    return Send(Screen(Markup("\n").join(lines)))


def _dispute(job: Job) -> Screen:
    detail = session_detail(job.session, job.appointment_id, None)
    found = dispute_with_names(job.session, int(job.payload["dispute_id"]))
    if detail is None or found is None:
        raise LookupError("the dispute of an outbox message is gone")
    dispute, claimed_by, settled_by = found
    names = (claimed_by, settled_by)
    return dispute_card(job.reader, detail, dispute, names, job.app.agency, job.app.bot_username)


def _session_changed(job: Job) -> Delivery:
    """A new card of a session that is moved or asked to be; it rings where that was near."""
    screen = card(job)
    if screen is None:
        return Nothing("has no part in the session any more")
    near = datetime.fromisoformat(job.payload["near"]) - job.reader.now < NEAR
    return Send(screen, CardOf(job.appointment_id), rings=near)


def _session_expired(job: Job) -> Delivery:
    """For the group: which session was lost, and why."""
    view = job.view()
    status = status_label(job.reader, view.status, Role.COORDINATOR)
    why = job.reader.text("Nobody settled the request to move it before its start.")
    lines = [Markup("<b>{}</b>").format(status), *brief(job, view), why]
    return Send(Screen(Markup("\n").join(lines), ((_replace_link(job),),)))


def _session_reassigned(job: Job) -> Delivery:
    """For its former tutor; being a card, it takes the buttons off those before it."""
    view = job.view()
    if job.person is not None and view.tutor.id == job.person.id:
        return Nothing("theirs again")
    who, when, *_ = headline(job.reader, view, Role.COORDINATOR, lasts=True)
    lines = [job.reader.text("<b>This session is another tutor's now</b>"), who, when]
    rings = view.appointment.starts_at - job.reader.now < NEAR
    return Send(Screen(Markup("\n").join(lines)), CardOf(view.id), rings=rings)


def _replacement_asked(job: Job) -> Delivery:
    """For the group: which lost session; what comes in its place is put together in private."""
    view = job.view()
    found = replacement(job.session, view.appointment)
    if found.by is not None:
        return Nothing("replaced meanwhile")
    text = job.reader.text("🔁 <b>A replacement is asked for</b>")
    lines = Markup("\n").join([text, *brief(job, view)])
    return Send(Screen(lines, ((_replace_link(job),),)))


def _replace_link(job: Job) -> InlineKeyboardButton:
    address = f"https://t.me/{job.app.bot_username}?start=replace_{job.appointment_id}"
    return keyboards.link(job.reader.label("Replace"), address)


def _media_late(job: Job) -> Delivery:
    """For the group: whose notes have files that cannot be stored."""
    late = late_parts(job.session, [int(one) for one in job.payload["note_part_ids"]])
    if not late:
        return Nothing("stored meanwhile")
    found = views_of(job.session, sorted({part.appointment_id for part in late}))
    blocks = [
        job.reader.texts(
            "⚠️ {count} file of session notes cannot be stored for six hours. Telegram still has "
            "it, and it is tried again; please tell whoever runs the bot.",
            "⚠️ {count} files of session notes cannot be stored for six hours. Telegram still has "
            "them, and they are tried again; please tell whoever runs the bot.",
            len(late),
        ),
        *(Markup("\n").join(brief(job, view)) for view in found[:SHOWN]),
    ]
    return Send(Screen(Markup("\n\n").join(blocks)))


_COMPOSERS: dict[MessageKind, Callable[[Job], Delivery]] = {
    MessageKind.APPOINTMENT_CARD: _appointment_card,
    MessageKind.APPOINTMENT_CARD_REFRESH: _appointment_card_refresh,
    MessageKind.DISPUTE_CARD: _dispute_card,
    MessageKind.DISPUTE_CARD_REFRESH: _dispute_card_refresh,
    MessageKind.ATTENDANCE_CORRECTED: _attendance_corrected,
    MessageKind.CHECK_IN_CLEARED: _check_in_cleared,
    MessageKind.NOTES_ADDED: _notes_added,
    MessageKind.NOTES_CLOSED: _notes_closed,
    MessageKind.PROBLEM_REPORTED: _problem_reported,
    MessageKind.NO_PARENT_LINKED: _no_parent_linked,
    MessageKind.ATTENDANCE_MISSED: _attendance_missed,
    MessageKind.PERSON_UNREACHABLE: _person_unreachable,
    MessageKind.UPDATE_SET_ASIDE: _update_set_aside,
    MessageKind.MESSAGE_GIVEN_UP: _message_given_up,
    MessageKind.MEDIA_REFUSED: _media_refused,
    MessageKind.SESSION_CANCELLED: _session_cancelled,
    MessageKind.SESSION_CHANGED: _session_changed,
    MessageKind.SESSION_EXPIRED: _session_expired,
    MessageKind.MEDIA_LATE: _media_late,
    **reminders.COMPOSERS,
    MessageKind.SESSION_REASSIGNED: _session_reassigned,
    MessageKind.REPLACEMENT_ASKED: _replacement_asked,
}
