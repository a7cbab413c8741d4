"""The place where an error arose, without its text: no log may hold people's words (UX 16)."""

import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def place_of(error: BaseException) -> str:
    """The innermost line of our own, as `KeyError at conversations/notes.py:88 take_text`."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if _is_own(frame.filename)] or frames
    kind = type(error).__name__
    if not own:
        return kind
    return f"{kind} at {_short(own[-1].filename)}:{own[-1].lineno} {own[-1].name}"


def _is_own(filename: str) -> bool:
    return Path(filename).is_relative_to(ROOT) and "site-packages" not in filename


def _short(filename: str) -> str:
    return Path(filename).relative_to(ROOT).as_posix() if _is_own(filename) else filename
