"""The decisions for which a coordinator gives a reason, and what they are asked (SPEC 5)."""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from markupsafe import Markup

from conversations.draft import SessionDraft
from locales.reader import Reader
from models.enums import Action


class Decision(StrEnum):
    """The decision for which a reason is asked."""

    VERIFY = "verify"
    UPHOLD = "uphold"
    RETURN = "return"
    CLEAR_CHECK_IN = "clear_check_in"
    WAIVE_PENALTY = "waive_penalty"


@dataclass(frozen=True)
class SettlementDraft(SessionDraft):
    """The decision to carry out when the reason is given."""

    decision: Decision
    dispute_id: int | None = None
    asked_id: int | None = None
    """The message that asks; laid aside it stays, since it can still be replied to."""


ACTIONS = MappingProxyType(
    {
        Decision.VERIFY: Action.VERIFY,
        Decision.UPHOLD: Action.UPHOLD,
        Decision.RETURN: Action.RETURN,
        Decision.CLEAR_CHECK_IN: Action.CLEAR_CHECK_IN,
        Decision.WAIVE_PENALTY: Action.WAIVE_PENALTY,
    }
)


def label_of(reader: Reader, decision: Decision) -> str:
    """The label of the button that makes the decision."""
    return {
        Decision.VERIFY: reader.label("Verify"),
        Decision.UPHOLD: reader.label("Uphold"),
        Decision.RETURN: reader.label("Return"),
        Decision.CLEAR_CHECK_IN: reader.label("Clear check-in"),
        Decision.WAIVE_PENALTY: reader.label("Waive penalty"),
    }[decision]


def question_of(reader: Reader, decision: Decision) -> Markup:
    """Ask why, and say what the decision brings about and who will read the reason."""
    return {
        Decision.VERIFY: _verify_question,
        Decision.UPHOLD: _uphold_question,
        Decision.RETURN: _return_question,
        Decision.CLEAR_CHECK_IN: _clear_question,
        Decision.WAIVE_PENALTY: _waive_question,
    }[decision](reader)


def _verify_question(reader: Reader) -> Markup:
    return reader.text(
        "Why are you <b>verifying this session</b>? It then counts as acknowledged. The family "
        "and the tutor will read your reason."
    )


def _uphold_question(reader: Reader) -> Markup:
    return reader.text(
        "Why are you <b>upholding the dispute</b>? This is final: nothing is billed. The family "
        "and the tutor will read your reason."
    )


def _return_question(reader: Reader) -> Markup:
    return reader.text(
        "Why are you <b>returning it to the parents</b>? They are asked again and will read your "
        "reason."
    )


def _clear_question(reader: Reader) -> Markup:
    return reader.text(
        "Why are you <b>clearing the check-in</b>? The session is then scheduled again, and the "
        "tutor will read your reason."
    )


def _waive_question(reader: Reader) -> Markup:
    return reader.text(
        "Why are you <b>waiving the penalty</b>? The side that cancelled will read your reason."
    )
