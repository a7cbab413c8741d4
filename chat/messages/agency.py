"""Messages to coordinators about missing attendance and about faults of the bot."""

from markupsafe import Markup

from chat import keyboards
from chat.callbacks import ListName
from chat.cards.screens import SHOWN, and_more
from chat.deep_links import OpenList
from chat.message_parts import Delivery, Nothing, Send
from chat.messages.context import MessageContext, Writer, Writers, brief
from chat.messages.standing import dealt_with, standing
from chat.screen import Screen
from locales.wording import status_label
from models.enums import Role, Trouble
from services.messaging.messages.agency import (
    AttendanceMissed,
    GroupRefuses,
    MendingNeeded,
    MessageGivenUp,
    UpdateSetAside,
)
from services.queries.sessions import views_of


def _attendance_missed(context: MessageContext, told: AttendanceMissed) -> Delivery:
    found = views_of(context.session, told.appointment_ids)
    kinds = [(view, view.missed(context.app.agency, context.reader.now)) for view in found]
    missing = [(view, kind) for view, kind in kinds if kind is not None]
    if not missing:
        left = dealt_with(context, found[0]) if len(found) == 1 else None
        return Nothing("settled meanwhile", left)
    blocks = [context.reader.text("<b>Attendance is missing</b>")]
    for view, kind in missing[:SHOWN]:
        label = status_label(context.reader, view.status, Role.COORDINATOR, kind)
        blocks.append(Markup("\n").join([Markup("<b>{}</b>").format(label), *brief(context, view)]))
    if len(missing) > SHOWN:
        blocks.append(and_more(context.reader, len(missing) - SHOWN))
    link = keyboards.link(context.reader.label("Open"), context.address(OpenList(ListName.MISSED)))
    screen = Screen(Markup("\n\n").join(blocks), ((link,),))
    return standing(context, screen, {context.message.id: tuple(told.appointment_ids)})


def _update_set_aside(context: MessageContext, told: UpdateSetAside) -> Delivery:
    text = context.reader.text(
        "⚠️ Something that was sent to the bot could not be handled and was set aside "
        "(update {number}). It is kept; please tell whoever runs the bot.",
        number=told.update_id,
    )
    return Send(Screen(text))


def _message_given_up(context: MessageContext, told: MessageGivenUp) -> Delivery:
    """For the group: Telegram refused a message, or every try failed."""
    number = told.message_id
    if told.tries is not None:
        text = context.reader.text(
            "⚠️ A message could not be delivered: every try failed (message {number}). It may have "
            "arrived all the same. Please tell whoever runs the bot.",
            number=number,
        )
    else:
        text = context.reader.text(
            "⚠️ A message could not be delivered: Telegram refuses it (message {number}). "
            "Please tell whoever runs the bot.",
            number=number,
        )
    return Send(Screen(text))


def _group_refuses(context: MessageContext, told: GroupRefuses) -> Delivery:
    """For each coordinator privately, since the group cannot be told."""
    text = context.reader.text(
        "⚠️ The bot cannot write to the coordinators' group. Telegram says: {reason}. Everything "
        "meant for the group waits, disputes too. Add the bot to the group again and allow it to "
        "send messages.",
        reason=told.reason,
    )
    return Send(Screen(text), rings=True)


def _mending_needed(context: MessageContext, told: MendingNeeded) -> Delivery:
    """For the group: what is wrong, and the way to mend it."""
    match told.trouble:
        case Trouble.PENALTY_SHEET:
            text = context.reader.text(
                "⚠️ The penalty sheet cannot be read, so its last good copy is used. Check the "
                "sheet's columns and sharing; whoever runs the bot can find the reason with "
                "<code>python bot.py check</code>."
            )
        case Trouble.MODEL_SETTINGS:
            text = context.reader.text(
                "⚠️ The AI service refuses the bot's key, account or model, so summaries have to "
                "wait. Whoever runs the bot should correct OPENAI_API_KEY, OPENAI_BASE_URL or "
                "OPENAI_MODEL and restart it; <code>python bot.py check</code> tests them."
            )
        case Trouble.OTHER_PROGRAM:
            text = context.reader.text(
                "⚠️ Another program is fetching this bot's messages, so some get no answer. "
                "Whoever runs the bot should end that program, or ask @BotFather for a new token "
                "(/revoke) and set TELEGRAM_BOT_TOKEN."
            )
    return Send(Screen(text))


WRITERS: Writers = (
    Writer(AttendanceMissed, _attendance_missed),
    Writer(UpdateSetAside, _update_set_aside),
    Writer(MessageGivenUp, _message_given_up),
    Writer(GroupRefuses, _group_refuses),
    Writer(MendingNeeded, _mending_needed),
)
