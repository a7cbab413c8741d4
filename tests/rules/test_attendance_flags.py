"""Attendance flags are derived from the times, and their sources from the audit trail (SPEC 3)."""

from datetime import datetime, timedelta

import pytest

from models.enums import Action, Channel
from services.rules.attendance_flags import Flag, Raised, Sources, TimeSource, flags, sources
from tests.builders import NOW

START, END = NOW, NOW + timedelta(minutes=90)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
LATE, EARLY = Flag.LATE_START, Flag.EARLY_LEAVE


@pytest.mark.parametrize(
    ("came", "went", "raised"),
    [
        (None, None, ()),
        (START, None, ()),
        (START - 5 * MINUTE, END, ()),
        (START, END, ()),
        (START + SECOND, None, (Raised(LATE, 1),)),
        (START + MINUTE, END, (Raised(LATE, 1),)),
        (START + MINUTE - SECOND, END, (Raised(LATE, 1),)),
        (START + 10 * MINUTE + SECOND, END + MINUTE, (Raised(LATE, 10),)),
        (START + 11 * MINUTE - SECOND, END + MINUTE, (Raised(LATE, 10),)),
        (START, END - SECOND, (Raised(EARLY, 1),)),
        (START, END - 20 * MINUTE, (Raised(EARLY, 20),)),
        (START, START + 45 * MINUTE, (Raised(EARLY, 45),)),
        (START, START + 45 * MINUTE - SECOND, (Raised(EARLY, 46), Raised(Flag.SHORT))),
        (START + 50 * MINUTE, END, (Raised(LATE, 50), Raised(Flag.SHORT))),
        (
            START + 40 * MINUTE,
            END - 10 * MINUTE,
            (Raised(LATE, 40), Raised(EARLY, 10), Raised(Flag.SHORT)),
        ),
    ],
)
def test_late_early_and_short_are_told_with_the_minutes(
    came: datetime | None, went: datetime | None, raised: tuple[Raised, ...]
) -> None:
    assert flags(START, END, came, went, has_notes=True) == raised


def test_missing_notes_are_told_only_after_check_out() -> None:
    assert flags(START, END, START, None, has_notes=False) == ()
    assert flags(START, END, START, END, has_notes=False) == (Raised(Flag.NO_NOTES),)


@pytest.mark.parametrize(
    ("done", "told"),
    [
        ([], Sources()),
        ([(Action.CHECK_IN, Channel.TELEGRAM)], Sources(TimeSource.TELEGRAM)),
        (
            [(Action.CHECK_OUT, Channel.WEB), (Action.CHECK_IN, Channel.TELEGRAM)],
            Sources(TimeSource.TELEGRAM, TimeSource.WEB),
        ),
        (
            [(Action.CORRECT_ATTENDANCE, Channel.TELEGRAM), (Action.CHECK_IN, Channel.WEB)],
            Sources(TimeSource.CORRECTED, TimeSource.CORRECTED),
        ),
        (
            [(Action.CHECK_IN, Channel.WEB), (Action.CHECK_IN, Channel.TELEGRAM)],
            Sources(TimeSource.WEB),
        ),
        (
            [(Action.IMPORT, Channel.IMPORT)],
            Sources(TimeSource.IMPORTED, TimeSource.IMPORTED),
        ),
        ([(Action.ACKNOWLEDGE, Channel.TELEGRAM)], Sources()),
    ],
)
def test_the_newest_event_that_set_a_time_is_its_source(
    done: list[tuple[Action, Channel]], told: Sources
) -> None:
    assert sources(done) == told
