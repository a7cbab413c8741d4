"""`python -m locales.extract [NEW ...]`: bring the template and every catalogue up to date.

What is translated stays; what is new waits for its translation (in English it is its own); what
the code no longer says goes. A language named as NEW (`ta`, `zh_Hans`) gets an empty catalogue.
"""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import write_po

from locales.catalogue import (
    ENGLISH,
    FOLDER,
    TEMPLATE,
    catalogue_path,
    codes,
    read_catalogue,
)

ROOT = FOLDER.parent
SPEAKING = ("locales", "chat", "conversations", "handlers", "jobs", "web")
"""The packages that put anything into words."""

TEMPLATES = "jinja2.ext:babel_extract"
"""How messages are found in pages' templates."""

KEYWORDS = {"text": None, "label": None, "phrase": None, "texts": (1, 2), "labels": (1, 2)}
"""What is called with a message: `Reader`'s methods, and `catalogue.phrase`."""

WRITTEN_AT = datetime(2026, 11, 1, tzinfo=UTC)
"""In each file's header; fixed, so that the same messages always make the same file."""


def sources() -> Iterator[Path]:
    """Every module that may speak."""
    for package in SPEAKING:
        yield from sorted((ROOT / package).rglob("*.py"))


def pages() -> Iterator[Path]:
    """Every template of a page."""
    for package in SPEAKING:
        yield from sorted((ROOT / package).rglob("*.html"))


def template() -> Catalog:
    """Every message that the code says, by itself."""
    found = empty(None)
    methods = [(path, "python") for path in sources()] + [(path, TEMPLATES) for path in pages()]
    for path, method in methods:
        name = path.relative_to(ROOT).as_posix()
        for line, message, comments, _ in extract_from_file(
            method, path, keywords=KEYWORDS, comment_tags=("Translators:",)
        ):
            found.add(message, locations=[(name, line)], auto_comments=comments)
    return found


def empty(language: str | None) -> Catalog:
    """A catalogue without messages; with no language, a template."""
    return Catalog(
        locale=language,
        project="Tutorline",
        version="1",
        charset="utf-8",
        header_comment="# Words of Tutorline. Kept up to date by: python -m locales.extract",
        msgid_bugs_address="coordinators",
        last_translator="Tutorline",
        language_team="Tutorline",
        creation_date=WRITTEN_AT,
        revision_date=WRITTEN_AT,
        fuzzy=False,
    )


def update(catalogue: Catalog, current: Catalog, language: str) -> None:
    """Give `catalogue` exactly the messages of `current`, keeping what it translates already."""
    catalogue.update(current, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    if language == ENGLISH:
        for message in catalogue:
            _say_as_written(message)


def write(catalogue: Catalog, path: Path) -> None:
    """Write a .po or .pot file, in the order of the code, without line numbers (they wander)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=100, sort_by_file=True, include_lineno=False)


def main(new: list[str]) -> None:
    """Rewrite the template and all catalogues, those of `new` languages included."""
    current = template()
    write(current, TEMPLATE)
    for language in (*codes(), *new):
        path = catalogue_path(language)
        catalogue = read_catalogue(path) if path.exists() else empty(language)
        update(catalogue, current, language)
        write(catalogue, path)


def _say_as_written(message: Message) -> None:
    if message.id and not any(message.string or ()):
        message.string = message.id


if __name__ == "__main__":
    main(sys.argv[1:])
