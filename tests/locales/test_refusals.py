import pkgutil
from datetime import timedelta
from importlib import import_module
from traceback import format_exception

import pytest

from locales.catalogue import codes
from locales.file_refusals import file_refusal_text
from locales.pseudo import PSEUDO
from locales.reader import Reader
from locales.refusals import refusal_text
from models.enums import Action, DisputeStatus, PartKind, Role, Status
from services.media.refusals import FileRefusal
from services.rules import refusals
from services.rules.refusals import Refusal
from services.rules.refusals.adhoc import BatchNotClear, BatchTooLong
from services.rules.refusals.attendance import (
    TooEarlyToCheckIn,
    TooEarlyToCheckOut,
    TooLateToCheckIn,
    TooLateToCheckOut,
)
from services.rules.refusals.billing import MonthClosed, MonthNotOver
from services.rules.refusals.links import (
    AppUsed,
    InvitationForOther,
    NothingToSee,
    OthersEyes,
    SignInUsed,
    UsesTelegram,
)
from services.rules.refusals.matches import (
    ClosedDay,
    DatesFault,
    DatesWanted,
    LeaveOverlaps,
    SlotsWanted,
)
from services.rules.refusals.notes import FileNotKept, FileTooLarge
from services.rules.refusals.packages import (
    AdjustmentNotPossible,
    AlreadyReversed,
    AmountAmbiguous,
    SessionsNotPossible,
)
from services.rules.refusals.people import LastGuardian, RefTaken, StillGuardian, StillTeaches
from services.rules.refusals.queue import NudgedAlready
from services.rules.refusals.requests import (
    ProposalOutdated,
    RequestExpired,
    RescheduleOpen,
    SlotTaken,
)
from services.rules.refusals.sessions import (
    ActedFirst,
    DisputeClaimed,
    DisputeSettled,
    LengthNotPossible,
    NotStartedYet,
    Replaced,
    TooLateToChange,
    TutorAway,
    TutorTaken,
    WrongStatus,
)
from services.rules.refusals.typed import TextTooLong
from tests.builders import NOW
from tests.locales.readers import at, reader
from tests.pseudo import leaked_english

LANGUAGES = (*codes(), PSEUDO)
TOAST = 200
"""What Telegram shows of an answer to a tap, in UTF-16 units."""

GRACE = 7
LONG_NAME = "Wolfeschlegelsteinhausenbergerdorff-Nakamura Annalise Wilhelmina"
LONG_FILE = "Worksheet about quadratic equations, second attempt, final (3).xlsx"
FAR = at(7, 15, month=1, year=2028)

MODULES = [
    import_module(f"{refusals.__name__}.{found.name}")
    for found in pkgutil.iter_modules(refusals.__path__)
]
REFUSALS = sorted(
    {
        one
        for module in MODULES
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, Refusal) and one is not Refusal
    },
    key=lambda one: one.__name__,
)

ASKED: dict[str, object] = {
    "who": "Grace",
    "actor_id": GRACE,
    "new_starts_at": FAR,
    "new_ends_at": FAR + timedelta(hours=20),
}
SLOT: dict[str, object] = {"starts_at": FAR, "ends_at": FAR + timedelta(hours=20)}
FIELDS: dict[type[Refusal], dict[str, object]] = {
    BatchNotClear: {"lines": tuple(range(1, 21))},
    BatchTooLong: {"limit": 20},
    LengthNotPossible: {"shortest": 15, "longest": 480},
    MonthNotOver: {"month": FAR.date()},
    MonthClosed: {"month": FAR.date()},
    SessionsNotPossible: {"most": 1000},
    AdjustmentNotPossible: {"most": 1000},
    AlreadyReversed: {"who": "Grace", "actor_id": GRACE, "at": FAR},
    AmountAmbiguous: {"low": "999.999", "high": "999999.000"},
    ActedFirst: {
        "who": "Grace",
        "actor_id": GRACE,
        "action": Action.ACKNOWLEDGE,
        "role": Role.PARENT,
        "at": FAR,
    },
    WrongStatus: {"action": Action.CHECK_IN, "status": Status.APPROVED},
    TooEarlyToCheckIn: {"minutes": 588_000, "opens_at": FAR, "appointment_id": 3},
    TooLateToCheckIn: {"closed_at": FAR},
    TooEarlyToCheckOut: {"minutes": 588_000, "opens_at": FAR, "appointment_id": 3},
    TooLateToCheckOut: {"closed_at": FAR},
    RescheduleOpen: ASKED | {"side": Role.PARENT, "role": Role.TUTOR, "appointment_id": 3},
    ProposalOutdated: ASKED | {"is_own_side": False},
    SlotTaken: SLOT | {"whose": Role.TUTOR, "tutor_id": GRACE, "student": "Emily Lim"},
    TutorAway: {"tutor": "Grace", "day": FAR.date()},
    TutorTaken: SLOT | {"tutor": "Grace"},
    Replaced: SLOT | {"who": "Grace", "actor_id": GRACE, "at": FAR},
    RequestExpired: {"starts_at": FAR},
    TextTooLong: {"limit": 1000},
    NudgedAlready: {"who": "Grace", "actor_id": GRACE, "at": FAR, "again_at": FAR},
    DisputeSettled: {
        "who": "Grace",
        "actor_id": GRACE,
        "status": DisputeStatus.RETURNED,
        "at": FAR,
    },
    DisputeClaimed: {"who": "Grace", "actor_id": GRACE, "at": FAR},
    NotStartedYet: {"starts_at": FAR},
    TooLateToChange: {"starts_at": FAR, "appointment_id": 3},
    FileTooLarge: {"limit_mb": 10, "file_name": "sums"},
    FileNotKept: {"why": "executable", "params": {}, "file_name": "sums"},
    SignInUsed: {"person_id": GRACE},
    **{one: {"who": "Grace"} for one in (NothingToSee, OthersEyes, RefTaken, StillGuardian)},
    **{one: {"count": 3} for one in (LastGuardian, StillTeaches)},
    UsesTelegram: {"who": "Grace"},
    InvitationForOther: {"who": "Grace"},
    SlotsWanted: {"most": 14},
    ClosedDay: {"day": FAR.date(), "is_leave": True, "tutor_id": GRACE},
    DatesWanted: {"fault": DatesFault.AFTER_END},
    LeaveOverlaps: {"starts_on": FAR.date(), "ends_on": FAR.date()},
    AppUsed: {"person_id": GRACE},
}
"""Of each refusal that has fields, what they can hold."""

FILE_PARAMS: dict[FileRefusal, dict[str, object]] = {
    FileRefusal.TOO_LARGE: {"limit_mb": 10},
    FileRefusal.ARCHIVE: {"found": "zip"},
    FileRefusal.MISLABELLED: {"claimed": "photo", "found": "unknown"},
    FileRefusal.TYPE_NOT_ALLOWED: {"found": "video"},
    FileRefusal.DAMAGED: {"found": "pdf"},
    FileRefusal.IMAGE_TOO_LARGE: {"limit_megapixels": 100},
}


def told(
    kind: type[Refusal], eyes: Reader | None = None, viewer_id: int = 1, **over: object
) -> str:
    refusal = kind(**(FIELDS.get(kind, {}) | over))
    return refusal_text(eyes or reader(), refusal, viewer_id)


def length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def test_too_early_gives_the_exact_minutes_and_the_time() -> None:
    opens_at = NOW + timedelta(minutes=17)
    early = told(TooEarlyToCheckIn, minutes=17, opens_at=opens_at)
    last = told(TooEarlyToCheckOut, minutes=1, opens_at=opens_at, appointment_id=3)
    assert early == "Check-in opens in 17 minutes (15:17)"
    assert last == "Check-out opens in 1 minute (15:17)"


def test_too_early_by_days_gives_the_day_as_well() -> None:
    shown = told(TooEarlyToCheckIn, minutes=2610, opens_at=at(27, 10, 30))
    assert shown == "Check-in opens on Fri 27 Nov at 10:30, in 43 h 30 min (2,610 minutes)"


def test_a_tap_after_somebody_else_says_who_what_and_when() -> None:
    shown = told(ActedFirst, at=at(25, 20, 14))
    assert shown == "Grace acknowledged this at 20:14"


def test_a_tap_after_ones_own_other_action_says_you() -> None:
    shown = told(ActedFirst, viewer_id=GRACE, action=Action.DISPUTE, at=at(25, 9))
    assert shown == "You disputed this at 09:00"


def test_an_open_request_says_who_asked_for_which_time() -> None:
    shown = told(RescheduleOpen, new_starts_at=at(27, 15), new_ends_at=at(27, 16, 30))
    assert shown == (
        "Grace has asked to move this session (Fri 27 Nov 15:00-16:30). Answer the request first."
    )


def test_a_request_of_ones_own_is_to_be_withdrawn() -> None:
    shown = told(RescheduleOpen, viewer_id=GRACE)
    assert shown.endswith("Withdraw that request first.")


@pytest.mark.parametrize("side", [Role.TUTOR, Role.PARENT])
def test_a_request_that_somebody_else_made_for_ones_own_side_is_to_be_withdrawn(
    side: Role,
) -> None:
    shown = told(RescheduleOpen, side=side, role=side)
    assert shown.startswith("Grace has asked to move this session")
    assert shown.endswith("Withdraw the request first.")


def test_a_coordinator_is_not_asked_to_answer_a_familys_request() -> None:
    shown = told(RescheduleOpen, role=Role.COORDINATOR)
    assert shown.endswith("That has to be answered or withdrawn first.")


def test_who_is_checked_in_already_is_told_so_and_what_comes_next() -> None:
    shown = told(WrongStatus, action=Action.CHECK_IN, status=Status.CHECKED_IN)
    assert shown == "You are checked in to this session. Check out when you leave."


@pytest.mark.parametrize("status", [Status.SCHEDULED, Status.CHECKED_IN])
def test_a_tutor_is_not_spoken_of_as_somebody_else(status: Status) -> None:
    assert "tutor" not in told(WrongStatus, action=Action.CHECK_OUT, status=status)


def test_a_settled_dispute_says_who_settled_it_and_how() -> None:
    shown = told(DisputeSettled, status=DisputeStatus.VERIFIED, at=at(25, 9))
    assert shown == "Grace verified this at 09:00"


def test_a_refused_file_is_named_with_its_extension_however_long_its_name() -> None:
    shown = told(FileTooLarge, file_name=LONG_FILE)
    assert shown.startswith("Worksheet about quad…al (3).xlsx is over 10 MB.")


def test_a_voice_memo_without_a_name_is_refused_too() -> None:
    assert told(FileTooLarge, file_name=None).startswith("This file is over 10 MB.")


def test_what_a_file_claims_and_holds_is_said_in_words() -> None:
    params = {"claimed": PartKind.VOICE.value, "found": "pdf"}
    shown = file_refusal_text(reader(), FileRefusal.MISLABELLED, "memo.ogg", params)
    assert shown.startswith("memo.ogg says voice memo, but its content is pdf.")


@pytest.mark.parametrize("missing", ["who", "at", "action"])
def test_a_refusal_without_what_its_class_promises_is_a_programming_error(missing: str) -> None:
    fields = {name: value for name, value in FIELDS[ActedFirst].items() if name != missing}
    with pytest.raises(TypeError, match=missing):
        ActedFirst(**fields)  # type: ignore[arg-type]  # so it is


def test_a_settled_dispute_of_which_no_time_is_known_is_a_programming_error() -> None:
    for kind in (DisputeSettled, DisputeClaimed):
        with pytest.raises(ValueError, match="when"):
            told(kind, at=None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_is_a_short_plain_text(language: str) -> None:
    assert len(REFUSALS) >= 100
    eyes = reader(language, zone="America/Los_Angeles")
    longer = {"who": LONG_NAME, "tutor": LONG_NAME, "file_name": LONG_FILE}
    for kind in REFUSALS:
        _check(told(kind, eyes), language)
        _check(told(kind, eyes, viewer_id=GRACE), language)
        fields = FIELDS.get(kind, {})
        refusal = kind(**{name: longer.get(name, value) for name, value in fields.items()})
        assert length(refusal_text(eyes, refusal, 1)) <= TOAST


def test_a_refusal_keeps_names_out_of_a_log() -> None:
    refusal = ActedFirst(
        who="Grace", actor_id=GRACE, action=Action.ACKNOWLEDGE, role=Role.PARENT, at=FAR
    )
    assert repr(refusal) == "ActedFirst()"
    assert "Grace" not in "".join(format_exception(refusal))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("status", Status)
def test_every_status_is_told_in_a_short_plain_text(status: Status, language: str) -> None:
    _check(told(WrongStatus, reader(language), status=status), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_action_of_somebody_else_fits_a_toast(language: str) -> None:
    eyes = reader(language)
    shown = [told(ActedFirst, eyes, action=action, who=LONG_NAME) for action in Action]
    assert [text for text in shown if length(text) > TOAST] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("why", FileRefusal)
def test_every_refused_file_gets_a_short_plain_text(why: FileRefusal, language: str) -> None:
    params = FILE_PARAMS.get(why, {})
    _check(file_refusal_text(reader(language), why, "sums", params), language)
    assert length(file_refusal_text(reader(language), why, LONG_FILE, params)) <= TOAST
    _check(file_refusal_text(reader(language), why, None, params), language)


def _check(shown: str, language: str) -> None:
    assert shown
    assert not set(shown) & set("{}<>&")
    assert "invalid" not in shown.lower()
    assert length(shown) <= TOAST
    if language == PSEUDO:
        assert leaked_english(shown, ["Grace", "sums"]) == []
