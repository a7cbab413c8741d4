"""Matches as rows of a family's and a tutor's pages (SPEC 7, 10)."""

from dataclasses import dataclass

from locales.match_wording import lesson_days, match_price, times_of_match
from locales.reader import Reader
from models.enums import Kind
from services.queries.booked_students import BookedStudent
from services.queries.matches import MatchView


@dataclass(frozen=True)
class MatchRow:
    """One match, in the reader's words."""

    title: str
    tutor: str
    """With whom; that the name comes later, where it is held back."""
    times: str
    dates: str
    price: str
    """What the family pays; empty for the tutor, and where nothing is agreed."""
    is_trial: bool
    accept_at: str
    decline_at: str
    next_session: str
    next_at: str
    """Address of the next session; empty where none is booked."""


def booked_row(reader: Reader, one: BookedStudent) -> MatchRow:
    """Sessions with a student without a match, for the tutor: only the next one is known."""
    first = one.first
    return MatchRow(
        title=f"{one.student.name} · {one.subject}",
        tutor="",
        times="",
        dates="",
        price="",
        is_trial=first.kind is Kind.TRIAL,
        accept_at="",
        decline_at="",
        next_session=reader.slot(first.starts_at, first.ends_at),
        next_at=f"/sessions/{first.id}",
    )


def match_row(reader: Reader, view: MatchView, *, has_price: bool = False) -> MatchRow:
    """A match for the tutor, or with its price for a parent."""
    match, first = view.match, view.booked.first
    is_hidden = view.is_open and match.is_tutor_held_back
    tutor = (
        reader.label("You will see the tutor's name when you accept.")
        if is_hidden
        else reader.label("with {tutor}", tutor=view.tutor.name)
    )
    here = f"/family/matches/{view.id}"
    return MatchRow(
        f"{view.student.name} · {match.subject}",
        tutor,
        times_of_match(reader, view),
        lesson_days(reader, view),
        match_price(reader, match) if has_price else "",
        match.kind is Kind.TRIAL,
        f"{here}/accept",
        f"{here}/decline",
        reader.slot(first.starts_at, first.ends_at) if first else "",
        f"/sessions/{first.id}" if first else "",
    )
