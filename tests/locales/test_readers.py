"""Readers of a page of messages: each language and zone has one of its own."""

from zoneinfo import ZoneInfo

from locales.catalogue import ENGLISH
from locales.pseudo import PSEUDO
from locales.reader import Reader
from locales.readers import Readers
from models import Person
from tests.builders import AGENCY, NOW


def person(language: str | None, time_zone: str | None) -> Person:
    return Person(
        name="Grace", is_tutor=False, is_parent=True, language=language, time_zone=time_zone
    )


def test_people_of_one_language_and_zone_share_a_reader() -> None:
    readers = Readers(AGENCY, NOW)
    first, second = person(PSEUDO, "Europe/London"), person(PSEUDO, "Europe/London")
    assert readers.of(first) is readers.of(second)
    assert readers.of(first) == Reader.for_person(first, AGENCY, NOW)


def test_another_language_or_zone_has_another_reader() -> None:
    readers = Readers(AGENCY, NOW)
    people = [person(PSEUDO, None), person(None, None), person(PSEUDO, "Europe/London")]
    found = [readers.of(one) for one in people]
    assert [(one.language, one.zone) for one in found] == [
        (PSEUDO, AGENCY.zone),
        (ENGLISH, AGENCY.zone),
        (PSEUDO, ZoneInfo("Europe/London")),
    ]


def test_the_group_reads_in_the_agencys_zone() -> None:
    assert Readers(AGENCY, NOW).of(None) == Reader.for_agency(AGENCY, NOW)
