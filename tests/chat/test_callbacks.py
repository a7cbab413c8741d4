"""Callback data: typed, short, versioned, never trusted (DESIGN 2, idea 10)."""

import pytest
from telegram import CallbackQuery, Update, User

from chat.callbacks import (
    Button,
    CheckIn,
    DisputeFor,
    Settle,
    Settlement,
    decode,
    encode,
    pressed,
    tapped,
)
from chat.callbacks.codec import BY_CODE, LIMIT_BYTES, MAX_ID
from chat.callbacks.together import (
    CheckInTogether,
    CheckOutTogether,
    Sessions,
)
from models.enums import DisputeReason
from services.queries.together import MOST_TOGETHER


@pytest.mark.parametrize(
    "button",
    [
        CheckIn(12),
        DisputeFor(MAX_ID, DisputeReason.NOTES_DO_NOT_MATCH),
        Settle(3, Settlement.UPHOLD),
        CheckInTogether(Sessions.of([12, 13])),
    ],
)
def test_a_button_reads_back_as_what_was_written(button: Button) -> None:
    assert decode(encode(button)) == button


def test_the_longest_button_fits_into_what_telegram_allows() -> None:
    longest = DisputeFor(2**63, DisputeReason.SHORTER_THAN_BOOKED)
    assert len(encode(longest).encode()) <= LIMIT_BYTES
    widest = CheckOutTogether(Sessions.of([MAX_ID] * MOST_TOGETHER))
    assert len(encode(widest).encode()) <= LIMIT_BYTES


def test_codes_are_short_and_none_is_used_twice() -> None:
    def leaves(of: type[Button]) -> int:
        return ("code" in vars(of)) + sum(leaves(below) for below in of.__subclasses__())

    assert all(len(code) == 2 for code in BY_CODE)
    assert len(BY_CODE) == leaves(Button)


@pytest.mark.parametrize(
    "data",
    [
        *(
            None,
            "",
            "ci",
            "ci.1",
            "ci.0:12",
            "ci.1:x",
            "ci.1:1:2",
            "zz.1:1",
            "dr.1:1:nonsense",
            "😀",
        ),
        *("ct.1:", "ct.1:12", "ct.1:12-", "ct.1:12-x", "ct.1:1-2-3-4-5-6", "ct.1:1-2147483648"),
    ],
)
def test_what_we_never_wrote_is_read_as_nothing(data: str | None) -> None:
    assert decode(data) is None


def test_a_pattern_takes_its_own_kinds_only() -> None:
    assert pressed(CheckIn)(encode(CheckIn(1)))
    assert not pressed(Settle)(encode(CheckIn(1)))


def test_a_button_of_another_kind_is_an_error() -> None:
    user = User(1, "Grace", is_bot=False)
    query = CallbackQuery("1", user, "chat", data=encode(CheckIn(1)))
    assert tapped(CheckIn, Update(1, callback_query=query)) == CheckIn(1)
    with pytest.raises(TypeError):
        tapped(Settle, Update(1, callback_query=query))
