"""What a parent sends outside of any dialogue: for a dispute, or for a problem report (SPEC 9).

photo, sentence --> one session in reach: [Dispute] [Report a problem] [Leave]
              |                              |       +--> `problem`, with the files
              |                              +--> `dispute`, with the files as evidence
              +--> several: [Emily · Wed 25 Nov 13:40] ... [Leave] --> as above
              +--> with a report that nobody has closed: [Answer] ... --> `problem`
              +--> with a session within four hours: [📣 Emily · Wed 25 Nov 18:00] --> `late_change`
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup
from telegram import Update

from chat import callbacks, keyboards, replies
from chat.cards.screens import session_label
from chat.cards.session import headline
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.lists.showing import keep_offer
from chat.screen import Screen
from conversations.stray_draft import StrayDraft, require_offered
from conversations.stray_reach import Reach
from conversations.wizard import Next, view_of
from locales.parts import parts
from locales.reader import Reader
from models.enums import PartKind, Role, Status
from services.db import Session
from services.queries.sessions import SessionView, roles_in
from services.rules.refusals.sessions import StaleButton


async def choose_session(update: Update, context: Context) -> Next:
    """A session of several: what is it, a dispute of it or a report? What comes now is about it."""
    about = callbacks.tapped(callbacks.StraysAbout, update).appointment_id
    draft = require_offered(update, context)
    user, view = await context.app.database.read(_of_parent, update, context, about)
    await replies.answer(update)
    screen = what_for(user.reader, view, draft)
    place = await replies.show(update, context, screen)
    await keep_offer(context, place, user, screen, draft.stands_until, about)
    if draft == context.dialogues.draft(update, StrayDraft):
        context.dialogues.set_draft(update, replace(draft, about=about))
    return None


def offer_screen(
    reach: Reach,
    draft: StrayDraft,
    answers: Sequence[keyboards.InlineButton],
    likely: Sequence[keyboards.InlineButton],
    *more: keyboards.InlineButton,
) -> Screen:
    """What came, and what it can be: before anything else for the coordinators of a session that is
    near, an answer to a request, another `likely` thing, or more on a report of theirs; before all
    of these for a session that was cancelled, where a time was written below its card.

    Where a session was chosen, or it is a reply to a message about it, that one comes first.
    `answers`: buttons of requests. `more`: buttons for what else it may be.
    """
    reader, meant, near = reach.user.reader, reach.meant, reach.near
    views, to_tell = list(meant.views), near_buttons(reader, near)
    before = [*answers, *to_tell] if reach.is_lost_first else [*to_tell, *answers]
    if not meant.reported and (reach.is_chosen or (len(views) == 1 and not before)):
        others = session_buttons(reader, views[1:])
        return what_for(reader, views[0], draft, [*before, *likely], *others, *more)
    asked, buttons = reader.text("Which session is it about?"), [*before, *likely]
    if near:
        asked += Markup("\n") + only_coordinators(reader, near)
    elif meant.reported and (reach.is_chosen or meant.is_more or not buttons):
        one, *views = views
        again = _again_buttons(reader, one, answers=meant.awaits_answer)
        asked, buttons = _report_again(reader, one), [*again, *buttons]
    buttons += session_buttons(reader, views)
    first = next((view.id for view in (*near, *meant.views, *reach.lost)), callbacks.NO_SESSION)
    leave = keyboards.button(reader.label("Leave"), callbacks.LeaveStrays(first))
    rows = keyboards.one_a_row(*buttons, *more, leave)
    return Screen(unsent(reader, draft) + " " + asked, rows)


def _report_again(reader: Reader, view: SessionView) -> Markup:
    slot = reader.dated_slot(view.appointment.starts_at, view.appointment.ends_at)
    name = view.student.name
    return reader.text(
        "Is it about your report on <b>{student}</b>, {slot}?", student=name, slot=slot
    )


def _again_buttons(
    reader: Reader, view: SessionView, *, answers: bool
) -> list[keyboards.InlineButton]:
    """*Answer* where a coordinator has replied, else *Add to it*, and what else can be done with a
    session on which there is a report.
    """
    label = reader.label("Answer") if answers else reader.label("Add to it")
    again = keyboards.button(label, callbacks.StraysToReport(view.id))
    return [again, *_disputes(reader, view)]


def session_buttons(reader: Reader, views: Sequence[SessionView]) -> list[keyboards.InlineButton]:
    """A button for each session that it can be about."""
    return [
        keyboards.button(session_label(reader, view, lasts=True), callbacks.StraysAbout(view.id))
        for view in views
    ]


def only_coordinators(reader: Reader, near: Sequence[SessionView]) -> Markup:
    """What 📣 is for."""
    if all(view.appointment.starts_at <= reader.now for view in near):
        return reader.text("📣 sends it to the coordinators.")
    return reader.text(
        "📣 Within four hours of the start only the coordinators can change a session."
    )


def near_buttons(reader: Reader, near: Sequence[SessionView]) -> list[keyboards.InlineButton]:
    """A button that tells the coordinators of each session that begins soon."""
    return [
        keyboards.button(
            f"📣 {session_label(reader, view, lasts=True)}", callbacks.StraysToTell(view.id)
        )
        for view in near
    ]


def what_for(
    reader: Reader,
    view: SessionView,
    draft: StrayDraft,
    first: Sequence[keyboards.InlineButton] = (),
    *more: keyboards.InlineButton,
) -> Screen:
    """What it can be, of one session."""
    text = unsent(reader, draft) + " " + reader.text("What is it for?")
    lines = [*headline(reader, view, Role.PARENT), Markup(), text]
    report = keyboards.button(reader.label("Report a problem"), callbacks.StraysToReport(view.id))
    leave = keyboards.button(reader.label("Leave"), callbacks.LeaveStrays(view.id))
    rows = (
        *keyboards.one_a_row(*first),
        *keyboards.in_pairs(*_disputes(reader, view), report, *more, leave),
    )
    return Screen(Markup("\n").join(lines), rows)


def _disputes(reader: Reader, view: SessionView) -> list[keyboards.InlineButton]:
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
