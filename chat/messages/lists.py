"""Lists that stand in private chats, composed anew as their sessions change (UX 17)."""

from chat.lists.registry import edit_of
from chat.message_parts import Delivery, EditList, Nothing, Refresh
from chat.messages.context import MessageContext, Writers
from models.enums import MessageKind
from services.messaging.lists import list_with, lists_of


def list_edits(context: MessageContext) -> list[EditList]:
    """Edits of the lists in which this reader sees the session."""
    if context.person is None:
        return []
    now = context.reader.now
    found = lists_of(context.session, context.appointment_id, context.person.id)
    edits = (edit_of(context.session, context.app, one, now) for one in found)
    return [one for one in edits if one is not None]


def _list_refresh(context: MessageContext) -> Delivery:
    shown = list_with(context.session, int(context.payload["list_id"]))
    if shown is None:
        return Nothing("the list is over")
    edit = edit_of(context.session, context.app, shown, context.reader.now)
    return Nothing("no news for the list") if edit is None else Refresh((), lists=(edit,))


WRITERS: Writers = {MessageKind.LIST_REFRESH: _list_refresh}
