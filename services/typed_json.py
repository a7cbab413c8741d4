"""Dataclasses that are kept as JSON: what reads and writes each type, made when first needed."""

from typing import Any, TypeVar

from pydantic import TypeAdapter

T = TypeVar("T")


def adapter_of(of: type[T]) -> TypeAdapter[T]:
    """Reader and writer of a type, kept: to make one takes longer than to handle a tap."""
    adapter: TypeAdapter[T] | None = _ADAPTERS.get(of)
    if adapter is None:
        adapter = _ADAPTERS[of] = TypeAdapter(of)
    return adapter


_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}
