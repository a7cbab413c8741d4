"""Rows of `people` (SPEC 11): their content, and what the file may change."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from models import Person
from models.enums import Role
from services.imports.cells import Cells
from services.imports.directory import Directory
from services.imports.problems import ProblemCode, Problems
from services.imports.sources import SourceRow
from services.imports.uniqueness import Uniqueness
from services.rules.time_zones import zone_named

ROLES = (Role.TUTOR, Role.PARENT, Role.COORDINATOR)
LANGUAGES = {"en": "en", "zh_hans": "zh_Hans", "zh": "zh_Hans", "ms": "ms", "ta": "ta"}
"""Catalogue's code for each language in a cell, in any case and with either separator."""
HIGHEST_ACCOUNT = 2**52 - 1
"""Highest account id: Telegram's ids have at most 52 significant bits."""


@dataclass(frozen=True)
class PersonRow:
    """Valid row. None stands for an empty cell."""

    ref: str
    name: str
    roles: frozenset[Role]
    language: str | None
    time_zone: str | None
    telegram_user_id: int | None


@dataclass(frozen=True)
class PersonChange:
    """Valid row with the person that it changes."""

    row: PersonRow
    person: Person | None
    """None for a new person."""

    @property
    def values(self) -> dict[str, Any]:
        """Columns that the row sets.

        An empty cell changes nothing. After Start the language is the person's own choice, and
        accounts move by invitation only: the file changes neither.
        """
        row = self.row
        values: dict[str, Any] = {
            "name": row.name,
            "is_tutor": Role.TUTOR in row.roles,
            "is_parent": Role.PARENT in row.roles,
            "is_coordinator": Role.COORDINATOR in row.roles,
        }
        if self.person is None:
            values["ref"] = row.ref
        if row.time_zone:
            values["time_zone"] = row.time_zone
        if self.person is None or self.person.started_at is None:
            values |= {"language": row.language} if row.language else {}
            values |= {"telegram_user_id": row.telegram_user_id} if row.telegram_user_id else {}
        return values


def read_people(
    rows: Iterable[SourceRow], directory: Directory, problems: Problems
) -> list[PersonChange]:
    """Valid rows, in the order of the file; problems of the others are noted."""
    refs = Uniqueness("ref", ProblemCode.REF_TWICE)
    accounts = Uniqueness("telegram_user_id", ProblemCode.ACCOUNT_TWICE)
    changes = []
    for source in rows:
        cells = Cells(source, problems)
        row = PersonRow(
            ref=refs.once(cells),
            name=cells.text("name"),
            roles=_roles(cells),
            language=_language(cells),
            time_zone=_time_zone(cells),
            telegram_user_id=cells.whole_number("telegram_user_id", 1, HIGHEST_ACCOUNT),
        )
        accounts.once_if_given(cells)
        change = PersonChange(row, directory.people.get(row.ref))
        _require_free_account(cells, change, directory)
        if cells.is_good:
            changes.append(change)
    return changes


def _require_free_account(cells: Cells, change: PersonChange, directory: Directory) -> None:
    account = change.values.get("telegram_user_id")
    holder = directory.accounts.get(account) if account else None
    if holder is not None and holder is not change.person:
        cells.fail("telegram_user_id", ProblemCode.ACCOUNT_TAKEN, value=account, name=holder.name)


def _roles(cells: Cells) -> frozenset[Role]:
    values = [value.lower() for value in cells.several("roles")]
    if not values:
        cells.fail("roles", ProblemCode.EMPTY)
    for value in values:
        if value not in ROLES:
            cells.fail("roles", ProblemCode.NOT_ONE_OF, value=value, known=", ".join(ROLES))
    return frozenset(role for role in ROLES if role in values)


def _language(cells: Cells) -> str | None:
    value = cells.optional_text("language")
    if value is None:
        return None
    language = LANGUAGES.get(value.replace("-", "_").lower())
    if language is None:
        known = ", ".join(dict.fromkeys(LANGUAGES.values()))
        cells.fail("language", ProblemCode.NOT_ONE_OF, value=value, known=known)
    return language


def _time_zone(cells: Cells) -> str | None:
    value = cells.optional_text("time_zone")
    if value is None:
        return None
    try:
        return zone_named(value).key
    except ValueError:
        cells.fail("time_zone", ProblemCode.TIME_ZONE_UNKNOWN, value=value)
        return None
