"""*No notes*: a tutor says that a session has none, and is not asked for them again (SPEC 8)."""

from models.enums import Action, Role
from services.db import Session
from services.lifecycle.actors import Actor
from services.lifecycle.status import last_done, record
from services.notes.batches import Tally, close_batch


def decline_notes(session: Session, batch_id: int, actor: Actor) -> Tally:
    """Close an empty batch for good; where the session has notes this is *Done*. A second call
    changes nothing.
    """
    counted = close_batch(session, batch_id, actor)
    about = counted.batch.appointment_id
    if not counted.has_notes and last_done(session, about, Action.DECLINE_NOTES) is None:
        record(session, Action.DECLINE_NOTES, Role.TUTOR, actor, appointment_id=about)
    return counted
