"""Disputes, for the coordinators' group (SPEC 5)."""

from chat.cards.dispute import dispute_card
from chat.message_parts import CardOf, Delivery, Edit, Refresh, Send
from chat.messages.context import MessageContext, Writers
from chat.screen import Screen
from models.enums import MessageKind
from services.queries.cards import live_cards_of_dispute
from services.queries.dashboard import dispute_with_names


def _dispute_card(context: MessageContext) -> Delivery:
    dispute_id = int(context.payload["dispute_id"])
    return Send(_dispute(context), CardOf(context.appointment_id, dispute_id), rings=True)


def _dispute_card_refresh(context: MessageContext) -> Delivery:
    dispute_id = int(context.payload["dispute_id"])
    live = live_cards_of_dispute(context.session, context.appointment_id, dispute_id)
    screen = _dispute(context)
    if not live and screen.rows:  # the old card is out of reach, as when the group got a new id
        return Send(screen, CardOf(context.appointment_id, dispute_id))
    return Refresh([Edit(card.id, card.chat_id, card.message_id, screen) for card in live])


def _dispute(context: MessageContext) -> Screen:
    detail = context.sessions.detail(context.appointment_id, None)
    found = dispute_with_names(context.session, int(context.payload["dispute_id"]))
    if detail is None or found is None:
        raise LookupError("the dispute of an outbox message is gone")
    dispute, claimed_by, settled_by = found
    names = (claimed_by, settled_by)
    app = context.app
    page = f"{app.pages.address}/admin/disputes/{dispute.id}" if app.pages.takes_buttons else None
    return dispute_card(context.reader, detail, dispute, names, app.agency, app.bot_username, page)


WRITERS: Writers = {
    MessageKind.DISPUTE_CARD: _dispute_card,
    MessageKind.DISPUTE_CARD_REFRESH: _dispute_card_refresh,
}
