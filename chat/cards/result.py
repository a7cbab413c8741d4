"""First line of a card: the result, and what it means for the reader (SPEC 5, 6; UX 18)."""

from markupsafe import Markup

from locales.reader import Reader
from locales.results import result_of
from models.enums import Action, Role, Status
from services.queries.sessions import SessionDetail

_MOVES = (Action.ACCEPT, Action.MOVE)


def result_line(reader: Reader, detail: SessionDetail, role: Role) -> Markup | None:
    """Settlement or cancellation in one sentence, in place of the status; None without one."""
    result = result_of(reader, detail, role)
    return None if result is None else Markup("<b>{}</b>").format(result)


def moved_line(reader: Reader, detail: SessionDetail) -> Markup | None:
    """Time to which a session that is still to come was moved last; None if it was not."""
    change, row = detail.last_change, detail.view.appointment
    if change is None or change.action not in _MOVES or detail.request:
        return None
    if row.status is not Status.SCHEDULED or reader.now >= row.starts_at:
        return None
    slot = reader.dated_slot(row.starts_at, row.ends_at)
    return reader.text("<b>Moved to {slot}</b>", slot=slot)
