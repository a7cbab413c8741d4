"""Messages to the group about people whom the bot cannot reach."""

from markupsafe import Markup

from chat import keyboards
from chat.deep_links import OpenInvitations
from chat.message_parts import Delivery, Nothing, Send
from chat.messages.context import MessageContext, Writers, brief
from chat.messages.standing import standing
from chat.screen import Screen
from models.enums import MessageKind, Status
from services.queries.people import has_reached_parent, person_with


def _no_parent_linked(context: MessageContext) -> Delivery:
    view = context.view()
    is_over = view.status is not Status.AWAITING_APPROVAL_PARENT
    if is_over or has_reached_parent(context.session, view.student.id):
        return Nothing("a parent is linked by now, or it is settled")
    text = context.reader.text(
        "No parent of this child is linked, so nobody can acknowledge this session. The first "
        "parent who opens an invitation is asked."
    )
    link = keyboards.link(context.reader.label("Invite"), context.address(OpenInvitations()))
    screen = Screen(Markup("\n").join([*brief(context, view), text]), ((link,),))
    return standing(context, screen, {context.message.id: (view.id,)})


def _person_unreachable(context: MessageContext) -> Delivery:
    person = person_with(context.session, int(context.payload["person_id"]))
    text = context.reader.text(
        "{who} has blocked the bot. Messages for them wait until they press Start again.",
        who=person.name if person else "",
    )
    return Send(Screen(text))


WRITERS: Writers = {
    MessageKind.NO_PARENT_LINKED: _no_parent_linked,
    MessageKind.PERSON_UNREACHABLE: _person_unreachable,
}
