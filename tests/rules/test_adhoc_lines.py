"""Extra sessions as tutors type them, a line each (SPEC 7)."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locales.typed_words import line_words_of
from services.rules.adhoc import Fault
from services.rules.adhoc_lines import PastFrame, TypedLine, amended, read_line, read_lines
from tests.builders import NOW, ZONE

ENGLISH = line_words_of("en")
FRAME = PastFrame(NOW, ZONE)
TABLE = Path(__file__).with_name("adhoc_lines_english.txt")
SETTING = re.compile(r"## (\S+ \S+) (\S+)")


def cases() -> Iterator[tuple[PastFrame, str, str]]:
    """Lines of the table: when and where something is typed, what, and what it means."""
    frame = FRAME
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if setting := SETTING.fullmatch(line):
            zone = ZoneInfo(setting[2])
            frame = PastFrame(datetime.fromisoformat(setting[1]).replace(tzinfo=zone), zone)
        elif " => " in line and not line.startswith("#"):
            typed, meant = line.split(" => ")
            yield frame, typed, meant


def told(line: TypedLine, frame: PastFrame) -> str:
    """A reading as the table has it."""
    start = line.starts_at.astimezone(frame.zone) if line.starts_at else None
    now = frame.now.astimezone(frame.zone)
    offset = "" if start is None or start.utcoffset() == now.utcoffset() else f"{start:%z}"
    shown = f"{start:%a %Y-%m-%d %H:%M}{offset}" if start else "-"
    fault = f" ({line.fault})" if line.fault else ""
    return f"{shown}; {line.minutes or '-'}; {line.topic}{fault}"


def test_a_line_means_what_the_table_says() -> None:
    table = list(cases())
    read = [(typed, told(read_line(typed, frame, ENGLISH), frame)) for frame, typed, _ in table]
    assert read == [(typed, meant) for _, typed, meant in table]


def test_each_line_of_a_text_is_read_and_empty_ones_are_not() -> None:
    found = read_lines("\n20/11 15:00 90 algebra\n\n  \nnothing\n", FRAME, ENGLISH)

    assert [(one.topic, one.fault) for one in found] == [
        ("algebra", None),
        ("", Fault.UNREADABLE),
    ]
    assert [one.text for one in found] == ["20/11 15:00 90 algebra", "nothing"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (
            "thu 19 nov 4pm 45min vocab, fri 20 nov 1pm 45min spelling",
            [
                "Thu 2026-11-19 16:00; 45; vocab",
                "Fri 2026-11-20 13:00; 45; spelling",
            ],
        ),
        (
            "thu 19 nov 4pm 45min vocab and fri 20 nov 1pm spelling",
            [
                "Thu 2026-11-19 16:00; 45; vocab",
                "Fri 2026-11-20 13:00; -; spelling (length_missing)",
            ],
        ),
        (
            "thu 19 nov 4pm 45min vocab, ch. 3, and then 20/11 1pm 45 spelling; 21/11 3pm 60 oral.",
            [
                "Thu 2026-11-19 16:00; 45; vocab, ch. 3",
                "Fri 2026-11-20 13:00; 45; spelling",
                "Sat 2026-11-21 15:00; 60; oral",
            ],
        ),
        (
            "sat 21 nov 2-3.30pm oral practice; sun 32 nov 4pm 1h",
            ["Sat 2026-11-21 14:00; 90; oral practice", "-; -;  (unreadable)"],
        ),
        (
            "20/11 15:00 90 reading and writing, for the test on 27/11, ch. 3",
            ["Fri 2026-11-20 15:00; 90; reading and writing, for the test on 27/11, ch. 3"],
        ),
        (
            "20/11, 15:00, 90, exam revision; 3 papers",
            ["Fri 2026-11-20 15:00; 90; exam revision; 3 papers"],
        ),
        (
            "thu 4pm vocab and fri 20 nov 4pm 45 oral",
            ["Thu 2026-11-19 16:00; -; vocab and fri 20 nov 4pm 45 oral (length_missing)"],
        ),
    ],
)
def test_several_sessions_on_a_line_are_a_line_each(typed: str, meant: list[str]) -> None:
    assert [told(one, FRAME) for one in read_lines(typed, FRAME, ENGLISH)] == meant


def test_a_day_before_any_session_is_not_read() -> None:
    assert read_line("0001-01-01 16:00 60 exams", FRAME, ENGLISH).fault is Fault.UNREADABLE


def test_a_line_that_is_too_long_is_not_read() -> None:
    found = read_line("20/11 15:00 90 " + "x" * 200, FRAME, ENGLISH)

    assert (found.fault, len(found.text)) == (Fault.UNREADABLE, 200)


@given(st.text(max_size=60))
def test_whatever_is_typed_it_is_read_or_has_a_fault(typed: str) -> None:
    for line in read_lines(typed, FRAME, ENGLISH):
        is_known = line.starts_at is not None and line.minutes is not None and line.topic
        assert bool(is_known) or line.fault is not None


@pytest.mark.parametrize(
    ("before", "typed", "after"),
    [
        ("20/11 15:00 90", "essay", "Fri 2026-11-20 15:00; 90; essay"),
        ("20/11 15:00 90 essay", "reading aloud", "Fri 2026-11-20 15:00; 90; reading aloud"),
        ("20/11 15:00 90 essay", "sun 2pm 60", "Sun 2026-11-22 14:00; 60; essay"),
        ("20/11 15:00 90 essay", "sun 2pm", "Sun 2026-11-22 14:00; 90; essay"),
        ("20/11 15:00 90 essay", "sun 2pm reading", "Sun 2026-11-22 14:00; 90; reading"),
        ("20/11 15:00 90 essay", "sun 2-3pm", "Sun 2026-11-22 14:00; 60; essay"),
        ("20/11 15:00 90 essay", "sun 2pm 60 reading", "Sun 2026-11-22 14:00; 60; reading"),
        ("20/11 15:00 essay", "75 min", "Fri 2026-11-20 15:00; 75; essay"),
        ("20/11 15:00 essay", "1.5 h", "Fri 2026-11-20 15:00; 90; essay"),
        ("20/11 15:00 900 essay", "20/11 15:00 90", "Fri 2026-11-20 15:00; 90; essay"),
        ("blah", "20/11 15:00 90", "Fri 2026-11-20 15:00; 90;  (topic_missing)"),
        ("blah", "blub", "-; -;  (unreadable)"),
        ("20/11 15:00 90 essay", "31/11 15:00 90 essay", "-; 90; essay (no_such_day)"),
    ],
)
def test_a_part_that_is_typed_of_a_line_leaves_its_other_parts(
    before: str, typed: str, after: str
) -> None:
    line = amended(read_line(before, FRAME, ENGLISH), read_line(typed, FRAME, ENGLISH))

    assert told(line, FRAME) == after
