"""A city that is typed names its time zone, also where a letter of it is wrong (UX 19)."""

import pytest

from services.rules.time_zones import zone_of_city


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("london", "Europe/London"),
        ("  New  York ", "America/New_York"),
        ("londn", "Europe/London"),
        ("singapor", "Asia/Singapore"),
        ("kuala lumpor", "Asia/Kuala_Lumpur"),
        ("sydny", "Australia/Sydney"),
        ("hongkong", "Asia/Hong_Kong"),
    ],
)
def test_a_city_names_its_zone(typed: str, zone: str) -> None:
    assert zone_of_city(typed) == zone


def test_what_people_write_otherwise_is_no_city() -> None:
    words = (
        *("thanks", "done", "notes", "maths", "english", "science", "monday", "tomorrow", "later"),
        *("cancel", "ryan", "daniel", "emily", "i'm late", "not now", "all good", "bangalore", ""),
    )
    assert {word: zone_of_city(word) for word in words if zone_of_city(word)} == {}
