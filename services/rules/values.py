"""Dataclasses whose methods are written when the first value is made.

The standard library writes and compiles up to six methods of a dataclass as soon as it is defined,
which took a seventh of the program's start: it has nearly five hundred, and needs few at once.
"""

import dataclasses
from collections.abc import Callable
from threading import RLock
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(cls: type | None = None, /, **options: bool) -> Any:
        """As `dataclasses.dataclass`; a class with slots, or its own `__init__`, is not put off."""

        def put_off(cls: type) -> type:
            if options.keys() & {"slots", "init"} or "__init__" in vars(cls):
                return dataclasses.dataclass(**options)(cls)
            _PutOff(cls, options)
            return cls

        return put_off if cls is None else put_off(cls)


_COMPLETING = RLock()


class _PutOff:
    """What stands for the fields of a dataclass until they are asked for, or a value is made."""

    def __init__(self, cls: Any, options: dict[str, bool]) -> None:
        self._cls, self._options = cls, options
        cls.__dataclass_fields__ = self
        cls.__init__ = self._first_init()

    def __get__(self, _value: object, owner: Any) -> Any:
        self._complete()
        return owner.__dataclass_fields__

    def _first_init(self) -> Callable[..., None]:
        def __init__(value: object, *args: object, **named: object) -> None:  # noqa: N807
            self._complete()
            self._cls.__init__(value, *args, **named)

        return __init__

    def _complete(self) -> None:
        """Give the class its fields and methods, and `__init__` last: other threads wait for it."""
        cls, options = self._cls, self._options
        with _COMPLETING:
            if vars(cls)["__dataclass_fields__"] is self:
                dataclasses.dataclass(**options, init=False)(cls)
                cls.__init__ = _init_of(cls, is_frozen=options.get("frozen", False))


def _init_of(cls: Any, *, is_frozen: bool) -> Callable[..., None]:
    """`__init__` as the standard library writes it for a class with the same fields."""
    names = [name for name in ("__post_init__",) if hasattr(cls, name)]
    same: Any = dataclasses.make_dataclass(
        cls.__name__,
        [(field.name, field.type, field) for field in dataclasses.fields(cls)],
        namespace={name: getattr(cls, name) for name in names},
        repr=False,
        eq=False,
        frozen=is_frozen,
    )
    init: Callable[..., None] = same.__init__
    return init
