"""Reminders to answer a request to move a session (SPEC 5, 8)."""

from dataclasses import replace
from datetime import datetime

from markupsafe import Markup, escape

from chat import keyboards
from chat.cards.buttons import links_for_group
from chat.deep_links import OpenInvitations
from chat.message_parts import Delivery, Nothing, Send
from chat.messages.context import (
    NEAR,
    MessageContext,
    Writer,
    Writers,
    brief,
    new_card,
    unmoved,
)
from chat.messages.standing import standing
from chat.screen import Screen
from locales.unreached import nobody_answers
from models.enums import Role, Status
from services.lifecycle.open_requests import OpenRequest, open_request
from services.messaging.messages.sessions import (
    AnswerDue,
    AtItsTime,
    NobodyToAnswer,
    RequestExpires,
)


def _answer_due(context: MessageContext, told: AnswerDue) -> Delivery:
    request = _still_open(context, told)
    if request is None or request.proposal.id != told.proposal_id:
        return Nothing("answered meanwhile")
    who, reader = request.proposer.name, context.reader
    when = reader.lasting_when(request.thread.expires_at)
    text = (
        reader.text(
            "⏰ {who} has suggested another time. Please answer before this session starts {when}.",
            who=who,
            when=when,
        )
        if request.proposal.version > 1
        else reader.text(
            "⏰ {who} has asked to move this session. Please answer before it starts {when}.",
            who=who,
            when=when,
        )
    )
    return _ringing(new_card(context, text), request, context.message.due_at)


def _request_expires(context: MessageContext, told: RequestExpires) -> Delivery:
    request = _still_open(context, told)
    view = context.view()
    if request is None or view.appointment.tutor_id != context.message.person_id:
        return Nothing("settled meanwhile")
    when = context.reader.lasting_when(request.thread.expires_at)
    who = request.proposer.name
    if request.proposal.side is Role.PARENT and request.proposal.version > 1:
        text = context.reader.text(
            "⏰ {who} has suggested another time. Please answer before this session starts {when}: "
            "otherwise it counts as not completed.",
            who=who,
            when=when,
        )
    elif request.proposal.side is Role.PARENT:
        text = context.reader.text(
            "⏰ {who} has asked to move this session. Please answer before it starts {when}: "
            "otherwise it counts as not completed.",
            who=who,
            when=when,
        )
    else:
        text = context.reader.text(
            "⏰ Your request to move this session has no answer yet. To teach it as planned, "
            "withdraw the request before it starts {when}: otherwise it counts as not completed.",
            when=when,
        )
    return _ringing(new_card(context, text), request, context.message.due_at)


def _nobody_to_answer(context: MessageContext, told: NobodyToAnswer) -> Delivery:
    """For the group: who is asked and cannot answer, with the session's buttons."""
    reader, detail = context.reader, context.sessions.detail(context.appointment_id, None)
    request = detail.request if detail else None
    if detail is None or request is None or request.proposal.id != told.proposal_id:
        return Nothing("answered meanwhile")
    expires_at, proposal = request.thread.expires_at, request.proposal
    if detail.unreached is None or expires_at <= reader.now:
        return Nothing("can be answered by now, or is over")
    slot = reader.dated_slot(proposal.new_starts_at, proposal.new_ends_at)
    title = (
        reader.text("🔁 <b>The tutor has asked to move this session to {slot}</b>", slot=slot)
        if proposal.side is Role.TUTOR
        else reader.text("🔁 <b>The family has asked to move this session to {slot}</b>", slot=slot)
    )
    until = reader.dated_moment(expires_at)
    follows = reader.text(
        "Without an answer by {until}, the session will not take place.", until=until
    )
    why = escape(nobody_answers(reader, detail.unreached))
    lines = [title, *brief(context, detail.view), why, follows]
    invites = keyboards.link(reader.label("Invite"), context.address(OpenInvitations()))
    rows = ((invites,), *links_for_group(reader, detail, context.app.agency, context.address))
    screen = Screen(Markup("\n").join(lines), rows)
    return standing(context, screen, {context.message.id: (detail.view.id,)})


def _still_open(context: MessageContext, reminder: AtItsTime) -> OpenRequest | None:
    """The request, if it can still be answered."""
    if unmoved(context, reminder, Status.SCHEDULED) is None:
        return None
    request = open_request(context.session, context.appointment_id)
    return request if request and context.reader.now < request.thread.expires_at else None


def _ringing(delivery: Delivery, request: OpenRequest, due_at: datetime) -> Delivery:
    """The delivery, ringing in quiet hours if it is due less than twelve hours before the start."""
    is_near = request.thread.expires_at - due_at < NEAR
    return replace(delivery, rings=is_near) if isinstance(delivery, Send) else delivery


WRITERS: Writers = (
    Writer(AnswerDue, _answer_due),
    Writer(RequestExpires, _request_expires),
    Writer(NobodyToAnswer, _nobody_to_answer),
)
