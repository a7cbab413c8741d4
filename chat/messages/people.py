"""Messages to the group about people whom the bot cannot reach, and a person's own menu."""

from markupsafe import Markup

from chat import keyboards
from chat.deep_links import OpenInvitations
from chat.menus import commands_for
from chat.message_parts import Delivery, EditStanding, Nothing, Refresh, Send, SetMenu, TakeButtons
from chat.messages.context import MOVED_ON, MessageContext, Writer, Writers, brief
from chat.messages.standing import one_line, standing
from chat.screen import Screen
from models.enums import Status
from services.messaging.deliveries import MessagePlace, place_of
from services.messaging.messages.agency import (
    ChatLeft,
    MenuChanged,
    PersonReachable,
    PersonUnreachable,
    ZoneAsked,
)
from services.messaging.messages.sessions import NoParentLinked
from services.queries.people import has_reached_parent, person_with


def _no_parent_linked(context: MessageContext, _told: NoParentLinked) -> Delivery:
    view = context.view()
    if view.status is not Status.AWAITING_APPROVAL_PARENT:
        return Nothing(MOVED_ON)
    if has_reached_parent(context.session, view.student.id):
        left = context.reader.text(
            "✅ {session}: a parent is linked now.", session=one_line(context, view)
        )
        return Nothing("a parent is linked by now", Screen(left))
    text = context.reader.text(
        "No parent of this child is linked, so nobody can acknowledge this session. The first "
        "parent who opens an invitation is asked."
    )
    link = keyboards.link(context.reader.label("Invite"), context.address(OpenInvitations()))
    screen = Screen(Markup("\n").join([*brief(context, view), text]), ((link,),))
    return standing(context, screen, {context.message.id: (view.id,)})


def _person_unreachable(context: MessageContext, told: PersonUnreachable) -> Delivery:
    person = person_with(context.session, told.person_id)
    if person is None or person.unreachable_since is None:
        return Nothing("they can be written to again")
    text = context.reader.text(
        "{who} has blocked the bot. Messages for them wait until they press Start again.",
        who=person.name,
    )
    return Send(Screen(text))


def _person_reachable(context: MessageContext, told: PersonReachable) -> Delivery:
    """An edit of what the group was told, where that was sent."""
    person, sent = (
        person_with(context.session, told.person_id),
        place_of(context.session, told.told_id),
    )
    if person is None or sent is None:
        return Nothing("the coordinators were not told that they had blocked the bot")
    text = context.reader.text(
        "✅ {who} had blocked the bot. Messages for them go out again.", who=person.name
    )
    return Refresh([], [EditStanding(*sent, Screen(text), is_over=True)])


def _chat_left(context: MessageContext, told: ChatLeft) -> Delivery:
    """Their account is not written to any more, unless they have come back to it."""
    if context.person is not None and context.person.telegram_user_id == told.chat_id:
        return Nothing("they have come back")
    return TakeButtons(tuple(MessagePlace(told.chat_id, one) for one in told.message_ids))


def _zone_asked(context: MessageContext, told: ZoneAsked) -> Delivery:
    person = person_with(context.session, told.person_id)
    if person is None:
        return Nothing("they are gone")
    text = context.reader.text(
        "🕓 {who} asked to see times as they are in “{place}”, which the bot does not know. You "
        "can set the time zone on the page People.",
        who=person.name,
        place=told.place,
    )
    return Send(Screen(text))


def _menu_changed(context: MessageContext, _told: MenuChanged) -> Delivery:
    return SetMenu(tuple(commands_for(context.reader, context.person)))


WRITERS: Writers = (
    Writer(NoParentLinked, _no_parent_linked),
    Writer(PersonUnreachable, _person_unreachable),
    Writer(PersonReachable, _person_reachable),
    Writer(ChatLeft, _chat_left),
    Writer(ZoneAsked, _zone_asked),
    Writer(MenuChanged, _menu_changed),
)
