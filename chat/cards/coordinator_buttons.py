"""What a coordinator may do with a session that its own people may not (SPEC 2, 6): buttons."""

from telegram import InlineKeyboardButton

from chat import callbacks, keyboards
from chat.callbacks import Deed
from chat.cards.replacement import is_lost
from locales.reader import Reader
from models.enums import Role, Status
from services.queries.sessions import SessionDetail


def coordination_buttons(
    reader: Reader, detail: SessionDetail
) -> tuple[InlineKeyboardButton | None, ...]:
    """*Cancel*, *Move*, *Other tutor* as long as it is scheduled; *Waive penalty*, *Replace*."""
    about, cancellation = detail.view.id, detail.cancellation
    has_penalty = cancellation is not None and cancellation.penalty is not None
    return (
        *(_of_scheduled(reader, detail) if _is_open(reader, detail) else ()),
        keyboards.button(reader.label("Waive penalty"), callbacks.WaivePenalty(about))
        if cancellation is not None and has_penalty and cancellation.waived_at is None
        else None,
        keyboards.button(reader.label("Replace"), callbacks.Coordinate(about, Deed.REPLACE))
        if is_lost(detail)
        else None,
    )


def _of_scheduled(reader: Reader, detail: SessionDetail) -> tuple[InlineKeyboardButton, ...]:
    about = detail.view.id
    is_theirs = detail.roles - {Role.COORDINATOR}  # then there is a *Cancel* of their own
    cancel = reader.label("Cancel for…") if is_theirs else reader.label("Cancel")
    return (
        keyboards.danger(cancel, callbacks.Coordinate(about, Deed.CANCEL)),
        keyboards.button(reader.label("Move"), callbacks.Coordinate(about, Deed.MOVE)),
        keyboards.button(reader.label("Other tutor"), callbacks.Coordinate(about, Deed.GIVE)),
    )


def _is_open(reader: Reader, detail: SessionDetail) -> bool:
    """From its start on nothing but the expiry may happen to a session with an open request."""
    request = detail.request
    is_expiring = request is not None and reader.now >= request.thread.expires_at
    return detail.view.status is Status.SCHEDULED and not is_expiring
