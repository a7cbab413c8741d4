"""First line of a card: the result, and what it means for the reader (SPEC 5, 6; UX 18)."""

from types import MappingProxyType

from markupsafe import Markup

from locales.catalogue import phrase
from locales.reader import Reader
from locales.results import result_of
from models.enums import Action, Role, Status
from services.queries.sessions import SessionDetail


def result_line(reader: Reader, detail: SessionDetail, role: Role) -> Markup | None:
    """Settlement or cancellation in one sentence, in place of the status; None without one."""
    result = result_of(reader, detail, role)
    return None if result is None else Markup("<b>{}</b>").format(result)


def change_line(reader: Reader, detail: SessionDetail, role: Role) -> Markup | None:
    """Outcome of the last change of a session that is still to come: when it takes place, or whose
    it is now.

    None without a change, and while a request is open.
    """
    change, row = detail.last_change, detail.view.appointment
    if change is None or detail.request:
        return None
    if row.status is not Status.SCHEDULED or reader.now >= row.starts_at:
        return None
    if change.action is Action.REASSIGN:
        return _given_line(reader, detail, role)
    slot = reader.dated_slot(row.starts_at, row.ends_at)
    return reader.text(_SAID[change.action], slot=slot)


def _given_line(reader: Reader, detail: SessionDetail, role: Role) -> Markup:
    if role is Role.TUTOR:
        return reader.text("<b>This session is yours now</b>")
    return reader.text("<b>{tutor} takes this session</b>", tutor=detail.view.tutor.name)


_SAID = MappingProxyType(
    {
        Action.ACCEPT: phrase("<b>Moved to {slot}</b>"),
        Action.MOVE: phrase("<b>Moved to {slot}</b>"),
        Action.REJECT: phrase("<b>Declined: it stays {slot}</b>"),
        Action.WITHDRAW: phrase("<b>Withdrawn: it stays {slot}</b>"),
    }
)
