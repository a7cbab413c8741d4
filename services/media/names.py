"""Names of files as their senders wrote them, and keys of objects in the store (SPEC 4)."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

MAX_NAME_BYTES = 180  # under the 255 of common file systems, with room for what a browser adds

_FORBIDDEN = re.compile(r'[<>:"|?*%]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])", re.IGNORECASE)
_JOINERS = frozenset("\u200c\u200d")  # Tamil needs them; every other format character goes
_EXTENSION = re.compile(r"\.((?=[0-9]*[A-Za-z])[A-Za-z0-9]{1,10})$")  # "Lesson 3.5" has none
_KEY = re.compile(r"[a-z0-9][a-z0-9_-]*(?:/[a-z0-9][a-z0-9_-]*)+\.[a-z0-9]{1,10}")
_MAX_KEY = 200


def safe_file_name(name: str, fallback: str = "file") -> str:
    """Name that is safe to show, store and offer for download, made from a hostile one.

    Removed are folders, control, bidirectional and unassigned characters, characters and names that
    some systems reserve, and dots at both ends. A name over 180 bytes of UTF-8 is cut before its
    extension. `fallback` is returned where nothing remains.
    """
    shown = "".join(map(_kept, unicodedata.normalize("NFC", name)))
    last = re.split(r"[/\\]", shown)[-1]
    tidy = " ".join(_FORBIDDEN.sub("_", last).split()).strip(". ")
    if not tidy.strip("_" + "".join(_JOINERS)):
        return fallback
    if _RESERVED.fullmatch(tidy.split(".")[0].strip()):
        tidy = "_" + tidy
    return _shortened(tidy)


def _kept(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Zs", "Zl", "Zp"} or character in "\t\r\n":
        return " "
    if category.startswith("C") and character not in _JOINERS:
        return ""
    return character


def _shortened(name: str) -> str:
    extension = _EXTENSION.search(name)
    tail = extension.group() if extension else ""
    stem = name.removesuffix(tail).encode()[: MAX_NAME_BYTES - len(tail)]
    return stem.decode(errors="ignore").rstrip(". ") + tail


def extension_of(name: str) -> str | None:
    """Extension of a safe name, in lowercase without its dot; None where it has none."""
    found = _EXTENSION.search(name)
    return found.group(1).lower() if found else None


def with_extension(name: str, extension: str, known: frozenset[str]) -> str:
    """`name` with `.extension`, which replaces a `known` extension and is added to others."""
    present = extension_of(name)
    if present == extension:
        return name
    stem = name[: -len(present) - 1] if present in known and present else name
    return _shortened(f"{stem}.{extension}")


def media_key(sha256: str, extension: str, folder: str = "notes") -> str:
    """Key of content in the store: made from its hash, so that equal content is stored once."""
    return check_key(f"{folder}/{sha256[:2]}/{sha256}.{extension}")


def check_key(key: str) -> str:
    """`key` itself, if it looks like `notes/ab/abcdef.jpg`; raises ValueError for others.

    Folders have no dots and objects have one: no key leaves the folder, and no object is a folder.
    """
    if len(key) > _MAX_KEY or not _KEY.fullmatch(key):
        raise ValueError("not a key of the media store")
    return key


def keys_in(document: Any) -> Iterator[str]:
    """Keys that a JSON document names, as evidence and audit events do."""
    if isinstance(document, dict):
        for name, value in document.items():
            if name == "media_key" and isinstance(value, str):
                yield value
            else:
                yield from keys_in(value)
    elif isinstance(document, list):
        for value in document:
            yield from keys_in(value)
