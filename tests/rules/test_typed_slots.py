"""When somebody wants a session instead, as they type it (SPEC 6; UX 10)."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from services.rules.refusals.typed import SlotNotRead, TimeDoesNotExist, TimeTwice
from services.rules.typed_slots import ENGLISH_WEEKDAYS, read_slot_start
from tests.builders import NOW, ZONE
from tests.services.proofs import refused

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
NEAR = datetime(2026, 11, 26, 21, 0, tzinfo=ZONE)
"""The session is on Thursday; it is Wednesday, 25 November 2026, 15:00."""


def read(text: str, now: datetime = NOW, zone: ZoneInfo = ZONE) -> str:
    start = read_slot_start(text, near=NEAR, now=now, zone=zone)
    assert start.tzinfo is UTC
    return f"{start.astimezone(zone):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("thu 4pm", "2026-11-26 16:00"),
        ("Thu 4PM", "2026-11-26 16:00"),
        ("thurs 4pm", "2026-11-26 16:00"),
        ("thursday at 16:00", "2026-11-26 16:00"),
        ("thu, 16:00", "2026-11-26 16:00"),
        ("wed 15:01", "2026-11-25 15:01"),
        ("wed 15:00", "2026-12-02 15:00"),
        ("wed 14:59", "2026-12-02 14:59"),
        ("tue 9am", "2026-12-01 09:00"),
        ("today 18:00", "2026-11-25 18:00"),
        ("tomorrow 4pm", "2026-11-26 16:00"),
        ("16:00", "2026-11-26 16:00"),
        ("4pm", "2026-11-26 16:00"),
        ("4.30 pm", "2026-11-26 16:30"),
        ("12am", "2026-11-26 00:00"),
        ("12:30pm", "2026-11-26 12:30"),
        ("26/11 16:00", "2026-11-26 16:00"),
        ("26/11, 16:00", "2026-11-26 16:00"),
        ("26.11. 16h30", "2026-11-26 16:30"),
        ("26.11 16h", "2026-11-26 16:00"),
        ("26-11 16:00", "2026-11-26 16:00"),
        ("26/11/2026 16:00", "2026-11-26 16:00"),
        ("26/11/26 16:00", "2026-11-26 16:00"),
        ("24/11 16:00", "2027-11-24 16:00"),
        ("25/11 09:00", "2026-11-25 09:00"),
        ("1/3 8am", "2027-03-01 08:00"),
        ("29/2 8am", "2028-02-29 08:00"),
        ("2026-12-03 16:00", "2026-12-03 16:00"),
        ("3 dec 16:00", "2026-12-03 16:00"),
        ("3rd December 4pm", "2026-12-03 16:00"),
        ("dec 3 4pm", "2026-12-03 16:00"),
        ("thu 3 dec 16:00", "2026-12-03 16:00"),
        ("Thu, 3 Dec 2026 16:00", "2026-12-03 16:00"),
        ("sept 4 4pm", "2027-09-04 16:00"),
        ("  fri   9pm ", "2026-11-27 21:00"),
    ],
)
def test_a_day_and_a_time_as_people_type_them(typed: str, meant: str) -> None:
    assert read(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "soon",
        "thu",
        "16",
        "thu 4",
        "thu 25:00",
        "thu 16:60",
        "thu 13pm",
        "thu 0pm",
        "31/11 16:00",
        "0/11 16:00",
        "29/2/2027 16:00",
        "fri 26 nov 16:00",
        "26/11/1926 16:00",
        "9999-12-31 23:59",
        "3 foo 16:00",
        "thu thu 16:00",
        "16:00 thu",
        "-5 16:00",
        "٣ dec 16:00x",
    ],
)
def test_what_is_no_day_and_time_is_not_guessed_at(typed: str) -> None:
    with refused(SlotNotRead):
        read(typed)


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
    if skipped:
        with refused(TimeDoesNotExist):
            read(typed, zone=zone)
    else:
        assert read(typed, zone=zone).endswith(typed[-5:])


def test_a_time_that_comes_twice_is_both_of_them() -> None:
    with refused(
        TimeTwice,
        first=datetime(2027, 10, 31, 0, 30, tzinfo=UTC),
        second=datetime(2027, 10, 31, 1, 30, tzinfo=UTC),
    ):
        read("31/10/2027 02:30", zone=BERLIN)
    assert read("31/10/2027 03:00", zone=BERLIN) == "2027-10-31 03:00"


def test_names_of_another_language_are_known_where_they_are_given() -> None:
    start = read_slot_start(
        "Khamis 4pm", near=NEAR, now=NOW, zone=ZONE, weekdays={"khamis": 3, **ENGLISH_WEEKDAYS}
    )
    assert start == datetime(2026, 11, 26, 16, 0, tzinfo=ZONE)
