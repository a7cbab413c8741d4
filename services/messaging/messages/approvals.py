"""Messages about disputes and problem reports."""

from dataclasses import dataclass

from models.enums import MessageKind
from services.messaging.messages.base import AboutSession


@dataclass(frozen=True)
class AboutDispute(AboutSession):
    """Told of one dispute."""

    dispute_id: int


class DisputeCard(AboutDispute):
    """To the group: a parent disputes a session."""

    kind = MessageKind.DISPUTE_CARD


class DisputeCardRefresh(AboutDispute):
    """Edits of the dispute's cards in the group."""

    kind = MessageKind.DISPUTE_CARD_REFRESH


@dataclass(frozen=True)
class AboutReport(AboutSession):
    """Told of one problem report."""

    report_id: int


class ProblemReported(AboutReport):
    """To the group: a parent reports a problem."""

    kind = MessageKind.PROBLEM_REPORTED


class ProblemCardRefresh(AboutReport):
    """Edits of the report's cards in a chat."""

    kind = MessageKind.PROBLEM_CARD_REFRESH


class ProblemClaimed(AboutReport):
    """To the author: a coordinator looks into it."""

    kind = MessageKind.PROBLEM_CLAIMED


@dataclass(frozen=True)
class ProblemAnswered(AboutReport):
    """To the author: a coordinator's reply."""

    kind = MessageKind.PROBLEM_ANSWERED
    reply_id: int


@dataclass(frozen=True)
class ProblemAddedTo(AboutReport):
    """To who claimed it, or to the group: its author has added something."""

    kind = MessageKind.PROBLEM_ADDED_TO
    reply_id: int


class ProblemClosed(AboutReport):
    """To the author: it is closed."""

    kind = MessageKind.PROBLEM_CLOSED
