"""Statements that take words and names out of rows (SPEC 11)."""

import json
from collections.abc import Callable
from typing import Any

from sqlalchemy import JSON, ColumnElement, Text, case, cast, or_, select, true, update

from services.db import Session
from services.erasure.columns import WORDS
from services.erasure.names import NameEraser, without_words
from services.erasure.scopes import Condition, Scope, table_named
from services.rules.texts import ERASED

Change = Callable[[Any], Any]


def take_words(session: Session, scope: Scope) -> None:
    """Erase every text of the scope; documents keep numbers, times and words of closed sets."""
    for (table_name, name), which in scope.words.items():
        table = table_named(table_name)
        column = table.c[name]
        if isinstance(column.type, JSON):
            _change(session, table_name, name, which, without_words)
        else:
            erased = case((column.is_not(None), ERASED))
            session.execute(update(table).where(which).values({name: erased}))


def take_name(session: Session, scope: Scope) -> None:
    """Erase the name from what others wrote: every word of it in their sessions, else the whole."""
    eraser = NameEraser(scope.name)
    for table_name, columns in WORDS.items():
        within = scope.of_sessions(table_name)
        for name in columns:
            if within is not None:
                _change(session, table_name, name, within, eraser.any_part)
            named = _mentions(table_named(table_name).c[name], scope.name)
            _change(session, table_name, name, named, eraser.whole)


def documents(session: Session, table_name: str, name: str, which: Condition) -> list[Any]:
    """Values of a column in these rows."""
    return list(session.execute(select(table_named(table_name).c[name]).where(which)).scalars())


def _mentions(column: ColumnElement[Any], name: str) -> Condition:
    """Condition that a text has the name; in JSON it may be escaped."""
    forms = {name, json.dumps(name)[1:-1]} if name else set()
    return or_(
        ~true(), *(cast(column, Text).icontains(form, autoescape=True) for form in sorted(forms))
    )


def _change(session: Session, table_name: str, name: str, which: Condition, change: Change) -> None:
    table = table_named(table_name)
    keys = list(table.primary_key.columns)
    rows = session.execute(select(*keys, table.c[name]).where(which, table.c[name].is_not(None)))
    for *values, before in rows.all():
        after = change(before)
        if after != before:
            this = [key == value for key, value in zip(keys, values, strict=True)]
            session.execute(update(table).where(*this).values({name: after}))
