"""The picture of the architecture and the paths that documents name are true."""

import ast
import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
PICTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
MOST_FILES = 25
"""So many files somebody opens who follows one tap."""

PLACES = {
    name: (int(number), module, what)
    for name, number, module, what in re.findall(
        r'^ +(\w+)\["(\d+)\. ([\w.]+)\.(\w+)"\]$', PICTURE, re.MULTILINE
    )
}
ARROWS = re.findall(r"^ +(\w+) --> (\w+)$", PICTURE, re.MULTILINE)


def source_of(module: str) -> Path:
    path = ROOT / Path(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def imported_by(module: str) -> set[str]:
    """Everything that a module names in its imports: modules, and names in them."""
    found = set()
    for node in ast.walk(ast.parse(source_of(module).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found


def test_the_picture_shows_places_and_arrows_between_them() -> None:
    assert [number for number, _, _ in PLACES.values()] == [*range(1, len(PLACES) + 1)]
    assert {name for arrow in ARROWS for name in arrow} == set(PLACES)
    assert len({module for _, module, _ in PLACES.values()}) <= MOST_FILES


@pytest.mark.parametrize("name", PLACES)
def test_every_place_of_the_picture_is_there(name: str) -> None:
    _, module, what = PLACES[name]
    assert hasattr(importlib.import_module(module), what)


@pytest.mark.parametrize(("importer", "imported"), ARROWS)
def test_every_arrow_of_the_picture_is_an_import(importer: str, imported: str) -> None:
    assert PLACES[imported][1] in imported_by(PLACES[importer][1])


def test_every_step_is_joined_to_one_before_it() -> None:
    number = {name: place[0] for name, place in PLACES.items()}
    joined = {
        max(pair, key=lambda name: number[name]) for pair in ARROWS
    }  # the later of two that an arrow joins
    assert joined >= {name for name in PLACES if number[name] > 1}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_path_that_a_document_names_is_there(document: Path) -> None:
    named = re.findall(r"`([\w.-]+(?:/[\w.-]+)*(?:/|\.py|\.md))`", document.read_text("utf-8"))
    beside = (ROOT, ROOT / "tests", document.parent, ROOT / "services" / "adapters")
    missing = {
        path
        for path in named
        if not path.startswith("var/") and not any((place / path).exists() for place in beside)
    }
    assert missing == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_module_that_a_document_names_is_there(document: Path) -> None:
    packages = "chat|conversations|handlers|jobs|locales|models|sandbox|services|web"
    named = re.findall(rf"`((?:{packages})(?:\.\w+)+)`", document.read_text("utf-8"))
    assert {name for name in named if not is_there(name)} == set()


def is_there(name: str) -> bool:
    """Whether it is a module, or an attribute of one."""
    if source_of(name).exists():
        return True
    module, _, what = name.rpartition(".")
    return source_of(module).exists() and hasattr(importlib.import_module(module), what)
