"""When somebody wants a session instead, as they type it (SPEC 6; UX 10, 19)."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locales.typed_words import vocabulary_of
from services.rules.typed_days import Doubt
from services.rules.typed_slots import Frame, TypedSlot, read_typed_slot
from services.rules.typed_words import Kind, Token
from tests.builders import NOW, ZONE

ENGLISH = vocabulary_of("en")
TABLE = Path(__file__).with_name("typed_slots_english.txt")
SETTING = re.compile(r"## (\S+ \S+) (\S+) session (\S+ \S+)(?: chosen (\S+))?")
FRAME = Frame(NOW.astimezone(ZONE), ZONE, datetime(2026, 11, 26, 21, 0, tzinfo=ZONE))
"""It is Wednesday, 25 November 2026, 15:00; the session is on Thursday."""


def cases() -> Iterator[tuple[Frame, str, str]]:
    """Lines of the table: when and where something is typed, what, and what it means."""
    frame = FRAME
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if setting := SETTING.fullmatch(line):
            zone = ZoneInfo(setting[2])
            now, start = (datetime.fromisoformat(setting[i]).replace(tzinfo=zone) for i in (1, 3))
            chosen = date.fromisoformat(setting[4]) if setting[4] else None
            frame = Frame(now, zone, start, chosen)
        elif " => " in line and not line.startswith("#"):
            typed, meant = line.split(" => ")
            yield frame, typed, meant


CASES = list(cases())


def told(slot: TypedSlot, frame: Frame) -> str:
    """A reading as the table has it."""
    local = [start.astimezone(frame.zone) for start in slot.starts]
    days = [f"{day:%a %Y-%m-%d}" for day in slot.days] if not local else []
    starts = [
        f"{start:%a %Y-%m-%d %H:%M}"
        + ("" if start.utcoffset() == frame.now.utcoffset() else f"{start:%z}")
        for start in local
    ]
    marks = [slot.doubt.name.lower()] if slot.doubt else []
    marks += ["range"] * slot.is_range + ["part"] * (not slot.is_whole)
    return " ".join([", ".join(starts + days)] * bool(starts or days) + _bracketed(marks))


def _bracketed(marks: list[str]) -> list[str]:
    return [f"({', '.join(marks)})"] if marks else []


def test_a_typed_time_means_what_people_mean_by_it() -> None:
    read = [
        (f"{typed}, {frame.now}", told(read_typed_slot(typed, frame, ENGLISH), frame))
        for frame, typed, _ in CASES
    ]
    assert read == [(f"{typed}, {frame.now}", meant) for frame, typed, meant in CASES]


def test_the_table_has_hundreds_of_times_at_several_instants_and_zones() -> None:
    assert len({(frame, typed) for frame, typed, _ in CASES}) == len(CASES) >= 300
    assert len({frame.now for frame, _, _ in CASES}) >= 6
    assert len({frame.zone.key for frame, _, _ in CASES}) >= 4


@pytest.mark.parametrize("case", ["upper", "title"])
@pytest.mark.parametrize("around", ["{}", "  {} ", "{},", "{}!"])
def test_capitals_and_marks_around_change_nothing(case: str, around: str) -> None:
    for frame, typed, meant in CASES:
        if "part" not in meant:
            written = around.format(getattr(typed, case)())
            assert told(read_typed_slot(written, frame, ENGLISH), frame) == meant, written


BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("zone", "typed", "skipped"),
    [
        (BERLIN, "28/3/2027 01:59", False),
        (BERLIN, "28/3/2027 02:00", True),
        (BERLIN, "28/3/2027 02:59", True),
        (BERLIN, "28/3/2027 03:00", False),
        (NEW_YORK, "14/3/2027 02:30", True),
        (NEW_YORK, "14/3/2027 03:00", False),
    ],
)
def test_a_time_that_the_clocks_skip_is_refused(zone: ZoneInfo, typed: str, skipped: bool) -> None:
    slot = read_typed_slot(typed, replace(FRAME, zone=zone), ENGLISH)
    clock = [f"{start.astimezone(zone):%H:%M}" for start in slot.starts]
    if skipped:
        assert slot.doubt is Doubt.SKIPPED
        assert typed[-5:] not in clock
    else:
        assert (slot.doubt, clock) == (None, [typed[-5:]])


def test_a_time_that_comes_twice_is_both_of_them() -> None:
    slot = read_typed_slot("31/10/2027 02:30", replace(FRAME, zone=BERLIN), ENGLISH)
    assert slot.doubt is Doubt.TWICE
    assert slot.starts == (
        datetime(2027, 10, 31, 0, 30, tzinfo=UTC),
        datetime(2027, 10, 31, 1, 30, tzinfo=UTC),
    )


TYPED_WORDS = st.sampled_from([*ENGLISH, *"0123456789/:.-,", "10", "26", "1600", "2027", "x", " "])


@given(
    typed=st.lists(TYPED_WORDS, max_size=12).map(" ".join) | st.text(max_size=120),
    later=st.timedeltas(timedelta(), timedelta(days=1500)),
    ahead=st.timedeltas(timedelta(days=-40), timedelta(days=40)),
    zone=st.sampled_from(["Asia/Singapore", "Europe/Berlin", "America/St_Johns"]).map(ZoneInfo),
)
def test_whatever_is_typed_is_read_and_what_is_certain_is_one_time_to_come(
    typed: str, later: timedelta, ahead: timedelta, zone: ZoneInfo
) -> None:
    now = NOW + later
    frame = Frame(now, zone, now + ahead)

    slot = read_typed_slot(typed, frame, ENGLISH)

    assert list(slot.starts) == sorted(set(slot.starts))
    assert all(start.tzinfo is UTC and start > now for start in slot.starts)
    assert bool(slot.starts) == (slot.doubt not in (Doubt.NO_TIME, Doubt.NOTHING))
    assert bool(slot.days) == (slot.doubt is not Doubt.NOTHING)
    if slot.doubt is None:
        (start,) = slot.starts
        assert slot.is_whole
        assert slot.days == (start.astimezone(zone).date(),)


def test_a_text_too_long_for_a_time_is_none() -> None:
    assert read_typed_slot("thu 4pm " + "9" * 4_000, FRAME, ENGLISH).doubt is Doubt.NOTHING
    assert read_typed_slot("1 " * 40, FRAME, ENGLISH).doubt is Doubt.NOTHING


def test_a_language_without_spaces_only_adds_words() -> None:
    chinese = {
        **ENGLISH,
        "周四": (Token(Kind.WEEKDAY, 3),),
        "明天": (Token(Kind.DAYS_AHEAD, 1),),
        "下周": (Token(Kind.NEXT_WEEK),),
        "下午": (Token(Kind.HALF, 1),),
        "点": (Token(Kind.AFTER_HOUR),),
        "点半": (Token(Kind.AFTER_HOUR, 30),),
        "月": (Token(Kind.MONTH_MARK),),
        "日": (Token(Kind.DAY_MARK),),
    }
    meant = {
        "周四下午4点": "Thu 2026-11-26 16:00",
        "明天下午4点半": "Thu 2026-11-26 16:30",
        "下周周四4点": "Thu 2026-12-03 16:00",
        "12月3日下午3点": "Thu 2026-12-03 15:00",
        "１２月３日 15：00": "Thu 2026-12-03 15:00",  # as its keyboards write them
        "thu 4pm": "Thu 2026-11-26 16:00",
    }
    read = {typed: told(read_typed_slot(typed, FRAME, chinese), FRAME) for typed in meant}
    assert read == meant


@pytest.mark.parametrize("text", ["next tues 25:00", "25:00", "thu 16:60", "tues 26pm", "99"])
def test_numbers_and_days_that_make_no_time_are_known_as_such(text: str) -> None:
    assert read_typed_slot(text, FRAME, ENGLISH).is_broken


@pytest.mark.parametrize(
    "text", ["thu 4pm", "exam at 25:00", "3 sessions a week", "31/2 16:00", "tue", "soon", "am"]
)
def test_a_time_and_a_text_with_other_words_are_no_broken_time(text: str) -> None:
    assert not read_typed_slot(text, FRAME, ENGLISH).is_broken
