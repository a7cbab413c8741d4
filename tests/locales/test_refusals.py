from datetime import timedelta

import pytest

from locales.catalogue import codes
from locales.file_refusals import file_refusal_text
from locales.pseudo import PSEUDO
from locales.reader import Reader
from locales.refusals import refusal_text
from models.enums import Action, DisputeStatus, PartKind, Role, Status
from services.media.refusals import FileRefusal
from services.rules.refusals import Refusal, RefusalCode
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

PARAMS: dict[RefusalCode, dict[str, object]] = {
    RefusalCode.ACTED_FIRST: {
        "who": "Grace",
        "actor_id": GRACE,
        "action": Action.ACKNOWLEDGE,
        "at": FAR,
    },
    RefusalCode.WRONG_STATUS: {"action": Action.CHECK_IN, "status": Status.APPROVED},
    RefusalCode.TOO_EARLY_TO_CHECK_IN: {"minutes": 588_000, "opens_at": FAR},
    RefusalCode.TOO_LATE_TO_CHECK_IN: {"closed_at": FAR},
    RefusalCode.TOO_EARLY_TO_CHECK_OUT: {"minutes": 588_000, "opens_at": FAR},
    RefusalCode.TOO_LATE_TO_CHECK_OUT: {"closed_at": FAR},
    RefusalCode.RESCHEDULE_OPEN: {
        "who": "Grace",
        "new_starts_at": FAR,
        "new_ends_at": FAR + timedelta(hours=20),
        "appointment_id": 3,
    },
    RefusalCode.PROPOSAL_OUTDATED: {
        "who": "Grace",
        "new_starts_at": FAR,
        "new_ends_at": FAR + timedelta(hours=20),
    },
    RefusalCode.SLOT_TAKEN: {
        "whose": Role.TUTOR,
        "starts_at": FAR,
        "ends_at": FAR + timedelta(hours=20),
    },
    RefusalCode.TUTOR_TAKEN: {"starts_at": FAR, "ends_at": FAR + timedelta(hours=20)},
    RefusalCode.REPLACED: {
        "who": "Grace",
        "actor_id": GRACE,
        "at": FAR,
        "starts_at": FAR,
        "ends_at": FAR + timedelta(hours=20),
    },
    RefusalCode.TIME_TWICE: {"first": FAR, "second": FAR},
    RefusalCode.REQUEST_EXPIRED: {"starts_at": FAR},
    RefusalCode.TEXT_TOO_LONG: {"limit": 1000},
    RefusalCode.DISPUTE_SETTLED: {
        "who": "Grace",
        "actor_id": GRACE,
        "status": DisputeStatus.RETURNED,
        "at": FAR,
    },
    RefusalCode.DISPUTE_CLAIMED: {"who": "Grace", "actor_id": GRACE, "at": FAR},
    RefusalCode.NOT_STARTED_YET: {"starts_at": FAR},
    RefusalCode.TOO_LATE_TO_CHANGE: {"starts_at": FAR},
    RefusalCode.FILE_TOO_LARGE: {"limit_mb": 10, "file_name": "sums"},
    RefusalCode.FILE_REFUSED: {"why": FileRefusal.MACROS.value, "file_name": "sums"},
}

FILE_PARAMS: dict[FileRefusal, dict[str, object]] = {
    FileRefusal.TOO_LARGE: {"limit_mb": 10},
    FileRefusal.ARCHIVE: {"found": "zip"},
    FileRefusal.MISLABELLED: {"claimed": "photo", "found": "unknown"},
    FileRefusal.TYPE_NOT_ALLOWED: {"found": "video"},
    FileRefusal.DAMAGED: {"found": "pdf"},
    FileRefusal.IMAGE_TOO_LARGE: {"limit_megapixels": 100},
}


def told(code: RefusalCode, eyes: Reader | None = None, viewer_id: int = 1, **over: object) -> str:
    refusal = Refusal(code, **(PARAMS.get(code, {}) | over))
    return refusal_text(eyes or reader(), refusal, viewer_id)


def length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def test_too_early_gives_the_exact_minutes_and_the_time() -> None:
    opens_at = NOW + timedelta(minutes=17)
    early = told(RefusalCode.TOO_EARLY_TO_CHECK_IN, minutes=17, opens_at=opens_at)
    last = told(RefusalCode.TOO_EARLY_TO_CHECK_OUT, minutes=1, opens_at=opens_at)
    assert early == "Check-in opens in 17 minutes (15:17)"
    assert last == "Check-out opens in 1 minute (15:17)"


def test_too_early_by_days_gives_the_day_as_well() -> None:
    shown = told(RefusalCode.TOO_EARLY_TO_CHECK_IN, minutes=2610, opens_at=at(27, 10, 30))
    assert shown == "Check-in opens in 2610 minutes (Fri 27 Nov 10:30)"


def test_a_tap_after_somebody_else_says_who_what_and_when() -> None:
    shown = told(RefusalCode.ACTED_FIRST, at=at(25, 20, 14))
    assert shown == "Grace acknowledged this at 20:14"


def test_a_tap_after_ones_own_other_action_says_you() -> None:
    shown = told(RefusalCode.ACTED_FIRST, viewer_id=GRACE, action=Action.DISPUTE, at=at(25, 9))
    assert shown == "You disputed this at 09:00"


def test_an_open_request_says_who_asked_for_which_time() -> None:
    shown = told(RefusalCode.RESCHEDULE_OPEN, new_starts_at=at(27, 15), new_ends_at=at(27, 16, 30))
    assert shown == (
        "Grace has asked to move this session (Fri 27 Nov 15:00-16:30). Answer the request first."
    )


def test_a_request_of_ones_own_is_to_be_withdrawn() -> None:
    shown = told(RefusalCode.RESCHEDULE_OPEN, viewer_id=GRACE, actor_id=GRACE)
    assert shown.endswith("Withdraw the request to check in.")


def test_a_settled_dispute_says_who_settled_it_and_how() -> None:
    shown = told(RefusalCode.DISPUTE_SETTLED, status=DisputeStatus.VERIFIED, at=at(25, 9))
    assert shown == "Grace verified this at 09:00"


def test_a_refused_file_is_named_with_its_extension_however_long_its_name() -> None:
    shown = told(RefusalCode.FILE_TOO_LARGE, file_name=LONG_FILE)
    assert shown.startswith("Worksheet about quad…al (3).xlsx is over 10 MB.")


def test_a_voice_memo_without_a_name_is_refused_too() -> None:
    assert told(RefusalCode.FILE_TOO_LARGE, file_name=None).startswith("This file is over 10 MB.")


def test_what_a_file_claims_and_holds_is_said_in_words() -> None:
    params = {"claimed": PartKind.VOICE.value, "found": "pdf"}
    shown = file_refusal_text(reader(), FileRefusal.MISLABELLED, "memo.ogg", params)
    assert shown.startswith("memo.ogg says voice memo, but its content is pdf.")


@pytest.mark.parametrize("missing", ["who", "at", "action"])
def test_a_refusal_without_what_its_code_promises_is_a_programming_error(missing: str) -> None:
    params = PARAMS[RefusalCode.ACTED_FIRST] | {missing: None}
    with pytest.raises(TypeError, match=missing):
        refusal_text(reader(), Refusal(RefusalCode.ACTED_FIRST, **params), 1)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", RefusalCode)
def test_every_refusal_is_a_short_plain_text(code: RefusalCode, language: str) -> None:
    eyes = reader(language, zone="America/Los_Angeles")
    _check(told(code, eyes), language)
    _check(told(code, eyes, viewer_id=GRACE, actor_id=GRACE), language)
    assert length(told(code, eyes, who=LONG_NAME, file_name=LONG_FILE)) <= TOAST


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("status", Status)
def test_every_status_is_told_in_a_short_plain_text(status: Status, language: str) -> None:
    _check(told(RefusalCode.WRONG_STATUS, reader(language), status=status), language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("action", Action)
def test_every_action_of_somebody_else_fits_a_toast(action: Action, language: str) -> None:
    shown = told(RefusalCode.ACTED_FIRST, reader(language), action=action, who=LONG_NAME)
    assert length(shown) <= TOAST


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
