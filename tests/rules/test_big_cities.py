"""Cities without a time zone of their own, for somebody who is asked where they are (UX 19)."""

from zoneinfo import ZoneInfo

import pytest

from services.rules.big_cities import ZONE_OF
from services.rules.time_zones import Place, places_called


@pytest.mark.parametrize("name", ZONE_OF)
def test_every_zone_of_the_list_exists_and_its_place_is_found(name: str) -> None:
    assert ZoneInfo(ZONE_OF[name]).key == ZONE_OF[name]
    found = places_called(f" {name.upper()} ")
    assert found.is_clear
    assert found.found[0].zone == ZONE_OF[name]


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("london", Place("", "Europe/London")),
        ("Bangalore", Place("Bangalore", "Asia/Kolkata")),
        ("banglore", Place("Bangalore", "Asia/Kolkata")),
        ("new  delhi", Place("New Delhi", "Asia/Kolkata")),
        ("manchestr", Place("Manchester", "Europe/London")),
        ("kuala lumpor", Place("", "Asia/Kuala_Lumpur")),
        ("india", Place("India", "Asia/Kolkata")),
    ],
)
def test_a_name_that_is_clear_is_one_place(typed: str, place: Place) -> None:
    assert (places_called(typed).found, places_called(typed).is_clear) == ((place,), True)


@pytest.mark.parametrize(
    ("typed", "among"),
    [
        ("lodnon", "Europe/London"),
        ("singapur", "Asia/Singapore"),
        ("mumbay", "Asia/Kolkata"),
        ("tokio", "Asia/Tokyo"),
    ],
)
def test_of_a_wrong_name_the_nearest_are_asked_about(typed: str, among: str) -> None:
    found = places_called(typed)

    assert not found.is_clear
    assert found.found[0].zone == among
    assert len({one.zone for one in found.found}) == len(found.found) <= 3


@pytest.mark.parametrize("typed", ["", "zzzzz", "my grandmother's house", "📍"])
def test_what_is_like_no_place_is_none(typed: str) -> None:
    assert places_called(typed).found == ()
