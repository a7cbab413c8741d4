"""`python -m locales.extract [NEW ...]`: update the template and every catalogue.

Translations are kept; new messages wait for their translation (in English they are their own);
messages that the code no longer has are removed. A language given as NEW (`ta`, `zh_Hans`) gets an
empty catalogue.
"""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from locales.catalogue import (
    ENGLISH,
    FOLDER,
    TEMPLATE,
    catalogue_path,
    codes,
)

ROOT = FOLDER.parent
PACKAGES = ("locales", "chat", "conversations", "handlers", "jobs", "web")
"""Packages with messages."""

TEMPLATES = "jinja2.ext:babel_extract"
"""Extractor of messages in templates of pages."""

KEYWORDS = {"text": None, "label": None, "phrase": None, "texts": (1, 2), "labels": (1, 2)}
"""Functions that take a message: `Reader`'s methods, and `catalogue.phrase`."""

WRITTEN_AT = datetime(2026, 11, 1, tzinfo=UTC)
"""Fixed date for each file's header, so that the same messages make the same file."""


def sources() -> Iterator[Path]:
    """Modules that may have messages."""
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))


def pages() -> Iterator[Path]:
    """Templates of pages."""
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("*.html"))


def template() -> Catalog:
    """All messages in the code."""
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
    """Catalogue without messages; without a language, a template."""
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


def read_catalogue(path: Path) -> Catalog:
    """Parse a .po or .pot file. Raises `PoFileError` for a malformed one."""
    with path.open("rb") as file:
        return read_po(file, abort_invalid=True)


def update(catalogue: Catalog, current: Catalog, language: str) -> None:
    """Give `catalogue` exactly the messages of `current`, and keep its translations."""
    catalogue.update(current, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    if language == ENGLISH:
        for message in catalogue:
            _say_as_written(message)


def write(catalogue: Catalog, path: Path) -> None:
    """Write a .po or .pot file in the order of the code, without line numbers."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=100, sort_by_file=True, include_lineno=False)


def main(new: list[str]) -> None:
    """Rewrite the template and all catalogues, including those of `new` languages."""
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
