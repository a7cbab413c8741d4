"""Problem reports: their card in the group, and what their authors are told (SPEC 5)."""

from dataclasses import replace

from markupsafe import Markup

from chat.cards.problem import (
    add_button,
    group_problem_card,
    own_problem_card,
    problem_card,
    report_again,
)
from chat.message_parts import CardOf, Delivery, Edit, EditStanding, Nothing, Refresh, Send
from chat.messages.context import MOVED_ON, MessageContext, Writer, Writers, brief
from chat.messages.questions import left_of_questions, without_questions
from chat.messages.standing import standing_edits
from chat.screen import Screen
from models import OutboxMessage
from models.enums import ProblemStatus, Role
from services.messaging.messages.approvals import (
    AboutReport,
    ProblemAddedTo,
    ProblemAnswered,
    ProblemCardRefresh,
    ProblemClaimed,
    ProblemClosed,
    ProblemReported,
)
from services.queries.cards import live_cards_of_report
from services.queries.problems import ReportedProblem, problem_of
from services.queries.sessions import roles_in

NO_PARENT = "no parent of the child any more"
NO_COORDINATOR = "no coordinator any more"
OF_REPORT = (ProblemClaimed.kind, ProblemAnswered.kind)
"""What an author is told that holds until there is more to tell."""


def _problem_reported(context: MessageContext, told: ProblemReported) -> Delivery:
    found = _found(context, told)
    return Send(_group_card(context, found), _card_of(found))


def _problem_added_to(context: MessageContext, told: ProblemAddedTo) -> Delivery:
    """A new card for who claimed the report, or for the group: its author has added something."""
    found, person = _found(context, told), context.person
    if person is not None and not person.is_coordinator:
        return Nothing(NO_COORDINATOR)
    screen = (
        _group_card(context, found)
        if person is None
        else problem_card(context.reader, found, person.id)
    )
    return Send(screen, _card_of(found)) if found.is_open else _edited(context, found, screen)


def _problem_card_refresh(context: MessageContext, told: ProblemCardRefresh) -> Delivery:
    """An edit of the report's cards in the group, or in a coordinator's private chat, and of the
    questions that ask there for a reply; or of its author's card, and of what they were told.
    """
    found, person = _found(context, told), context.person
    if person is not None and person.id == found.report.person_id:
        if Role.PARENT not in roles_in(context.session, found.view.appointment, person):
            return Nothing(NO_PARENT)
        return _own_edits(context, found)
    over = left_of_questions(context)
    if person is not None:
        edits = _edited(context, found, problem_card(context.reader, found, person.id))
        return without_questions(edits, over)
    screen = _group_card(context, found)
    edits = _edited(context, found, screen)
    if not edits.edits and screen.rows:  # the old card is out of reach: the group has a new id
        return Send(screen, _card_of(found))
    return without_questions(edits, over)


def _problem_claimed(context: MessageContext, told: ProblemClaimed) -> Delivery:
    """For the author: who looks into it, until there is more to tell."""
    found = _found(context, told)
    is_answered = any(not one.is_authors for one in found.replies)
    if found.report.status is not ProblemStatus.CLAIMED or is_answered:
        about = _session_of(context, found)
        return Nothing(
            MOVED_ON, Screen(context.reader.text("⬇️ {student}, {slot}: see below.", **about))
        )
    text = context.reader.text(
        "👀 {who} is looking into your report on <b>{student}</b>, {slot}.",
        who=found.claimed_by or "",
        **_session_of(context, found),
    )
    return _told(context, found, Screen(text), stands=True)


def _problem_answered(context: MessageContext, told: ProblemAnswered) -> Delivery:
    """For the author: a reply, with a button until there is more to tell."""
    found, reply_id = _found(context, told), told.reply_id
    reply = next(one for one in found.replies if one.id == reply_id)
    text = context.reader.text(
        "💬 {who} replied to your report on <b>{student}</b>, {slot}:",
        who=reply.who,
        **_session_of(context, found),
    )
    text += Markup("\n<blockquote>{}</blockquote>").format(reply.text)
    is_newest = found.report.status is ProblemStatus.ANSWERED and reply == found.replies[-1]
    if not is_newest and context.together is not None:
        return Nothing(MOVED_ON, Screen(text))
    rows = ((add_button(context.reader, found),),) if is_newest else ()
    return _told(context, found, Screen(text, rows), stands=is_newest)


def _problem_closed(context: MessageContext, told: ProblemClosed) -> Delivery:
    found = _found(context, told)
    text = context.reader.text(
        "✅ {who} closed your report on <b>{student}</b>, {slot}. If something is still wrong, "
        "please report it again.",
        who=found.closed_by or "",
        **_session_of(context, found),
    )
    return _told(context, found, Screen(text, report_again(context.reader, found.view)))


def _told(
    context: MessageContext, found: ReportedProblem, news: Screen, *, stands: bool = False
) -> Delivery:
    """The author's card and what was told before, brought up to date, and in reply what is new.

    `stands`: it is edited once there is more to tell.
    """
    person = context.person
    roles = roles_in(context.session, found.view.appointment, person)
    if person is None or Role.PARENT not in roles:
        return Nothing(NO_PARENT)
    live = live_cards_of_report(context.session, found.report.id, person.id)
    send = Send(
        news,
        reply_to=live[-1].message_id if live else None,
        about=((context.message.id, (found.view.id,)),) if stands else (),
    )
    if context.together is not None:
        return send
    return (_own_edits(context, found), send)


def _own_edits(context: MessageContext, found: ReportedProblem) -> Refresh:
    """Edits of the author's card, and of what they were told before."""
    edits = _edited(context, found, own_problem_card(context.reader, found))
    return replace(edits, standing=_told_before(context, found))


def _told_before(context: MessageContext, found: ReportedProblem) -> list[EditStanding]:
    """Edits of what the author was told of this report."""

    def is_of_report(message: OutboxMessage) -> bool:
        return message.kind in OF_REPORT and message.payload["report_id"] == found.report.id

    return standing_edits(context, is_of_report)


def _session_of(context: MessageContext, found: ReportedProblem) -> dict[str, str]:
    """The session in a sentence."""
    row = found.view.appointment
    slot = context.reader.dated_slot(row.starts_at, row.ends_at)
    return {"student": found.view.student.name, "slot": slot}


def _edited(context: MessageContext, found: ReportedProblem, screen: Screen) -> Refresh:
    live = live_cards_of_report(context.session, found.report.id, context.message.person_id)
    return Refresh([Edit(card.id, card.chat_id, card.message_id, screen) for card in live])


def _group_card(context: MessageContext, found: ReportedProblem) -> Screen:
    bot_username = context.app.bot_username
    return group_problem_card(context.reader, found, brief(context, found.view), bot_username)


def _card_of(found: ReportedProblem) -> CardOf:
    return CardOf(found.view.id, report_id=found.report.id)


def _found(context: MessageContext, told: AboutReport) -> ReportedProblem:
    return problem_of(context.session, told.report_id)


WRITERS: Writers = (
    Writer(ProblemReported, _problem_reported),
    Writer(ProblemCardRefresh, _problem_card_refresh),
    Writer(ProblemClaimed, _problem_claimed),
    Writer(ProblemAnswered, _problem_answered),
    Writer(ProblemAddedTo, _problem_added_to),
    Writer(ProblemClosed, _problem_closed),
)
