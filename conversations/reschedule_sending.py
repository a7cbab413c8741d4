"""*Send*: the other side is asked for another time, or answered with one (SPEC 6; UX 19)."""

from telegram import Update

from chat import callbacks
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from conversations import wizard
from conversations.late_change_draft import keep_words
from conversations.premise import OVERTAKEN
from conversations.reschedule_overtaken import offer_again, suggest_instead
from conversations.reschedule_questions import RescheduleDraft, case_of
from conversations.slot_questions import ANOTHER_TIME_WILL_DO
from conversations.wizard import Next
from models.enums import ChangeReason
from services.db import Session
from services.queries.sessions import session_detail
from services.reschedules import negotiation
from services.rules.refusals.requests import RescheduleOpen
from services.rules.refusals.sessions import StaleButton, TooLateToChange


async def confirm(update: Update, context: Context) -> Next:
    """*Send*: ask the other side. A second tap gets the same answer."""
    tapped = callbacks.tapped(callbacks.ConfirmMove, update)
    draft = wizard.draft_about(update, context, RescheduleDraft, tapped)
    if draft is None:
        return await _sent_before(update, context, tapped.appointment_id)

    def send(session: Session, user: CurrentUser) -> None:
        _send(session, user, draft)

    goes_on_after = (*ANOTHER_TIME_WILL_DO, *OVERTAKEN)
    try:
        user, _ = await wizard.carry_out(update, context, send, goes_on_after)
    except RescheduleOpen as first:
        return await suggest_instead(update, context, draft, first)
    except OVERTAKEN as first:
        return await offer_again(update, context, draft, first)
    except TooLateToChange:
        user = await context.app.database.read(current_user, update, context)
        keep_words(update, context, draft, user.reader)
        raise
    return await _show_sent(update, context, user, draft.appointment_id)


async def _sent_before(update: Update, context: Context, appointment_id: int) -> Next:
    """Answer a second *Send* like the first. Refused: who has asked else; StaleButton."""
    user = await context.app.database.read(current_user, update, context)
    try:
        await case_of(update, context, RescheduleDraft(appointment_id))
    except RescheduleOpen as open_one:
        if open_one.actor_id != user.person.id:
            raise
        return await _show_sent(update, context, user, appointment_id)
    raise StaleButton


async def _show_sent(
    update: Update, context: Context, user: CurrentUser, appointment_id: int
) -> Next:
    detail = await context.app.database.read(session_detail, appointment_id, user.person)
    in_vain = detail.unreached if detail is not None else None
    sent = (
        user.reader.label("Sent. You will hear as soon as they answer.")
        if in_vain is None
        else user.reader.label("Nobody can answer yet. The coordinators have been told.")
    )
    return await wizard.end_with_card(update, context, user, appointment_id, sent)


def _send(session: Session, user: CurrentUser, draft: RescheduleDraft) -> None:
    starts_at, zone = draft.new_starts_at, user.reader.agency_zone
    if starts_at is None:
        raise StaleButton
    if draft.proposal_id is not None:
        given = (draft.reason, draft.text)
        negotiation.counter(session, draft.proposal_id, user.actor, starts_at, *given, zone=zone)
        return
    reason = draft.reason or ChangeReason.OTHER
    about, text = draft.appointment_id, draft.text
    negotiation.propose(session, about, user.actor, starts_at, reason, text, zone=zone)
