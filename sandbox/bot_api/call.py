"""A Bot API call once it has been checked against the schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox.wire import Json, Upload


@dataclass
class Call:
    """One Bot API call after validation: `fields` hold typed values, `uploads` files by name."""

    method: str
    fields: Json
    uploads: Mapping[str, Upload] = field(default_factory=dict)
    unknown_fields: list[str] = field(default_factory=list)

    def text(self, name: str) -> str:
        """The text of a field, empty when it was not given."""
        value = self.fields.get(name)
        return "" if value is None else str(value)

    def flag(self, name: str) -> bool:
        return bool(self.fields.get(name, False))

    def number(self, name: str, default: int = 0) -> int:
        value = self.fields.get(name)
        return default if value is None else int(value)
