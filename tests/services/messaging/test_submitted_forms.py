"""Forms of pages count once (SPEC 2, 10)."""

from datetime import timedelta

from sqlmodel import select

from models import SubmittedForm
from services.messaging.submitted_forms import REMEMBERED, counts_now
from tests.builders import NOW
from tests.open_database import OpenDatabase
from tests.services.scenes import carry_out, scene


def test_a_form_counts_once_for_each_person(database: OpenDatabase) -> None:
    there = scene(database)
    told = [
        carry_out(database, counts_now, key, person.id, NOW)
        for key, person in (
            ("a", there.grace),
            ("a", there.grace),
            ("a", there.daniel),
            ("b", there.grace),
        )
    ]

    assert told == [True, False, True, True]


def test_it_is_remembered_for_a_week(database: OpenDatabase) -> None:
    there = scene(database)
    carry_out(database, counts_now, "a", there.grace.id, NOW)
    week = NOW + REMEMBERED

    assert not carry_out(database, counts_now, "a", there.grace.id, week)
    carry_out(database, counts_now, "b", there.grace.id, week + timedelta(seconds=1))
    with database.reading() as session:
        assert [one.key for one in session.exec(select(SubmittedForm)).all()] == ["b"]
