"""The demo agency's penalty sheet: nothing with two days' notice, more for less."""

from __future__ import annotations

from pathlib import Path

PENALTIES = """\
role,notice_hours_min,notice_hours_max,penalty,guidance,amount
parent,0,24,Late fee,Less than a day's notice: the late fee is charged.,40.00
parent,24,48,Short-notice fee,Less than two days' notice: the short-notice fee is charged.,14.00
parent,48,,None,Two days' notice or more: nothing is charged.,0
tutor,0,24,One strike,Less than a day's notice counts as a strike; three in a term are discussed.,
tutor,24,,None,A day's notice or more: nothing happens.,0
"""


def write_penalty_sheet(folder: Path) -> Path:
    """Write the sheet as CSV into `folder`; returns its path."""
    path = folder / "penalties.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(PENALTIES, encoding="utf-8")
    return path
