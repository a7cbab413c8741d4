from pathlib import Path

import pytest
from babel.messages import Catalog

from locales import extract
from locales.catalogue import catalogue_path
from locales.po_file import MalformedPoError, read_messages

ODD = 'He said "no"\\: a\tb\nand went on, in a line that is too long for one of the file, and so on'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A .po file in Polish, as the program writes it."""
    catalogue = Catalog(locale="pl")
    catalogue.add("Today", "Dzisiaj", auto_comments=['msgid "none"'])
    catalogue.add("Not yet", "")
    catalogue.add(ODD, f"{ODD} {ODD}")
    catalogue.add(("{count} text", "{count} texts"), ("{count} tekst", "{count} teksty", "{count}"))
    extract.write(catalogue, path := tmp_path / "tutorline.po")
    return path


def test_what_was_written_is_read(file: Path) -> None:
    read = read_messages(file)

    assert read.texts == {"Today": "Dzisiaj", "Not yet": "", ODD: f"{ODD} {ODD}"}
    assert read.forms == {
        ("{count} text", "{count} texts"): ("{count} tekst", "{count} teksty", "{count}")
    }
    assert read.plural == extract.read_catalogue(file).plural_expr


def test_english_is_read_as_babel_reads_it() -> None:
    path = catalogue_path("en")
    read, by_babel = read_messages(path), extract.read_catalogue(path)

    told: dict[object, object] = {one.id: one.string for one in by_babel if one.id}
    assert {*read.texts.items(), *read.forms.items()} == set(told.items())


@pytest.mark.parametrize(
    "text", ["Today", 'msgid Today"', 'msgid "To"day"', '"Today"', 'msgid "Today\\"', 'msgx "a"']
)
def test_a_line_that_is_none_of_a_po_file_is_told_with_its_place(tmp_path: Path, text: str) -> None:
    path = tmp_path / "tutorline.po"
    path.write_text(f'# Words\n{text}\nmsgstr "Heute"\n', encoding="utf-8")

    with pytest.raises(MalformedPoError, match=r"tutorline\.po:2"):
        read_messages(path)
