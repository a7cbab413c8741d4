"""Static files of the pages, at addresses that change with their content."""

import re
from functools import cache
from hashlib import sha256
from os import PathLike, stat_result
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

ASSETS = Path(__file__).parent / "assets"
STYLE = ".css"
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@cache
def asset(name: str) -> str:
    """The address of a static file, which changes with its content."""
    path = ASSETS / name
    content = style_sheet(path) if path.suffix == STYLE else path.read_bytes()
    return f"/assets/{name}?v={sha256(content).hexdigest()[:12]}"


@cache
def style_sheet(path: Path) -> bytes:
    """A style sheet without comments and indentation, which only its authors read."""
    lines = _COMMENT.sub("", path.read_text("utf-8")).splitlines()
    return "\n".join(line.strip() for line in lines if line.strip()).encode()


class Assets(StaticFiles):
    """Static files, which browsers may keep."""

    def __init__(self) -> None:
        super().__init__(directory=ASSETS)

    def file_response(
        self,
        full_path: str | PathLike[str],
        stat_result: stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        path = Path(full_path)
        response = (
            Response(style_sheet(path), status_code, media_type="text/css")
            if path.suffix == STYLE
            else super().file_response(full_path, stat_result, scope, status_code)
        )
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
