"""What a parent sends outside of any dialogue: for a dispute, or for a problem report (SPEC 9).

photo, sentence --> one session in reach: [Dispute] [Report a problem] [Leave]
              |                              |       +--> `problem`, with the files
              |                              +--> `dispute`, with the files as evidence
              +--> several: [Emily · Wed 25 Nov 13:40] ... [Leave] --> as above
              +--> with a report that nobody has closed: [Write again] ... --> `problem`
              +--> with a session within four hours: [📣 Emily · Wed 25 Nov 18:00] --> `late_change`
"""

from collections import Counter
from collections.abc import Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton, Update

from chat import callbacks, keyboards, replies
from chat.cards.screens import session_label
from chat.cards.session import headline
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.screen import Screen
from conversations.stray_draft import StrayDraft, require_offered
from conversations.wizard import Next, view_of
from locales.parts import parts
from locales.reader import Reader
from models.enums import PartKind, Role, Status
from services.db import Session
from services.queries.meant import Meant
from services.queries.sessions import SessionView, roles_in
from services.rules.refusals.sessions import StaleButton


async def choose_session(update: Update, context: Context) -> Next:
    """A session of several: what are the files, a dispute of it or a report?"""
    about = callbacks.tapped(callbacks.StraysAbout, update).appointment_id
    draft = require_offered(update, context)
    user, view = await context.app.database.read(_of_parent, update, context, about)
    await replies.answer(update)
    await replies.show(update, context, _what_for(user.reader, view, draft))
    return None


def offer_screen(
    reader: Reader,
    meant: Meant,
    draft: StrayDraft,
    near: Sequence[SessionView],
    answers: Sequence[InlineKeyboardButton],
    *more: InlineKeyboardButton,
) -> Screen:
    """What came, and what it can be: for the coordinators before a session that is `near`, an
    answer to a request, or more on a report of theirs, before anything else.

    `answers`: buttons of requests. `more`: buttons for what else it may be.
    """
    views = list(meant.views)
    if len(views) == 1 and not meant.reported and not near and not answers:
        return _what_for(reader, views[0], draft, *more)
    asked, buttons = (
        reader.text("Which session is it about?"),
        [*near_buttons(reader, near), *answers],
    )
    if near:
        asked += Markup("\n") + only_coordinators(reader)
    elif meant.reported and not answers:
        first, *views = views
        slot = reader.dated_slot(first.appointment.starts_at, first.appointment.ends_at)
        asked = reader.text(
            "Is it about your report on <b>{student}</b>, {slot}?",
            student=first.student.name,
            slot=slot,
        )
        again = callbacks.StraysToReport(first.id)
        buttons.append(keyboards.button(reader.label("Write again"), again))
        buttons += _disputes(reader, first)
    buttons += session_buttons(reader, views)
    leave = keyboards.button(
        reader.label("Leave"), callbacks.LeaveStrays((*near, *meant.views)[0].id)
    )
    rows = keyboards.one_a_row(*buttons, *more, leave)
    return Screen(unsent(reader, draft) + " " + asked, rows)


def session_buttons(reader: Reader, views: Sequence[SessionView]) -> list[InlineKeyboardButton]:
    """A button for each session that it can be about."""
    return [
        keyboards.button(session_label(reader, view, lasts=True), callbacks.StraysAbout(view.id))
        for view in views
    ]


def only_coordinators(reader: Reader) -> Markup:
    """What 📣 is for."""
    return reader.text(
        "📣 Within four hours of the start only the coordinators can change a session."
    )


def near_buttons(reader: Reader, near: Sequence[SessionView]) -> list[InlineKeyboardButton]:
    """A button that tells the coordinators of each session that begins soon."""
    return [
        keyboards.button(
            f"📣 {session_label(reader, view, lasts=True)}", callbacks.StraysToTell(view.id)
        )
        for view in near
    ]


def _what_for(
    reader: Reader, view: SessionView, draft: StrayDraft, *more: InlineKeyboardButton
) -> Screen:
    text = unsent(reader, draft) + " " + reader.text("What is it for?")
    lines = [*headline(reader, view, Role.PARENT), Markup(), text]
    report = keyboards.button(reader.label("Report a problem"), callbacks.StraysToReport(view.id))
    leave = keyboards.button(reader.label("Leave"), callbacks.LeaveStrays(view.id))
    rows = keyboards.in_pairs(*_disputes(reader, view), report, *more, leave)
    return Screen(Markup("\n").join(lines), rows)


def _disputes(reader: Reader, view: SessionView) -> list[InlineKeyboardButton]:
    """*Dispute*, if the session can be disputed."""
    if view.status is not Status.AWAITING_APPROVAL_PARENT:
        return []
    return [keyboards.danger(reader.label("Dispute"), callbacks.StraysToDispute(view.id))]


def unsent(reader: Reader, draft: StrayDraft) -> Markup:
    """What came, and that nobody has it."""
    if not draft.files:
        return reader.text("📨 <b>Your message</b> has not been sent to anybody yet.")
    kinds = Counter(one.file.kind if one.file else PartKind.TEXT for one in draft.parts)
    return reader.text("📎 <b>{parts}</b>, not sent to anybody yet.", parts=parts(reader, kinds))


def _of_parent(
    session: Session, update: Update, context: Context, appointment_id: int
) -> tuple[CurrentUser, SessionView]:
    """A session of the parent's child. Refused: NotFound, StaleButton."""
    user, view = current_user(session, update, context), view_of(session, appointment_id)
    if Role.PARENT not in roles_in(session, view.appointment, user.person):
        raise StaleButton
    return user, view
