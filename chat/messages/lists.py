"""Lists that stand in private chats, composed anew as their sessions change (UX 17)."""

from chat.lists.registry import edit_of
from chat.message_parts import Delivery, EditList, Nothing, Refresh
from chat.messages.context import MessageContext, Writer, Writers
from services.messaging.lists import list_with, lists_of
from services.messaging.messages.agency import ListRefresh


def list_edits(context: MessageContext) -> list[EditList]:
    """Edits of the lists in which this reader sees the session."""
    if context.person is None:
        return []
    now = context.reader.now
    found = lists_of(context.session, context.appointment_id, context.person.id)
    edits = (edit_of(context.session, context.app, one, now) for one in found)
    return [one for one in edits if one is not None]


def _list_refresh(context: MessageContext, told: ListRefresh) -> Delivery:
    shown = list_with(context.session, told.list_id)
    if shown is None:
        return Nothing("the list is over")
    edit = edit_of(context.session, context.app, shown, context.reader.now)
    return Nothing("no news for the list") if edit is None else Refresh((), lists=(edit,))


WRITERS: Writers = (Writer(ListRefresh, _list_refresh),)
