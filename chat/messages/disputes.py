"""Disputes, for the coordinators' group (SPEC 5)."""

from chat.cards.dispute import dispute_card
from chat.message_parts import CardOf, Delivery, Edit, Refresh, Send
from chat.messages.context import MessageContext, Writer, Writers
from chat.screen import Screen
from services.messaging.messages.approvals import AboutDispute, DisputeCard, DisputeCardRefresh
from services.queries.cards import live_cards_of_dispute
from services.queries.dashboard import dispute_with_names


def _dispute_card(context: MessageContext, told: DisputeCard) -> Delivery:
    card = CardOf(told.appointment_id, told.dispute_id)
    return Send(_dispute(context, told), card, rings=True)


def _dispute_card_refresh(context: MessageContext, told: DisputeCardRefresh) -> Delivery:
    live = live_cards_of_dispute(context.session, told.appointment_id, told.dispute_id)
    screen = _dispute(context, told)
    if not live and screen.rows:  # the old card is out of reach, as when the group got a new id
        return Send(screen, CardOf(told.appointment_id, told.dispute_id))
    return Refresh([Edit(card.id, card.chat_id, card.message_id, screen) for card in live])


def _dispute(context: MessageContext, told: AboutDispute) -> Screen:
    detail = context.sessions.detail(told.appointment_id, None)
    found = dispute_with_names(context.session, told.dispute_id)
    if detail is None or found is None:
        raise LookupError("the dispute of an outbox message is gone")
    dispute, claimed_by, settled_by = found
    names = (claimed_by, settled_by)
    app = context.app
    page = app.pages.button_address(f"/admin/disputes/{dispute.id}")
    return dispute_card(context.reader, detail, dispute, names, app.agency, app.bot_username, page)


WRITERS: Writers = (
    Writer(DisputeCard, _dispute_card),
    Writer(DisputeCardRefresh, _dispute_card_refresh),
)
