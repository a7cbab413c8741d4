"""Sessions that a coordinator approved in the parents' place: told to both sides (SPEC 5)."""

from markupsafe import Markup

from chat import callbacks, keyboards
from chat.cards.reason import written_reason
from chat.cards.screens import SHOWN, and_more, fitting
from chat.cards.session import headline, price_line
from chat.message_parts import Delivery, Nothing, Send
from chat.messages.context import MOVED_ON, MessageContext, Writer, Writers, new_card
from chat.messages.standing import together
from chat.screen import Screen
from locales.reader import Reader
from models.enums import Role, Status
from services.messaging.messages.sessions import SessionVerified
from services.queries.sessions import SessionDetail, role_in
from services.rules.refusals import Refusal


def _session_verified(context: MessageContext, _told: SessionVerified) -> Delivery:
    """The session's card; or one message for all that are told together, with a way to each."""
    about = {one.id: one.appointment_id or 0 for one in together(context)}
    numbers = list(dict.fromkeys(about.values()))
    if len(numbers) == 1 or context.person is None:
        view = context.view()
        return new_card(context) if view.status is Status.APPROVED else Nothing(MOVED_ON)
    details = [one for number in numbers if (one := _detail(context, number)) is not None]
    if not details:
        return Nothing(MOVED_ON)
    others = tuple(number for number in about if number != context.message.id)
    return Send(_all_of(context.reader, details), says_too=others)


def _detail(context: MessageContext, appointment_id: int) -> SessionDetail | None:
    """The session, if it is approved and the reader has a part in it."""
    try:
        found = context.sessions.detail(appointment_id, context.person)
    except Refusal:
        return None
    return found if found is not None and found.view.status is Status.APPROVED else None


def _all_of(reader: Reader, details: list[SessionDetail]) -> Screen:
    title = reader.text("✅ <b>Verified: these sessions count as held.</b>")
    whys = [_why(one) for one in details]
    common = whys[0] if len(set(whys)) == 1 else ""
    if common:
        title = Markup("{}\n{}").format(title, written_reason(reader, common))
        whys = [""] * len(details)
    numbered = enumerate(zip(details[:SHOWN], whys, strict=False), start=1)
    blocks = fitting(_block(reader, number, one, why) for number, (one, why) in numbered)
    rows = [
        keyboards.button(
            reader.label("Details {number}", number=number), callbacks.ShowSession(one.view.id)
        )
        for number, one in enumerate(details[: len(blocks)], start=1)
    ]
    if len(blocks) < len(details):
        blocks.append(and_more(reader, len(details) - len(blocks)))
    return Screen(Markup("\n\n").join([title, *blocks]), keyboards.in_pairs(*rows))


def _block(reader: Reader, number: int, detail: SessionDetail, why: str) -> Markup:
    role = role_in(detail.roles) or Role.PARENT
    lines = headline(reader, detail.view, role)
    if role is Role.PARENT and (price := price_line(reader, detail.view.appointment)):
        lines.append(price)
    if why:
        lines.append(written_reason(reader, why))
    return Markup("{}. ").format(number) + Markup("\n").join(lines)


def _why(detail: SessionDetail) -> str:
    move = detail.last_move
    return (move.reason or "") if move is not None else ""


WRITERS: Writers = (Writer(SessionVerified, _session_verified),)
