"""What a batch of extra sessions can be (SPEC 7)."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.rules.adhoc import (
    AdhocLine,
    Circumstances,
    Fault,
    Taken,
    Trouble,
    numbers_in_trouble,
    troubles_of,
)
from tests.builders import NOW, ZONE

TUTOR, OTHER_TUTOR = 1, 2
EMILY, OLIVER, BEN = 11, 12, 13
"""Emily and Oliver are siblings."""
START = NOW - timedelta(days=5)
LINE = AdhocLine(EMILY, START, 90, "exam revision")
END = LINE.ends_at
SECOND = timedelta(seconds=1)
AT = Circumstances(
    tutor_id=TUTOR,
    students=frozenset({EMILY, OLIVER, BEN}),
    taken=(),
    siblings=frozenset({frozenset({EMILY, OLIVER})}),
    now=NOW,
    agency=ZONE,
)


def trouble(line: AdhocLine, at: Circumstances = AT) -> Trouble | None:
    (found,) = troubles_of([line], at)
    return found


def local(*when: int) -> datetime:
    return datetime(*when, tzinfo=ZONE)  # type: ignore[arg-type,misc]  # year, month, day, ...


@pytest.mark.parametrize(
    ("over", "fault"),
    [
        ({}, None),
        ({"minutes": 15}, None),
        ({"minutes": 14}, Fault.LENGTH_NOT_POSSIBLE),
        ({"minutes": 480}, None),
        ({"minutes": 481}, Fault.LENGTH_NOT_POSSIBLE),
        ({"topic": ""}, Fault.TOPIC_MISSING),
        ({"topic": "x" * 60}, None),
        ({"topic": "x" * 61}, Fault.TOPIC_TOO_LONG),
        ({"student_id": 99}, Fault.STUDENT_UNKNOWN),
        ({"starts_at": NOW - timedelta(minutes=90)}, None),
        ({"starts_at": NOW - timedelta(minutes=90) + SECOND}, Fault.IN_FUTURE),
        ({"starts_at": NOW + timedelta(days=5)}, Fault.IN_FUTURE),
        ({"starts_at": local(2026, 10, 25, 0, 0)}, None),
        ({"starts_at": local(2026, 10, 24, 23, 59)}, Fault.TOO_OLD),
    ],
)
def test_a_line_by_itself(over: dict[str, object], fault: Fault | None) -> None:
    found = trouble(replace(LINE, **over))  # type: ignore[arg-type]

    assert found == (Trouble(fault) if fault else None)


def test_thirty_one_days_are_those_of_the_agencys_zone_across_a_clock_change() -> None:
    london = ZoneInfo("Europe/London")
    now = datetime(2026, 11, 20, 0, 30, tzinfo=london)
    at = replace(AT, now=now, agency=london)
    first = datetime(2026, 10, 20, 0, 0, tzinfo=london)

    assert trouble(replace(LINE, starts_at=first), at) is None
    assert trouble(replace(LINE, starts_at=first - SECOND), at) == Trouble(Fault.TOO_OLD)


@pytest.mark.parametrize(
    ("tutor", "student", "begins", "ends", "is_adhoc", "fault"),
    [
        (TUTOR, BEN, START - timedelta(hours=1), START, False, None),
        (TUTOR, BEN, END, END + timedelta(hours=1), False, None),
        (TUTOR, BEN, END - SECOND, END + timedelta(hours=1), False, Fault.TUTOR_BUSY),
        (TUTOR, BEN, START - timedelta(hours=1), START + SECOND, False, Fault.TUTOR_BUSY),
        (TUTOR, BEN, START, END, False, Fault.TUTOR_BUSY),
        (TUTOR, OLIVER, START, END, False, None),  # siblings taught together
        (TUTOR, OLIVER, START, END - SECOND, False, Fault.TUTOR_BUSY),
        (OTHER_TUTOR, EMILY, START, END, False, Fault.STUDENT_BUSY),
        (OTHER_TUTOR, BEN, START, END, False, None),
        (OTHER_TUTOR, OLIVER, START, END, False, None),
        (TUTOR, EMILY, START, END, False, Fault.STUDENT_BUSY),
        (TUTOR, EMILY, START, END, True, Fault.LOGGED_BEFORE),
        (TUTOR, EMILY, START, END - SECOND, True, Fault.STUDENT_BUSY),
        (OTHER_TUTOR, EMILY, START, END, True, Fault.STUDENT_BUSY),
    ],
)
def test_a_line_beside_a_session_that_there_is(
    tutor: int,
    student: int,
    begins: datetime,
    ends: datetime,
    is_adhoc: bool,
    fault: Fault | None,
) -> None:
    at = replace(AT, taken=(Taken(tutor, student, begins, ends, is_adhoc),))

    assert trouble(LINE, at) == (Trouble(fault, (begins, ends)) if fault else None)


@pytest.mark.parametrize(
    ("over", "expected"),
    [
        ({}, Trouble(Fault.SAME_LINE, line=1)),
        ({"topic": "another"}, Trouble(Fault.SAME_LINE, line=1)),
        ({"minutes": 60}, Trouble(Fault.OVERLAPS_LINE, line=1)),
        ({"student_id": BEN}, Trouble(Fault.OVERLAPS_LINE, line=1)),
        ({"student_id": OLIVER}, None),
        ({"student_id": OLIVER, "minutes": 60}, Trouble(Fault.OVERLAPS_LINE, line=1)),
        ({"starts_at": END}, None),
        ({"starts_at": END - SECOND}, Trouble(Fault.OVERLAPS_LINE, line=1)),
    ],
)
def test_a_line_beside_another(over: dict[str, object], expected: Trouble | None) -> None:
    lines = [LINE, replace(LINE, **over)]  # type: ignore[arg-type]

    assert troubles_of(lines, AT) == (None, expected)


def test_lines_that_could_not_be_read_keep_their_numbers() -> None:
    troubles = troubles_of([None, LINE, None, LINE], AT)

    assert troubles == (None, None, None, Trouble(Fault.SAME_LINE, line=2))
    assert numbers_in_trouble(troubles) == [4]
