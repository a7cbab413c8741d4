"""Units of work of the notes dialogue (SPEC 3, 4)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from telegram import Update

from chat.callbacks.together import Sessions
from chat.cards.screens import session_screen
from chat.context import Context
from chat.current_user import CurrentUser, current_user, require_tutor
from chat.incoming import chat_id_of
from chat.screen import Screen
from chat.together import Became, act_on_each
from conversations import wizard
from conversations.stray_draft import StrayPart
from services.db import Session
from services.lifecycle.actors import Actor
from services.lifecycle.status import Outcome
from services.notes import batches
from services.notes.batches import Tally
from services.notes.declining import decline_notes
from services.queries import eligible
from services.queries.inbox import more_was_sent
from services.queries.sessions import SessionView
from services.rules.refusals import Refusal
from services.rules.refusals.standing import NotYourSession
from services.sessions import attendance

Count = Callable[[Session, CurrentUser], Tally]


@dataclass(frozen=True)
class OpenedNoteBatch:
    """A batch that takes parts now, and the one that ended by that, if one did."""

    tally: Tally
    view: SessionView
    ended: tuple[Tally, SessionView] | None


NextBatch = tuple[OpenedNoteBatch, tuple[int, ...]]
"""A batch that takes parts now, and the sessions whose notes are asked for after it."""


def to_check_out(
    session: Session, update: Update, context: Context
) -> tuple[CurrentUser, list[SessionView], SessionView | None]:
    """The tutor, the sessions to check out of, and the one that a refusal explains."""
    user, now = current_user(session, update, context), context.received_at
    require_tutor(user)
    ready = eligible.to_check_out(session, user.person, now)
    if ready:
        return user, ready, ready[0]
    nearest = eligible.nearest_to_check_out(session, user.person, context.app.agency, now)
    return user, ready, nearest


def check_out(
    session: Session, update: Update, context: Context, appointment_id: int
) -> tuple[CurrentUser, Outcome, Screen, OpenedNoteBatch | None]:
    """Check out, and begin a batch; one that a late tap finds open goes on."""
    user = current_user(session, update, context)
    outcome = attendance.check_out(session, appointment_id, user.actor)
    card = session_screen(session, user, appointment_id, context.app.agency)
    opened = (_continue if outcome.repeated else _open)(
        session, user.actor, chat_id_of(update), appointment_id
    )
    return user, outcome, card, opened


def check_out_together(
    session: Session, update: Update, context: Context, sessions: Sessions
) -> tuple[CurrentUser, list[Became], NextBatch | None]:
    """Check out of each session, and begin a batch for the first that this very update ended."""
    user = current_user(session, update, context)

    def check_out(appointment_id: int) -> Outcome:
        return attendance.check_out(session, appointment_id, user.actor)

    became = act_on_each(session, user, sessions, check_out, context.app.agency)
    ended = [one.appointment_id for one in became if one.done and one.done.at == user.actor.now]
    return user, became, _next(session, user.actor, chat_id_of(update), ended)


def begin_next(
    session: Session, update: Update, context: Context, sessions: Sequence[int]
) -> NextBatch | None:
    """A batch for the first of these sessions that takes notes."""
    user = current_user(session, update, context)
    return _next(session, user.actor, chat_id_of(update), sessions)


def _next(
    session: Session, actor: Actor, chat_id: int, sessions: Sequence[int]
) -> NextBatch | None:
    for place, number in enumerate(sessions, start=1):
        try:
            opened = _open(session, actor, chat_id, number)
        except Refusal:
            continue
        return opened, tuple(sessions[place:])
    return None


def for_notes(
    session: Session, update: Update, context: Context
) -> tuple[CurrentUser, list[SessionView]]:
    """Sessions to which the tutor can add notes now."""
    user = current_user(session, update, context)
    require_tutor(user)
    return user, eligible.for_notes(session, user.person, context.received_at)


def begin_batch(
    session: Session, update: Update, context: Context, appointment_id: int
) -> tuple[CurrentUser, OpenedNoteBatch]:
    """The batch for this session, open for parts."""
    user = current_user(session, update, context)
    return user, _open(session, user.actor, chat_id_of(update), appointment_id)


def keep_strays(
    session: Session,
    update: Update,
    context: Context,
    appointment_id: int,
    strays: Sequence[StrayPart],
) -> tuple[CurrentUser, OpenedNoteBatch]:
    """The batch for this session, with what came outside of any dialogue in it."""
    user, opened = begin_batch(session, update, context, appointment_id)
    batch_id, tally = opened.tally.batch.id, opened.tally
    for part in strays:
        if part.file is not None:
            tally = batches.add_file(
                session, batch_id, user.actor, part.file, part.text, part.source
            )
        else:
            tally = batches.add_text(session, batch_id, user.actor, part.text or "", part.source)
    return user, replace(opened, tally=tally)


def remove_part(
    session: Session, update: Update, context: Context, part_id: int
) -> tuple[CurrentUser, Tally, SessionView]:
    """Remove one part."""
    user = current_user(session, update, context)
    left = batches.remove_part(session, part_id, user.actor)
    return user, left, _view_of(session, left)


def close_batch(
    session: Session, update: Update, context: Context, batch_id: int
) -> tuple[CurrentUser, Tally, SessionView]:
    """End the tutor's own batch. Refused: NotYourSession, where it is another's."""
    user = current_user(session, update, context)
    if batches.tally(session, batch_id).batch.tutor_id != user.person.id:
        raise NotYourSession
    counted = batches.close_batch(session, batch_id, user.actor)
    return user, counted, _view_of(session, counted)


def decline(
    session: Session, update: Update, context: Context, batch_id: int
) -> tuple[CurrentUser, Tally, SessionView]:
    """End the tutor's own batch: there are no notes. Refused: NotYourSession."""
    user = current_user(session, update, context)
    if batches.tally(session, batch_id).batch.tutor_id != user.person.id:
        raise NotYourSession
    counted = decline_notes(session, batch_id, user.actor)
    return user, counted, _view_of(session, counted)


def counted(
    session: Session, update: Update, context: Context, count: Count
) -> tuple[CurrentUser, Tally, SessionView, bool]:
    """The tally, and whether more was sent in one go with this message."""
    user = current_user(session, update, context)
    tally = count(session, user)
    more_comes = more_was_sent(session, chat_id_of(update), update.update_id)
    return user, tally, _view_of(session, tally), more_comes


def _open(session: Session, actor: Actor, chat_id: int, appointment_id: int) -> OpenedNoteBatch:
    """The batch for this session: the one that goes on, or a new one.

    Refused: NotYourSession, WrongStatus.
    """
    before = batches.open_batch_of(session, actor, chat_id)
    batch = batches.open_batch(session, appointment_id, actor, chat_id)
    opened = batches.tally(session, batch.id)
    ended = None
    if before is not None and before.id != batch.id:
        tally = batches.tally(session, before.id)
        ended = (tally, _view_of(session, tally))
    return OpenedNoteBatch(opened, _view_of(session, opened), ended)


def _continue(
    session: Session, actor: Actor, chat_id: int, appointment_id: int
) -> OpenedNoteBatch | None:
    """The batch for this session if one is open: a late tap on *Check out* begins no new one."""
    batch = batches.open_batch_of(session, actor, chat_id)
    if batch is None or batch.appointment_id != appointment_id:
        return None
    return _open(session, actor, chat_id, appointment_id)


def _view_of(session: Session, tally: Tally) -> SessionView:
    return wizard.view_of(session, tally.batch.appointment_id)
