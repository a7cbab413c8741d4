"""A sitting with notes, as the notes dialogue opens it (SPEC 4)."""

from dataclasses import dataclass

from services.db import Session
from services.lifecycle.actors import Actor
from services.notes import batches
from services.notes.batches import Tally
from services.queries.sessions import SessionView, session_view
from services.rules.refusals import Refusal, RefusalCode


@dataclass(frozen=True)
class OpenedNoteBatch:
    """A sitting that takes parts now, and the one that ended by that, if one did."""

    tally: Tally
    view: SessionView
    ended: tuple[Tally, SessionView] | None


def open_note_batch(
    session: Session, actor: Actor, chat_id: int, appointment_id: int
) -> OpenedNoteBatch:
    """The sitting for this session: the one that goes on, or a new one.

    Refused: NOT_YOUR_SESSION, WRONG_STATUS.
    """
    before = batches.open_batch_of(session, actor, chat_id)
    batch = batches.open_batch(session, appointment_id, actor, chat_id)
    opened = batches.tally(session, batch.id)
    ended = None
    if before is not None and before.id != batch.id:
        tally = batches.tally(session, before.id)
        ended = (tally, view_of(session, tally))
    return OpenedNoteBatch(opened, view_of(session, opened), ended)


def continue_note_batch(
    session: Session, actor: Actor, chat_id: int, appointment_id: int
) -> OpenedNoteBatch | None:
    """The sitting for this session if one is open: a late tap on *Check out* begins no new one."""
    batch = batches.open_batch_of(session, actor, chat_id)
    if batch is None or batch.appointment_id != appointment_id:
        return None
    return open_note_batch(session, actor, chat_id, appointment_id)


def view_of(session: Session, tally: Tally) -> SessionView:
    """The session that a sitting is about."""
    view = session_view(session, tally.batch.appointment_id)
    if view is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return view
