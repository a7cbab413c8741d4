"""Templates of pages, loaded once, with everything escaped that is no markup."""

from collections.abc import Callable, MutableMapping
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from jinja2.runtime import Context
from markupsafe import Markup, escape

FOLDER = Path(__file__).parent / "templates"
_escaped_text: Callable[[str], str] = escape.__globals__["_escape_inner"]
"""MarkupSafe's own, of plain text. To wrap its result as markup, as `escape` does, takes ten times
as long; what a template puts out needs no wrapping. The version is pinned, a test holds it.
"""


def escaped(value: object) -> str:
    """HTML of a value, as `escape` has it: markup as it is, anything else escaped."""
    kind = type(value)
    if kind is Markup:
        return str.__str__(value)
    return _escaped_text(value) if kind is str else escape(value)  # type: ignore[arg-type]


class _Escaping(Template):
    """Template that escapes by `escaped`."""

    @classmethod
    def from_code(
        cls,
        environment: Environment,
        code: CodeType,
        globals: MutableMapping[str, Any],  # noqa: A002 - Jinja's name
        uptodate: Callable[[], bool] | None = None,
    ) -> Template:
        made = super().from_code(
            environment, code, dict(globals), uptodate
        )  # not a slow `ChainMap`
        made.root_render_func.__globals__["escape"] = escaped
        return made


class _Context(Context):
    """Context that calls functions and macros as they are: none of ours asks to be given it.

    To find that out each time, as Jinja does, takes longer than to put a text out.
    """

    def call(
        self,
        function: Callable[..., Any],
        /,
        *args: Any,
        _loop_vars: object = None,
        _block_vars: object = None,
        **named: Any,
    ) -> Any:
        return function(*args, **named)


@cache
def templates() -> Environment:
    """Every template, by its path in the folder of templates."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.template_class = _Escaping
    environment.context_class = _Context
    return environment
