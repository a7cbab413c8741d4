"""Problem reports: their card in the group, and what their authors are told (SPEC 5)."""

from markupsafe import Markup

from chat.cards.problem import group_problem_card, own_problem_card, problem_card, write_again
from chat.message_parts import CardOf, Delivery, Edit, Nothing, Refresh, Send
from chat.messages.context import MessageContext, Writer, Writers, brief
from chat.screen import Screen
from models.enums import Role
from services.messaging.messages.approvals import (
    AboutReport,
    ProblemAnswered,
    ProblemCardRefresh,
    ProblemClaimed,
    ProblemClosed,
    ProblemReported,
)
from services.queries.cards import live_cards_of_report
from services.queries.problems import ReportedProblem, problem_of
from services.queries.sessions import roles_in


def _problem_reported(context: MessageContext, told: ProblemReported) -> Delivery:
    found = _found(context, told)
    return Send(_group_card(context, found), _card_of(found))


def _problem_card_refresh(context: MessageContext, told: ProblemCardRefresh) -> Delivery:
    """An edit of the report's cards in the group, or in a coordinator's private chat."""
    found, person = _found(context, told), context.person
    if person is not None:
        return _edited(context, found, problem_card(context.reader, found, person.id))
    screen = _group_card(context, found)
    edits = _edited(context, found, screen)
    if not edits.edits and screen.rows:  # the old card is out of reach: the group has a new id
        return Send(screen, _card_of(found))
    return edits


def _problem_claimed(context: MessageContext, told: ProblemClaimed) -> Delivery:
    found = _found(context, told)
    text = context.reader.text(
        "👀 {who} is looking into your report on <b>{student}</b>, {slot}.",
        who=found.claimed_by or "",
        **_session_of(context, found),
    )
    return _told(context, found, Screen(text))


def _problem_answered(context: MessageContext, told: ProblemAnswered) -> Delivery:
    found, reply_id = _found(context, told), told.reply_id
    reply = next(one for one in found.replies if one.id == reply_id)
    text = context.reader.text(
        "💬 {who} replied to your report on <b>{student}</b>, {slot}:",
        who=reply.who,
        **_session_of(context, found),
    )
    text += Markup("\n<blockquote>{}</blockquote>").format(reply.text)
    return _told(context, found, Screen(text, write_again(context.reader, found.view)))


def _problem_closed(context: MessageContext, told: ProblemClosed) -> Delivery:
    found = _found(context, told)
    text = context.reader.text(
        "✅ {who} closed your report on <b>{student}</b>, {slot}. If something is still wrong, "
        "write again.",
        who=found.closed_by or "",
        **_session_of(context, found),
    )
    return _told(context, found, Screen(text, write_again(context.reader, found.view)))


def _told(context: MessageContext, found: ReportedProblem, news: Screen) -> Delivery:
    """The author's card, brought up to date, and below it in reply what is new."""
    person = context.person
    roles = roles_in(context.session, found.view.appointment, person)
    if person is None or Role.PARENT not in roles:
        return Nothing("no parent of the child any more")
    live = live_cards_of_report(context.session, found.report.id, person.id)
    edits = _edited(context, found, own_problem_card(context.reader, found))
    return (edits, Send(news, reply_to=live[-1].message_id if live else None))


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
    Writer(ProblemClosed, _problem_closed),
)
