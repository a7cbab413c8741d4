"""Money in whole minor units, rounded once a line (SPEC 7)."""

import pytest

from locales.reader import Reader
from services.rules.money import Currency, line_amount, read_amount
from services.rules.refusals.packages import AmountAmbiguous, AmountNotRead
from tests.builders import NOW, ZONE
from tests.services.proofs import refused

SGD, JPY, KWD = Currency("SGD", 2), Currency("JPY", 0), Currency("KWD", 3)


@pytest.mark.parametrize(
    ("price", "minutes", "by_hour", "amount"),
    [
        (8000, 90, True, 12000),
        (8000, 90, False, 8000),
        (1001, 30, True, 501),  # 500.5 cents: half a cent goes up
        (1003, 30, True, 502),  # not to the even one
        (1000, 20, True, 333),
        (1000, 40, True, 667),
        (1, 29, True, 0),
        (0, 60, True, 0),
    ],
)
def test_a_line_is_rounded_once_half_up(
    price: int, minutes: int, by_hour: bool, amount: int
) -> None:
    assert line_amount(price, minutes, by_hour=by_hour) == amount


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("80", SGD, 8000),
        (" 80.5 ", SGD, 8050),
        ("80,50", SGD, 8050),
        ("0.05", SGD, 5),
        ("30,50", SGD, 3050),
        ("1200", JPY, 1200),
        ("1,640.50", SGD, 164050),
        ("1,640", SGD, 164000),
        ("1,234,567.8", SGD, 123456780),
        ("12,34,567.80", SGD, 123456780),
        ("1,640", JPY, 1640),
        ("1,640.5", KWD, 1640500),
        ("1,640,500", KWD, 1640500000),
        ("0,640", KWD, 640),
        ("1640,500", KWD, 1640500),
        ("1.640", KWD, 1640),
    ],
)
def test_amounts_are_read_as_people_type_them(typed: str, currency: Currency, minor: int) -> None:
    assert read_amount(typed, currency) == minor


@pytest.mark.parametrize(
    ("typed", "currency"),
    [
        *((wrong, SGD) for wrong in ("", "-1", "1.2.3", "80.505", "9" * 13, "$80")),
        *((wrong, SGD) for wrong in ("1.640", "1.640,50", "1,640,50", "1,640.505", "0,640")),
        *((wrong, SGD) for wrong in ("1640,500", "1,6405", "1,640,5", ",640", "1,640.", "1, 640")),
        ("9,999,999,999,999", SGD),
        ("12.5", JPY),
        ("12,5", JPY),
    ],
)
def test_what_is_no_amount_is_refused(typed: str, currency: Currency) -> None:
    with refused(AmountNotRead):
        read_amount(typed, currency)


def test_a_comma_that_may_be_either_mark_is_asked_about() -> None:
    with refused(AmountAmbiguous, low="1.640", high="1640.000"):
        read_amount("1,640", KWD)


@pytest.mark.parametrize("language", ["en", "ms", "ta", "zh_Hans"])
@pytest.mark.parametrize("minor", [5, 3050, 164050, 123456789, 10**12])
def test_an_amount_is_read_as_it_is_written_in_every_language(language: str, minor: int) -> None:
    reader = Reader(language, ZONE, ZONE, NOW, SGD)
    written = reader.money(minor, SGD).removeprefix("SGD\N{NO-BREAK SPACE}")
    assert read_amount(written, SGD) == minor


def test_an_amount_for_a_table_has_all_its_digits() -> None:
    assert [SGD.plain(one) for one in (5, -1250, 123456789)] == ["0.05", "-12.50", "1234567.89"]
    assert JPY.plain(1200) == "1200"
