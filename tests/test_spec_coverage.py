"""The table of what is tested where names tests and places that are there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TABLE = (ROOT / "docs" / "spec-coverage.md").read_text(encoding="utf-8")


def test_every_test_that_the_table_names_is_there() -> None:
    named = re.findall(r"`([\w/]+\.py)` `(test_\w+)`", TABLE)
    missing = [
        (file, name)
        for file, name in named
        if f"def {name}(" not in (ROOT / "tests" / file).read_text(encoding="utf-8")
    ]
    assert named
    assert missing == []


def test_every_place_that_the_table_names_is_there() -> None:
    rows = [line.split("|")[2] for line in TABLE.splitlines() if line.startswith("| ")]
    places = {place for row in rows for place in re.findall(r"`([\w/]+(?:\.py|/))`", row)}
    assert places
    assert {place for place in places if not (ROOT / place).exists()} == set()
