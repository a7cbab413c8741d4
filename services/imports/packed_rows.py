"""Compressed rows: a hundred thousand of them take some megabytes while an import is planned."""

import json
import zlib
from collections.abc import Iterator
from typing import Generic, TypeVar

Row = TypeVar("Row")

AT_ONCE = 500
"""Rows in one batch, and so in one statement."""
QUICK = 1
"""Fastest compression level."""


class PackedRows(Generic[Row]):
    """Rows in the order in which they were added, which can be read any number of times.

    A row is JSON data; all but the last few hundred are compressed.
    """

    def __init__(self) -> None:
        self._packed: list[bytes] = []
        self._last: list[Row] = []
        self._count = 0

    def add(self, row: Row) -> None:
        self._count += 1
        self._last.append(row)
        if len(self._last) == AT_ONCE:
            self._packed.append(zlib.compress(json.dumps(self._last).encode(), QUICK))
            self._last = []

    def batches(self) -> Iterator[list[Row]]:
        """Rows, a few hundred at a time."""
        for packed in self._packed:
            yield json.loads(zlib.decompress(packed))
        if self._last:
            yield self._last

    def __iter__(self) -> Iterator[Row]:
        for batch in self.batches():
            yield from batch

    def __len__(self) -> int:
        return self._count
