"""Analytics in words: tables of counts, each with the filter that leads to its rows (SPEC 7).

Plain text: escape it for HTML.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType

from locales.catalogue import phrase
from locales.reader import Reader
from locales.wording import change_reason, role_label, status_label
from models.enums import ChangeReason, DisputeStatus, Role, Status
from services.rules.analytics import (
    ADDON,
    HELD,
    LOST,
    REGULAR,
    SMALL,
    TRIAL,
    Counted,
    Fact,
    Field,
    Filter,
    Runway,
    by_runway,
)

TUTORS = 20
"""Most tutors in the table of tutors: those with the most sessions."""
_WORDS = MappingProxyType(
    {
        (Field.KIND, REGULAR): phrase("Regular"),
        (Field.KIND, TRIAL): phrase("Trial"),
        (Field.KIND, ADDON): phrase("Extra"),
        (Field.HELD, "yes"): phrase("Acknowledged"),
        (Field.HELD, "no"): phrase("Not acknowledged"),
        (Field.ANSWER, "day"): phrase("Within a day"),
        (Field.ANSWER, "two_days"): phrase("Within two days"),
        (Field.ANSWER, "longer"): phrase("Later"),
        (Field.START, "in_time"): phrase("In time"),
        (Field.START, "a_little_late"): phrase("Up to 5 minutes late"),
        (Field.START, "late"): phrase("More than 5 minutes late"),
        (Field.NOTES, "in_time"): phrase("Within a day"),
        (Field.NOTES, "late"): phrase("Later"),
        (Field.NOTES, "none"): phrase("None"),
        (Field.NOTICE, "under_4"): phrase("Under 4 hours"),
        (Field.NOTICE, "under_24"): phrase("4 to 24 hours"),
        (Field.NOTICE, "under_48"): phrase("24 to 48 hours"),
        (Field.NOTICE, "longer"): phrase("2 days or more"),
        (Field.DISPUTE, DisputeStatus.OPEN.value): phrase("Open"),
        (Field.DISPUTE, DisputeStatus.CLAIMED.value): phrase("Claimed"),
        (Field.DISPUTE, DisputeStatus.VERIFIED.value): phrase("Verified: the session counts"),
        (Field.DISPUTE, DisputeStatus.UPHELD.value): phrase("Upheld: not charged"),
        (Field.DISPUTE, DisputeStatus.RETURNED.value): phrase("Returned to the parent"),
    }
)


@dataclass(frozen=True)
class Number:
    """A number, and the filter that leads to its rows."""

    text: str
    leads: Filter | None = None
    size: float = 0
    """Its value, for the plot."""


@dataclass(frozen=True)
class Table:
    """A table with its plot: the first column of numbers, stacked with those of `stacked`."""

    title: str
    about: str
    columns: tuple[str, ...]
    rows: list[tuple[str, list[Number]]]
    note: str = ""
    stacked: int = 1
    """How many columns of numbers the plot stacks."""
    links: dict[str, str] = field(default_factory=dict)
    """Addresses of the rows' names, where they have any."""


@dataclass(frozen=True)
class Headline:
    """One of the four numbers on top."""

    name: str
    number: str
    leads: Filter


def headlines(reader: Reader, counted: Counted) -> list[Headline]:
    """The four numbers on top."""
    waits: Filter = ((Field.STATUS, Status.AWAITING_APPROVAL_PARENT.value),)
    disputed: Filter = ((Field.STATUS, Status.DISPUTED.value),)
    named = (
        (reader.label("Sessions held"), HELD),
        (reader.label("Awaiting parents"), waits),
        (reader.label("Disputed"), disputed),
        (reader.label("Lost to expired requests"), LOST),
    )
    return [Headline(name, reader.number(counted.count(one)), one) for name, one in named]


def tables(reader: Reader, counted: Counted, found: Sequence[Runway]) -> list[Table]:
    """Every table of the page."""
    return [
        _by_month(reader, counted),
        _by_tutor(reader, counted),
        _simple(reader, counted, Field.STATUS, reader.label("By status")),
        _simple(reader, counted, Field.KIND, reader.label("By kind")),
        _answers(reader, counted),
        _simple(reader, counted, Field.START, reader.label("Punctuality")),
        _simple(reader, counted, Field.NOTES, reader.label("Notes after the session")),
        _simple(reader, counted, Field.SIDE, reader.label("Cancellations by side")),
        _simple(reader, counted, Field.REASON, reader.label("Cancellations by reason")),
        _simple(reader, counted, Field.NOTICE, reader.label("Cancellations by notice")),
        _simple(reader, counted, Field.MONTH, reader.label("Expired requests"), LOST),
        _simple(reader, counted, Field.DISPUTE, reader.label("Disputes and outcomes")),
        _runway(reader, found),
    ]


def filter_words(reader: Reader, chooses: Filter, facts: Sequence[Fact]) -> str:
    """What a filter chooses: "Extra, Grace Tan"."""
    tutors = {str(fact.tutor_id): fact.tutor for fact in facts}
    return reader.listed(_word(reader, name, value, tutors) for name, value in chooses)


def _by_month(reader: Reader, counted: Counted) -> Table:
    rows = []
    for month in sorted(counted.by(Field.MONTH, HELD)):
        of_month: Filter = (*HELD, (Field.MONTH, month))
        kinds = [(*of_month, (Field.KIND, kind)) for kind in (REGULAR, TRIAL, ADDON)]
        addons = counted.minutes(kinds[2])
        cells = [_count(reader, counted, leads) for leads in kinds]
        cells += [
            Number(reader.duration(counted.minutes(of_month) - addons)),
            Number(reader.duration(addons)),
        ]
        rows.append((_word(reader, Field.MONTH, month, {}), cells))
    columns = (
        reader.label("Month"),
        reader.label("Regular"),
        reader.label("Trial"),
        reader.label("Extra"),
        reader.label("Hours"),
        reader.label("Extra hours"),
    )
    about = reader.label("Sessions held each month, extra ones apart")
    title = reader.label("Sessions and hours by month")
    return Table(title, about, columns, rows, _small(reader, counted.count(HELD)), stacked=3)


def _by_tutor(reader: Reader, counted: Counted) -> Table:
    rows = []
    for tutor, _ in counted.by(Field.TUTOR, HELD).most_common(TUTORS):
        theirs: Filter = (*HELD, (Field.TUTOR, tutor))
        addons: Filter = (*theirs, (Field.KIND, ADDON))
        cells = [
            _count(reader, counted, theirs),
            _count(reader, counted, addons),
            Number(reader.duration(counted.minutes(theirs) - counted.minutes(addons))),
        ]
        rows.append((counted.tutors[tutor], cells))
    columns = (
        reader.label("Tutor"),
        reader.label("Sessions"),
        reader.label("of which extra"),
        reader.label("Hours without extra"),
    )
    about = reader.label("Sessions held by each tutor")
    note = _small(reader, counted.count(HELD))
    return Table(reader.label("By tutor"), about, columns, rows, note)


def _answers(reader: Reader, counted: Counted) -> Table:
    found = _simple(reader, counted, Field.ANSWER, reader.label("Acknowledgement times"), HELD)
    typical = counted.typical_answer
    if typical is None:
        return found
    note = reader.label("Half are acknowledged within {time}.", time=_length(reader, typical))
    return Table(
        found.title, found.about, found.columns, found.rows, f"{note} {found.note}".strip()
    )


def _simple(reader: Reader, counted: Counted, name: Field, title: str, base: Filter = ()) -> Table:
    """A table of how many sessions have each value of a field; `base`: among which of them."""
    counts = counted.by(name, base)
    order: Callable[[str], tuple[object, ...]] = _ORDERS.get(name, lambda value: (-counts[value],))
    rows = []
    total = sum(counts.values())
    for value in sorted(counts, key=lambda one: (*order(one), one)):
        share = f"{round(100 * counts[value] / total)} %"
        number = _count(reader, counted, (*base, (name, value)))
        rows.append((_word(reader, name, value, {}), [number, Number(share)]))
    columns = (reader.label("Value"), reader.label("Sessions"), reader.label("Share"))
    about = reader.label("{title}, number of sessions", title=title)
    return Table(title, about, columns, rows, _small(reader, total))


def _runway(reader: Reader, found: Sequence[Runway]) -> Table:
    rows, links = [], {}
    for one in by_runway(found)[:TUTORS]:
        weeks = one.weeks
        told = reader.label("not used lately") if weeks is None else f"{weeks:.1f}"
        rows.append(
            (
                one.child,
                [Number(told, size=weeks or 0.0), Number(str(one.left)), Number(str(one.recent))],
            )
        )
        links[one.child] = f"/admin/packages?child={one.student_id}"
    columns = (
        reader.label("Child"),
        reader.label("Weeks left"),
        reader.label("Credits left"),
        reader.label("Used in four weeks"),
    )
    about = reader.label("How many weeks each child's credits will last at the recent rate")
    return Table(reader.label("How long packages last"), about, columns, rows, links=links)


def _count(reader: Reader, counted: Counted, leads: Filter) -> Number:
    count = counted.count(leads)
    return Number(reader.number(count), leads if count else None, count)


def _word(reader: Reader, name: Field, value: str, tutors: dict[str, str]) -> str:
    """A value of a filter in words; one that no session has stands as it was given."""
    try:
        return _known_word(reader, name, value, tutors)
    except (KeyError, ValueError):
        return value


def _known_word(reader: Reader, name: Field, value: str, tutors: dict[str, str]) -> str:
    match name:
        case Field.MONTH:
            return reader.month(date.fromisoformat(f"{value}-01"))
        case Field.TUTOR:
            return tutors.get(value, value)
        case Field.STATUS:
            return status_label(reader, Status(value), Role.COORDINATOR)
        case Field.SIDE:
            return role_label(reader, Role(value))
        case Field.REASON:
            return change_reason(reader, ChangeReason(value))
    return reader.label(_WORDS[name, value])


def _small(reader: Reader, count: int) -> str:
    if not 0 < count < SMALL:
        return ""
    return reader.labels(
        "Only {count} session: too few to read much into it.",
        "Only {count} sessions: too few to read much into them.",
        count,
    )


def _length(reader: Reader, time: timedelta) -> str:
    return reader.duration(max(1, round(time.total_seconds() / 60)))


_PLACES = {pair: place for place, pair in enumerate(_WORDS)}
_ORDERS: dict[Field, Callable[[str], tuple[object, ...]]] = {
    Field.MONTH: lambda value: (value,),
    **{
        name: lambda value, name=name: (_PLACES[name, value],)  # type: ignore[misc]
        for name in (
            Field.KIND,
            Field.ANSWER,
            Field.START,
            Field.NOTES,
            Field.NOTICE,
            Field.DISPUTE,
        )
    },
}
"""Order of values that have one of their own; all others come by number."""
