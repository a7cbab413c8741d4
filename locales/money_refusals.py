"""Texts of refusals about packages and billing months (SPEC 7)."""

from locales.excerpts import short_name
from locales.reader import Reader
from locales.wording import action_done
from models.enums import Action
from services.rules.refusals import Refusal
from services.rules.refusals.billing import MonthClosed, MonthNotOver
from services.rules.refusals.packages import (
    AdjustmentNotPossible,
    AlreadyReversed,
    AmountAmbiguous,
    SessionsNotPossible,
)

OF_MONEY = (
    AdjustmentNotPossible,
    AlreadyReversed,
    AmountAmbiguous,
    MonthClosed,
    MonthNotOver,
    SessionsNotPossible,
)


def money_refusal_text(refusal: Refusal, reader: Reader, viewer_id: int | None) -> str:
    """Text of one of `OF_MONEY`."""
    match refusal:
        case MonthNotOver(month=month):
            return reader.label("{month} is not over yet.", month=reader.month(month))
        case MonthClosed(month=month):
            return reader.label("{month} is closed already.", month=reader.month(month))
        case SessionsNotPossible(most=most):
            return reader.label(
                "A package has 1 to {most} sessions: please write a number.", most=most
            )
        case AdjustmentNotPossible(most=most):
            return reader.label(
                "Please write a number of sessions such as 2 or -1, up to {most}.", most=most
            )
        case AmountAmbiguous(low=low, high=high):
            return reader.label("Is that {low} or {high}? Please write it so.", low=low, high=high)
        case AlreadyReversed(who=who, actor_id=actor_id, at=at):
            is_own = viewer_id is not None and actor_id == viewer_id
            return action_done(reader, Action.REVERSE_ENTRY, short_name(who), at, is_own)
    raise TypeError(type(refusal).__name__)
