"""The catalogues keep up with the code, and with each other."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages import Catalog, Message

from locales import extract
from locales.catalogue import TEMPLATE, catalogue_path, codes
from locales.extract import read_catalogue

PLACE = re.compile(r"\{[^{}]*\}")
TAG = re.compile(r"<[^<>]*>")
SAYING = {"text", "label", "texts", "labels"}


def ids(catalogue: Catalog) -> set[str | tuple[str, ...]]:
    return {_id(message) for message in catalogue if message.id}


def test_the_template_has_exactly_the_messages_of_the_code() -> None:
    in_code, in_template = ids(extract.template()), ids(read_catalogue(TEMPLATE))
    assert (in_code - in_template, in_template - in_code) == (set(), set()), (
        "run: python -m locales.extract"
    )


@pytest.mark.parametrize("language", codes())
def test_every_catalogue_says_every_message(language: str) -> None:
    catalogue = read_catalogue(catalogue_path(language))
    assert ids(catalogue) == ids(read_catalogue(TEMPLATE))
    assert [message.id for message in _said(catalogue) if not all(_forms(message))] == []
    assert [message.id for message in _said(catalogue) if message.fuzzy] == []


@pytest.mark.parametrize("language", codes())
def test_every_translation_has_the_places_and_tags_of_its_message(language: str) -> None:
    catalogue = read_catalogue(catalogue_path(language))
    assert [message.id for message in _said(catalogue) if not _keeps_its_shape(message)] == []


@pytest.mark.parametrize("language", codes())
def test_every_catalogue_has_as_many_plural_forms_as_its_language(language: str) -> None:
    catalogue = read_catalogue(catalogue_path(language))
    plural = [message for message in _said(catalogue) if message.pluralizable]
    assert {len(_forms(message)) for message in plural} == {catalogue.num_plurals}


def test_bringing_catalogues_up_to_date_keeps_translations_and_drops_what_is_gone() -> None:
    before, current = Catalog(locale="ms"), Catalog()
    before.add("Today", "Hari ini")
    before.add("Gone", "Tiada")
    current.add("Today")
    current.add("New")
    extract.update(before, current, "ms")
    assert {_id(message): _forms(message) for message in _said(before)} == {
        "Today": ("Hari ini",),
        "New": ("",),
    }


def test_english_says_new_messages_as_they_are_written() -> None:
    catalogue, current = Catalog(locale="en"), Catalog()
    current.add("New")
    current.add(("{count} text", "{count} texts"))
    extract.update(catalogue, current, "en")
    assert [_forms(message) for message in _said(catalogue)] == [
        ("New",),
        ("{count} text", "{count} texts"),
    ]


def test_no_message_is_put_together_at_run_time() -> None:
    """What is not a literal is in no catalogue."""
    sources = list(extract.sources())
    assert len(sources) >= 300
    assert [(path, node.lineno) for path in sources for node in _built_messages(path)] == []


def _built_messages(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            built = any(isinstance(each, ast.JoinedStr | ast.BinOp) for each in node.args[:2])
            if node.func.attr in SAYING and built:
                yield node


def _said(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def _id(message: Message) -> str | tuple[str, ...]:
    return message.id if isinstance(message.id, str) else tuple(message.id)


def _forms(message: Message) -> tuple[str, ...]:
    string = message.string or ""
    return (string,) if isinstance(string, str) else tuple(string)


def _keeps_its_shape(message: Message) -> bool:
    """A plural form may leave the number out ("one photo"), but nothing else."""
    written = message.id if isinstance(message.id, str) else message.id[-1]
    may_lack = Counter({"{count}"} if message.pluralizable else ())
    places, tags = Counter(PLACE.findall(written)), Counter(TAG.findall(written))
    return all(
        Counter(PLACE.findall(form)) in (places, places - may_lack)
        and Counter(TAG.findall(form)) == tags
        for form in _forms(message)
    )
