from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from locales.pseudo import PSEUDO
from models import Person
from services.rules.money import Currency
from tests.builders import AGENCY, NOW, ZONE
from tests.locales.readers import at, reader


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (24, "Yesterday 15:00-16:30"),
        (25, "Today 15:00-16:30"),
        (26, "Tomorrow 15:00-16:30"),
        (27, "Fri 27 Nov 15:00-16:30"),
        (23, "Mon 23 Nov 15:00-16:30"),
    ],
)
def test_a_slot_reads_like_people_say_it(day: int, shown: str) -> None:
    assert reader().slot(at(day, 15), at(day, 16, 30)) == shown


def test_a_slot_in_another_year_names_the_year() -> None:
    start, end = at(7, 15, month=1, year=2027), at(7, 16, month=1, year=2027)
    assert reader().slot(start, end) == "Thu 7 Jan 2027 15:00-16:00"


def test_tomorrow_in_another_year_is_still_tomorrow() -> None:
    eve = reader(now=at(31, 20, month=12))
    new_year = at(1, 15, month=1, year=2027)
    assert eve.moment(new_year) == "Tomorrow 15:00"


def test_a_slot_over_midnight_shows_both_days() -> None:
    assert reader().slot(at(27, 23, 30), at(28, 0, 30)) == "Fri 27 Nov 23:30 - Sat 28 Nov 00:30"


def test_a_slot_over_midnight_names_both_days_in_one_way() -> None:
    over = (at(24, 23), at(25, 0, 30))
    assert reader().slot(*over) == "Yesterday 23:00 - Today 00:30"
    assert reader().card_slot(*over) == "Tue 24 Nov 23:00 - Wed 25 Nov 00:30"
    assert reader().slot(at(23, 23), at(24, 0, 30)) == "Mon 23 Nov 23:00 - Tue 24 Nov 00:30"
    assert reader().slot(at(25, 23), at(26, 0, 30)) == "Today 23:00 - Tomorrow 00:30"


def test_a_slot_that_ends_at_midnight_is_of_one_day() -> None:
    assert reader().slot(at(27, 23), at(28, 0)) == "Fri 27 Nov 23:00-00:00"


def test_today_is_reckoned_where_the_reader_is() -> None:
    """15:00 on Wednesday in Singapore is 23:00 on Tuesday in Los Angeles."""
    there = reader(zone="America/Los_Angeles")
    assert there.moment(NOW) == "Today 23:00 Los Angeles time"
    assert there.today.day == 24


def test_the_zone_is_named_where_it_is_not_the_agencys() -> None:
    london = reader(zone="Europe/London")
    assert london.slot(at(27, 15), at(27, 16, 30)) == "Fri 27 Nov 07:00-08:30 London time"
    assert london.when(at(25, 20, 14)) == "at 12:14 London time"
    assert london.clock_time(at(25, 20, 14)) == "12:14 London time"


@pytest.mark.parametrize(
    ("start", "end", "shown"),
    [
        (at(25, 15), at(25, 16, 30), "15:00-16:30"),
        (at(26, 15), at(26, 16, 30), "Tomorrow 15:00-16:30"),
        (at(25, 23, 30), at(26, 0, 30), "23:30 - Tomorrow 00:30"),
        (at(24, 23, 30), at(25, 0, 30), "Yesterday 23:30 - 00:30"),
    ],
)
def test_below_a_title_that_names_the_day_only_other_days_are_named(
    start: datetime, end: datetime, shown: str
) -> None:
    assert reader().slot_on(date(2026, 11, 25), start, end) == shown


def test_a_zone_that_the_language_has_no_name_for_is_named_by_its_city() -> None:
    shown = reader(PSEUDO, zone="America/Argentina/Catamarca").clock_time(NOW)
    assert shown == "⟦04:00 Catamarca ţîɱé⟧"


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (at(25, 20, 14), "at 20:14"),
        (at(24, 20, 14), "yesterday at 20:14"),
        (at(26, 7), "tomorrow at 07:00"),
        (at(27, 7), "on Fri 27 Nov at 07:00"),
    ],
)
def test_an_instant_inside_a_sentence(moment: datetime, shown: str) -> None:
    assert reader().when(moment) == shown


def test_a_clock_time_of_another_day_has_its_day() -> None:
    assert reader().clock_time(at(25, 9, 5)) == "09:05"
    assert reader().clock_time(at(24, 9, 5)) == "yesterday 09:05"
    assert reader().clock_time(at(27, 9, 5)) == "Fri 27 Nov 09:05"
    assert reader().dated_clock_time(at(25, 9, 5), at(24, 1).date()) == "Wed 25 Nov 09:05"
    assert reader().dated_clock_time(at(24, 9, 5), at(24, 1).date()) == "09:05"


@pytest.mark.parametrize(
    ("minutes", "shown"), [(0, "0 min"), (45, "45 min"), (60, "1 h"), (90, "1 h 30 min")]
)
def test_a_duration(minutes: int, shown: str) -> None:
    assert reader().duration(minutes) == shown


def test_html_escapes_what_it_is_given_and_keeps_its_own_tags() -> None:
    shown = reader().text("<b>{name}</b>", name="<i>Tan & Co</i>")
    assert shown == "<b>&lt;i&gt;Tan &amp; Co&lt;/i&gt;</b>"


def test_plain_text_escapes_nothing() -> None:
    assert reader().label("{name}", name="Tan & Co {x}") == "Tan & Co {x}"


def test_plural_forms_follow_the_count() -> None:
    assert reader().labels("{count} photo", "{count} photos", 1) == "1 photo"
    assert reader().texts("{count} photo", "{count} photos", 2) == "2 photos"


def test_dates_of_the_pseudo_language_hold_no_latin_letter() -> None:
    shown = reader(PSEUDO, zone="Europe/London").slot(at(27, 15), at(28, 16, 30))
    assert not any("a" <= letter.lower() <= "z" for letter in shown)


def test_a_person_reads_in_their_language_and_zone() -> None:
    person = Person(name="Grace", language=PSEUDO, time_zone="Europe/London")
    seen = reader().for_person(person, AGENCY, NOW)
    assert (seen.language, seen.zone, seen.agency_zone, seen.now) == (
        PSEUDO,
        ZoneInfo("Europe/London"),
        ZONE,
        NOW,
    )


@pytest.mark.parametrize("time_zone", [None, "", "Mars/Olympus", "../secret"])
def test_somebody_without_a_known_zone_reads_in_the_agencys(time_zone: str | None) -> None:
    seen = reader().for_person(Person(name="Grace", time_zone=time_zone), AGENCY, NOW)
    assert (seen.language, seen.zone) == ("en", ZONE)


def test_a_stranger_reads_by_their_clients_language_in_the_agencys_zone() -> None:
    seen = reader().for_agency(AGENCY, NOW, "en-GB")
    assert (seen.language, seen.zone) == ("en", ZONE)


def test_what_is_read_on_other_days_has_a_date_and_no_today() -> None:
    assert reader().dated_slot(at(25, 15), at(25, 16, 30)) == "Wed 25 Nov 15:00-16:30"


@pytest.mark.parametrize(
    ("minor", "currency", "shown"),
    [
        (134050, Currency("SGD", 2), "SGD\N{NO-BREAK SPACE}1,340.50"),
        (-5, Currency("SGD", 2), "-SGD\N{NO-BREAK SPACE}0.05"),
        (1200, Currency("JPY", 0), "JP¥1,200"),
        (1200, Currency("GBP", 2), "£12.00"),
    ],
)
def test_money_is_written_as_the_language_does(minor: int, currency: Currency, shown: str) -> None:
    assert reader().money(minor, currency) == shown


def test_a_card_says_today_on_its_day_and_a_date_on_others() -> None:
    shown = [reader().card_slot(at(day, 15), at(day, 16)) for day in (24, 25, 26)]

    assert shown == ["Tue 24 Nov 15:00-16:00", "Today 15:00-16:00", "Thu 26 Nov 15:00-16:00"]


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "turns_at"),
    [
        (at(24, 15), at(24, 16), None),
        (at(24, 23), at(25, 0), None),
        (at(24, 23), at(25, 1), at(26, 0)),
        (at(25, 15), at(25, 16), at(26, 0)),
        (at(25, 23), at(26, 1), at(26, 0)),
        (at(27, 15), at(27, 16), at(27, 0)),
    ],
)
def test_a_card_turns_at_the_midnights_of_its_readers_days(
    starts_at: datetime, ends_at: datetime, turns_at: datetime | None
) -> None:
    assert reader().turns_at(starts_at, ends_at) == turns_at


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (at(25, 20, 14), "at 20:14"),
        (at(24, 20, 14), "on Tue 24 Nov at 20:14"),
        (at(26, 7), "on Thu 26 Nov at 07:00"),
    ],
)
def test_an_instant_in_a_sentence_that_stands_on_other_days(moment: datetime, shown: str) -> None:
    assert reader().lasting_when(moment) == shown


def test_a_record_never_says_today() -> None:
    record = reader().dated()
    assert record.slot(at(25, 15), at(25, 16, 30)) == "Wed 25 Nov 15:00-16:30"
    assert record.moment(at(24, 15)) == "Tue 24 Nov 15:00"
    assert record.when(at(25, 15)) == "on Wed 25 Nov at 15:00"
    assert record.when(at(26, 15)) == "on Thu 26 Nov at 15:00"
    assert record.clock_time(at(26, 15)) == "Thu 26 Nov 15:00"
    assert record.day_without_year(at(25, 15).date()) == "Wed 25 Nov"
