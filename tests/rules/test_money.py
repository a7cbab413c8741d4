"""Money in whole minor units, rounded once a line (SPEC 7)."""

import pytest

from services.rules.money import Currency, line_amount, read_amount
from services.rules.refusals.packages import AmountNotRead
from tests.services.proofs import refused

SGD, JPY = Currency("SGD", 2), Currency("JPY", 0)


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
        ("1200", JPY, 1200),
    ],
)
def test_amounts_are_read_as_people_type_them(typed: str, currency: Currency, minor: int) -> None:
    assert read_amount(typed, currency) == minor


@pytest.mark.parametrize(
    ("typed", "currency"),
    [
        *((wrong, SGD) for wrong in ("", "-1", "1.2.3", "1,200.50", "80.505", "9" * 13, "$80")),
        ("12.5", JPY),
    ],
)
def test_what_is_no_amount_is_refused(typed: str, currency: Currency) -> None:
    with refused(AmountNotRead):
        read_amount(typed, currency)


def test_an_amount_for_a_table_has_all_its_digits() -> None:
    assert [SGD.plain(one) for one in (5, -1250, 123456789)] == ["0.05", "-12.50", "1234567.89"]
    assert JPY.plain(1200) == "1200"
