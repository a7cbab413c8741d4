"""Somebody acts on a request while another time is written: that time is offered again (UX 19).

[Send], or a time that is typed, comes too late --> OVERTAKEN --[Ask for it]--> on from there: as a
new request, or as the answer to the request that is open now. Nothing is offered where the rules
allow neither; what was written is said all the same.
"""

from dataclasses import replace

from markupsafe import Markup
from telegram import Update

from chat import callbacks, keyboards, questions, replies
from chat.app_context import AppContext
from chat.cards.session import headline
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.screen import Screen
from conversations import wizard
from conversations.premise import OVERTAKEN, over_line
from conversations.reschedule_questions import (
    Case,
    RescheduleDraft,
    State,
    ask_next,
    case_of,
    chosen_reason,
    new_time_line,
    proposable,
)
from conversations.wizard import Next
from locales.refusals import refusal_text
from services.db import Session
from services.lifecycle.open_requests import open_request
from services.rules.refusals import Refusal
from services.rules.refusals.requests import RescheduleOpen


async def ask_instead(update: Update, context: Context) -> Next:
    """*Ask for it*: the time goes on as what it can be now. Refused as that would be."""
    draft = wizard.draft_tapped(update, context, RescheduleDraft)
    instead = await context.app.database.read(as_it_stands, draft)
    case = await case_of(update, context, instead, instead.new_starts_at)
    await replies.answer(update)
    return await ask_next(update, context, case, instead)


async def suggest_instead(
    update: Update, context: Context, draft: RescheduleDraft, first: RescheduleOpen
) -> Next:
    """Offer the time as an answer to the other side's request, which was sent first.

    Refused: `first`, where the time is no answer to it, as to the own side's.
    """
    answer = await context.app.database.read(as_it_stands, draft)
    try:
        case = await case_of(update, context, answer, draft.new_starts_at)
    except Refusal:
        await questions.leave_dialogue(update, context)
        raise first from None
    told = case.reader.label(
        "{who} has just asked for another time. You can still suggest yours.", who=first.who
    )
    await replies.answer(update, told)
    return await ask_next(update, context, case, answer)


async def offer_again(
    update: Update, context: Context, draft: RescheduleDraft, first: Refusal
) -> Next:
    """Say who was first, and offer the time. Refused: `first`, where nothing can come of it."""

    def query(session: Session) -> tuple[CurrentUser, Screen | None]:
        user = current_user(session, update, context)
        return user, offered(session, user, context.app, draft, first)

    user, screen = await context.app.database.read(query)
    if screen is None or not screen.rows:
        if update.callback_query is not None:
            await questions.leave_dialogue(update, context)
        raise first  # of a message, `conversations.over` leaves it
    await replies.answer(update, refusal_text(user.reader, first, user.person.id))
    await wizard.ask(update, context, draft, screen)
    return State.OVERTAKEN


def as_it_stands(session: Session, draft: RescheduleDraft) -> RescheduleDraft:
    """The draft as an answer to the request that is open now, or as a new request."""
    request = open_request(session, draft.appointment_id)
    return replace(draft, proposal_id=request.proposal.id if request else None)


def offered(
    session: Session, user: CurrentUser, app: AppContext, draft: RescheduleDraft, first: Refusal
) -> Screen | None:
    """Who was first, and the time that was chosen, with what can still come of it.

    None where no time was chosen, or the draft can be sent.
    """
    if draft.new_starts_at is None or not isinstance(first, OVERTAKEN):
        return None
    reader, view = user.reader, wizard.view_of(session, draft.appointment_id)
    time = new_time_line(reader, view.appointment, draft.new_starts_at)
    try:
        instead = as_it_stands(session, draft)
        case: Case = proposable(session, user, app, instead, draft.new_starts_at)
    except Refusal:
        line = over_line(user, view, first, draft)
        return Screen(Markup("\n").join([line.text, time]))
    told = (
        reader.text("Your time is not lost. You can ask for it all the same.")
        if instead.proposal_id is None
        else reader.text("Your time is not lost. You can answer with it.")
    )
    why = refusal_text(reader, first, user.person.id)
    lines = [
        *headline(reader, view, case.side),
        Markup(),
        Markup("<b>{}</b>").format(why),
        told,
        time,
        *chosen_reason(reader, draft),
    ]
    rows = keyboards.in_pairs(
        keyboards.success(reader.label("Ask for it"), callbacks.AskInstead(view.id)),
        wizard.leave_button(case, callbacks.LeaveMove),
    )
    return Screen(Markup("\n").join(lines), rows)
