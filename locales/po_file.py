"""Reading a .po file: only what a reader is told, in a tenth of the time that Babel takes for all.

The form is that of `python -m locales.extract`, which writes the files, and of gettext: entries of
keywords and quoted strings, which may go on in the next lines; comments begin with `#`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_LINE = re.compile(r'(?:(msgid|msgid_plural|msgstr)(?:\[(\d)\])? )?"([^"\\]*+(?:\\.[^"\\]*+)*+)"')
_ESCAPE = re.compile(r"\\(.)")
_MEANT = {"n": "\n", "t": "\t", "r": "\r"}
_PLURAL = re.compile(r"^Plural-Forms:.*\bplural=([^;]+)", re.MULTILINE)


class MalformedPoError(ValueError):
    """A line is none of a .po file's; the text says where."""


@dataclass(frozen=True)
class PoMessages:
    """Messages of a file with their translations, empty where there is none."""

    texts: dict[str, str]
    forms: dict[tuple[str, str], tuple[str, ...]]
    """Messages about a number, singular and plural: a translation for each plural form."""
    plural: str = "n != 1"
    """C expression for the number of the plural form of `n`."""


def read_messages(path: Path) -> PoMessages:
    """Read a .po file. Raises `MalformedPoError`."""
    texts: dict[str, str] = {}
    forms: dict[tuple[str, str], tuple[str, ...]] = {}
    for entry in _entries(path):
        told = tuple(entry[key] for key in sorted(entry) if key.startswith("msgstr"))
        if "msgid_plural" in entry:
            forms[entry["msgid"], entry["msgid_plural"]] = told
        else:
            texts[entry["msgid"]] = told[0]
    rule = _PLURAL.search(texts.pop("", ""))
    return PoMessages(texts, forms, rule[1]) if rule else PoMessages(texts, forms)


def _entries(path: Path) -> Iterator[dict[str, str]]:
    """Each message's strings by keyword: `msgid`, `msgid_plural`, `msgstr` or `msgstr0`, ..."""
    entry: dict[str, str] = {}
    key = ""
    for number, line in _lines(path):
        found = _LINE.fullmatch(line)
        if found is None or not (found[1] or key):
            raise MalformedPoError(f"{path}:{number}: {line}")
        if found[1] == "msgid" and entry:
            yield entry
            entry = {}
        if found[1]:
            key = f"{found[1]}{found[2] or ''}"
        entry[key] = entry.get(key, "") + _unescaped(found[3])
    if entry:
        yield entry


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Lines that say something, with their numbers; one is held at a time, of ten thousand."""
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if line[0] not in "#\n":
                yield number, line.rstrip("\n")


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda it: _MEANT.get(it[1], it[1]), text) if "\\" in text else text
