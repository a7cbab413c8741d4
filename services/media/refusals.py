"""Why a file is refused: a code and its parameters; words are put to them elsewhere (SPEC 4)."""

from enum import StrEnum


class FileRefusal(StrEnum):
    """The reasons, each with the parameters that its wording may use."""

    EMPTY = "empty"
    GONE = "gone"  # Telegram has it no more: found while fetching, not by looking at content
    TOO_LARGE = "too_large"  # limit_mb: MiB that still pass
    EXECUTABLE = "executable"
    ARCHIVE = "archive"  # found: usual extension
    ARCHIVE_BOMB = "archive_bomb"
    MACROS = "macros"
    ENCRYPTED = "encrypted"
    MISLABELLED = "mislabelled"  # claimed: extension or kind of part; found: as below
    TYPE_NOT_ALLOWED = "type_not_allowed"  # found: usual extension, or "video", or "unknown"
    DAMAGED = "damaged"  # found: usual extension
    UNREADABLE_IMAGE = "unreadable_image"
    IMAGE_TOO_LARGE = "image_too_large"  # limit_megapixels: over all frames together


class FileRefused(Exception):  # noqa: N818  # a refusal is no error
    """A file that must not be stored. `code` and `params` are data, safe to store and to log."""

    def __init__(self, code: FileRefusal, **params: int | str) -> None:
        super().__init__(code.value, params)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        shown = ", ".join(f"{name}={value}" for name, value in self.params.items())
        return f"{self.code.value}({shown})"
