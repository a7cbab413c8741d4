"""The penalty sheet: read strictly, looked up by side and notice (SPEC 6)."""

from datetime import timedelta

import pytest

from models.enums import Role
from services.rules.money import Currency
from services.rules.penalties import Guidance, PenaltySheetError, read_penalty_sheet

HEAD = "role,notice_hours_min,notice_hours_max,penalty,guidance\n"
SHEET = read_penalty_sheet(
    HEAD
    + 'parent,0,24,Half the fee,"Call us, please."\n'
    + "parent,24,,None,\n"
    + "tutor,4,12.5,One strike,Three are discussed.\n"
)
HALF = Guidance("Half the fee", "Call us, please.")
NONE = Guidance("None", "")
STRIKE = Guidance("One strike", "Three are discussed.")
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("side", "notice", "said"),
    [
        (Role.PARENT, timedelta(0), HALF),
        (Role.PARENT, timedelta(hours=24) - SECOND, HALF),
        (Role.PARENT, timedelta(hours=24), NONE),
        (Role.PARENT, timedelta(hours=24) + SECOND, NONE),
        (Role.PARENT, timedelta(days=300), NONE),
        (Role.TUTOR, timedelta(hours=4) - SECOND, None),
        (Role.TUTOR, timedelta(hours=4), STRIKE),
        (Role.TUTOR, timedelta(hours=12.5) - SECOND, STRIKE),
        (Role.TUTOR, timedelta(hours=12.5), None),
    ],
)
def test_notice_counts_from_the_first_hours_on_and_up_to_the_second_without_them(
    side: Role, notice: timedelta, said: Guidance | None
) -> None:
    assert SHEET.guidance_for(side, notice) == said


@pytest.mark.parametrize(
    ("side", "notice", "down_to"),
    [
        (Role.PARENT, timedelta(hours=23), timedelta(0)),
        (Role.PARENT, timedelta(hours=24), timedelta(hours=24)),
        (Role.PARENT, timedelta(days=9), timedelta(hours=24)),
        (Role.TUTOR, timedelta(hours=30), timedelta(hours=12.5)),
        (Role.TUTOR, timedelta(hours=12.5), timedelta(hours=12.5)),
        (Role.TUTOR, timedelta(hours=10), timedelta(hours=4)),
        (Role.TUTOR, timedelta(hours=2), timedelta(0)),
    ],
)
def test_guidance_holds_down_to_the_notice_at_which_another_begins(
    side: Role, notice: timedelta, down_to: timedelta
) -> None:
    assert SHEET.holds_down_to(side, notice) == down_to


def test_lines_that_say_the_same_change_nothing_between_them() -> None:
    sheet = read_penalty_sheet(
        "role,notice_hours_min,notice_hours_max,penalty,guidance\n"
        "tutor,0,12,Strike,\ntutor,12,48,None,\ntutor,48,,None,\n"
    )
    assert sheet.holds_down_to(Role.TUTOR, timedelta(hours=60)) == timedelta(hours=12)


def test_columns_may_stand_in_any_order_with_others_and_blank_lines_between() -> None:
    sheet = read_penalty_sheet(
        "\ufeffguidance, penalty ,notes,role,notice_hours_max,notice_hours_min\n"
        "Ask us.,Half,x,Parent,24,0\n"
        ",,,,,\n"
    )
    assert sheet.guidance_for(Role.PARENT, timedelta(hours=1)) == Guidance("Half", "Ask us.")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "line 1: the column role is missing"),
        ("role,penalty\n", "line 1: the column notice_hours_min is missing"),
        (HEAD + "child,0,24,Half,\n", "line 2: role must be tutor or parent"),
        (HEAD + "tutor,soon,24,Half,\n", "line 2: notice_hours_min must be a number of hours"),
        (HEAD + "tutor,,24,Half,\n", "line 2: notice_hours_min must be a number of hours"),
        (HEAD + "tutor,nan,24,Half,\n", "line 2: notice_hours_min must be between 0 and 8784"),
        (HEAD + "tutor,0,-1,Half,\n", "line 2: notice_hours_max must be between 0 and 8784"),
        (
            HEAD + "tutor,24,24,Half,\n",
            "line 2: notice_hours_max must be more than notice_hours_min",
        ),
        (HEAD + "tutor,0,24,Half,\nparent,0,24,,\n", "line 3: penalty is empty"),
        (HEAD + f"tutor,0,24,{'x' * 501},\n", "line 2: penalty is longer than 500 characters"),
        (HEAD + "tutor,0,24,A,\ntutor,23,,B,\n", "two lines are for a tutor with 23 hours"),
        (HEAD + "tutor,30,,B,\ntutor,0,,A,\n", "two lines are for a tutor with 30 hours"),
    ],
)
def test_what_cannot_be_understood_is_told_with_its_line(text: str, why: str) -> None:
    with pytest.raises(PenaltySheetError) as caught:
        read_penalty_sheet(text)
    assert str(caught.value) == why


def test_a_column_of_amounts_may_be_there_in_the_agencys_currency() -> None:
    text = HEAD.replace("\n", ",amount\n") + "parent,0,24,Half,,25.5\nparent,24,,None,,\n"
    notice = timedelta(hours=1)

    priced = read_penalty_sheet(text, Currency("SGD", 2)).guidance_for(Role.PARENT, notice)
    unpriced = read_penalty_sheet(text).guidance_for(Role.PARENT, notice)

    assert (priced, unpriced) == (Guidance("Half", "", 2550), Guidance("Half", ""))
    with pytest.raises(PenaltySheetError, match="line 2: amount must be a number like 25"):
        read_penalty_sheet(text.replace("25.5", "lots"), Currency("SGD", 2))
