"""Words of packages and billing months (SPEC 7). Standard library only."""

from enum import StrEnum


class PriceUnit(StrEnum):
    """What a price and a pay are for (SPEC 7)."""

    HOUR = "hour"
    SESSION = "session"


class EntryKind(StrEnum):
    """Kind of an entry in the ledger of packages (SPEC 7)."""

    PURCHASE = "purchase"
    DEDUCTION = "deduction"
    REVERSAL = "reversal"
    ADJUSTMENT = "adjustment"
    OWED = "owed"
    """An approved session that no package covered; it moves no credits."""


class Side(StrEnum):
    """Whose statement it is (SPEC 7)."""

    FAMILY = "family"
    TUTOR = "tutor"


class LineKind(StrEnum):
    """Kind of a line on a statement (SPEC 7)."""

    REGULAR = "regular"
    COVERED = "covered"
    ADDON = "addon"
    TRIAL = "trial"
    PENALTY = "penalty"
    PACKAGE = "package"
    ADJUSTMENT = "adjustment"
    AWAITING = "awaiting"
    DISPUTED = "disputed"


class Why(StrEnum):
    """Why a closed month is adjusted in a later one (SPEC 7)."""

    LATE = "late"
    COVERED = "covered"
    UNCOVERED = "uncovered"
    WAIVED = "waived"
    REVERSED = "reversed"
    CORRECTED = "corrected"
    AGREED = "agreed"
    """An amount that a coordinator entered, with a reason."""


class PayMark(StrEnum):
    """Mark on a tutor's closed statement (SPEC 7)."""

    HELD_BACK = "held_back"
    RELEASED = "released"
    PAID = "paid"
