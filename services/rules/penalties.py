"""Penalty sheet: the price of a cancellation, by side and notice (SPEC 6).

A CSV with the columns `role, notice_hours_min, notice_hours_max, penalty, guidance`: hours of
notice, from the first (included) to the second (excluded; empty for no end). A column `amount` may
give what the penalty costs, in the agency's currency.
"""

import csv
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from itertools import combinations

from models.enums import Role
from services.rules.money import Currency, read_amount
from services.rules.refusals.packages import AmountNotRead

COLUMNS = ("role", "notice_hours_min", "notice_hours_max", "penalty", "guidance")
AMOUNT = "amount"
"""Column that a sheet may have or not."""
SIDES = {role.value: role for role in (Role.TUTOR, Role.PARENT)}
MOST_HOURS = 24 * 366
TEXT_LIMIT = 500
"""Longest penalty or guidance, in characters: a message shows more than these."""


class PenaltySheetError(ValueError):
    """The sheet cannot be used; the text names the line and the reason."""


@dataclass(frozen=True)
class Guidance:
    """What a person reads before they cancel, in the agency's own words."""

    penalty: str
    guidance: str
    amount: int | None = None
    """What it costs in minor units of the agency's currency; None where the sheet has none."""


def digest_of(guidance: Guidance | None) -> str:
    """Value that shows whether another guidance applies than the one that was read."""
    told = f"{guidance.penalty}\n{guidance.guidance}\n{guidance.amount}" if guidance else ""
    return hashlib.sha256(told.encode()).hexdigest()


@dataclass(frozen=True)
class Penalty:
    """Line of the sheet: side, range of notice, penalty and guidance."""

    side: Role
    notice_min: timedelta
    notice_max: timedelta | None
    says: Guidance

    def covers(self, side: Role, notice: timedelta) -> bool:
        """Whether the line applies to a cancellation by this side with this notice."""
        ends = self.notice_max is None or notice < self.notice_max
        return side is self.side and self.notice_min <= notice and ends


@dataclass(frozen=True)
class PenaltySheet:
    """All lines of the sheet; no two apply to the same side and notice."""

    lines: tuple[Penalty, ...] = ()

    def guidance_for(self, side: Role, notice: timedelta) -> Guidance | None:
        """Guidance for a cancellation by `side` with this notice; None where the sheet has none."""
        return next((line.says for line in self.lines if line.covers(side, notice)), None)

    def holds_down_to(self, side: Role, notice: timedelta) -> timedelta:
        """Notice below which the guidance is another one than with this; zero, where never."""
        ours = [line for line in self.lines if line.side is side]
        edges = {edge for line in ours for edge in (line.notice_min, line.notice_max) if edge}
        now = self.guidance_for(side, notice)
        for edge in sorted(edges, reverse=True):
            if edge <= notice and self.guidance_for(side, edge - timedelta.resolution) != now:
                return edge
        return timedelta(0)

    def holds_until(
        self, side: Role, starts_at: datetime, now: datetime, *, closes: timedelta = timedelta(0)
    ) -> datetime | None:
        """Instant after which a session's guidance is another one; None where it stays as it is
        for as long as this side may cancel, which `closes` so long before the start.
        """
        lasts = self.holds_down_to(side, starts_at - now)
        return starts_at - lasts if lasts > closes else None


def read_penalty_sheet(text: str, currency: Currency | None = None) -> PenaltySheet:
    """Penalty sheet of a CSV text; without a currency its amounts are left out.

    Raises `PenaltySheetError` for a line that cannot be read.
    """
    rows = csv.DictReader(text.lstrip("\ufeff").splitlines(), skipinitialspace=True)
    given = [name.strip() for name in rows.fieldnames or ()]
    if missing := [name for name in COLUMNS if name not in given]:
        raise PenaltySheetError(f"line 1: the column {missing[0]} is missing")
    rows.fieldnames = given
    lines = tuple(_lines(rows, currency))
    for one, other in combinations(lines, 2):
        if _overlap(one, other):
            hours = max(one.notice_min, other.notice_min) // timedelta(hours=1)
            raise PenaltySheetError(f"two lines are for a {one.side.value} with {hours} hours")
    return PenaltySheet(lines)


def _lines(rows: "csv.DictReader[str]", currency: Currency | None) -> Iterator[Penalty]:
    for row in rows:
        cells = {name: (row.get(name) or "").strip() for name in (*COLUMNS, AMOUNT)}
        if any(cells.values()):
            try:
                yield _line(cells, currency)
            except PenaltySheetError as error:
                raise PenaltySheetError(f"line {rows.line_num}: {error}") from None


def _line(cells: Mapping[str, str], currency: Currency | None) -> Penalty:
    side = SIDES.get(cells["role"].lower())
    if side is None:
        raise PenaltySheetError("role must be tutor or parent")
    first = _hours(cells, "notice_hours_min")
    last = _hours(cells, "notice_hours_max") if cells["notice_hours_max"] else None
    if last is not None and last <= first:
        raise PenaltySheetError("notice_hours_max must be more than notice_hours_min")
    if not cells["penalty"]:
        raise PenaltySheetError("penalty is empty")
    for name in ("penalty", "guidance"):
        if len(cells[name]) > TEXT_LIMIT:
            raise PenaltySheetError(f"{name} is longer than {TEXT_LIMIT} characters")
    says = Guidance(cells["penalty"], cells["guidance"], _amount(cells[AMOUNT], currency))
    return Penalty(side, first, last, says)


def _amount(cell: str, currency: Currency | None) -> int | None:
    if not cell or currency is None:
        return None
    try:
        return read_amount(cell, currency)
    except AmountNotRead:
        raise PenaltySheetError(f"amount must be a number like 25 or 25.50, not {cell!r}") from None


def _hours(cells: Mapping[str, str], name: str) -> timedelta:
    try:
        hours = Decimal(cells[name])
    except InvalidOperation:
        raise PenaltySheetError(f"{name} must be a number of hours") from None
    if not (hours.is_finite() and 0 <= hours <= MOST_HOURS):
        raise PenaltySheetError(f"{name} must be between 0 and {MOST_HOURS}")
    return timedelta(hours=float(hours))


def _overlap(one: Penalty, other: Penalty) -> bool:
    """Whether both lines apply to some notice: at the latest to the later line's first."""
    later = max(one.notice_min, other.notice_min)
    return one.covers(one.side, later) and other.covers(one.side, later)
