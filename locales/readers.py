"""Readers of a page of messages: those of one language and zone are one."""

from datetime import datetime

from locales.reader import Reader
from models import Person
from services.rules.agency import Agency


class Readers:
    """Readers of texts that are written at the same time, each made when first needed."""

    def __init__(self, agency: Agency, now: datetime) -> None:
        self._agency = agency
        self._now = now
        self._known: dict[tuple[str | None, str | None], Reader] = {}
        self._group = Reader.for_agency(agency, now)

    def of(self, person: Person | None) -> Reader:
        """Reader for a person; None for the coordinators' group."""
        if person is None:
            return self._group
        key = (person.language, person.time_zone)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = Reader.for_person(person, self._agency, self._now)
        return known
