"""Reasons to refuse a file: codes and parameters, worded in `locales.file_refusals` (SPEC 4)."""

from enum import StrEnum


class FileRefusal(StrEnum):
    """Reasons, with the parameters of their wording."""

    EMPTY = "empty"
    GONE = "gone"  # Telegram no longer has it; found when fetching, not by inspection
    TOO_LARGE = "too_large"  # limit_mb: accepted MiB
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
    """File that must not be stored. `code` and `params` are data, safe to store and to log."""

    def __init__(self, code: FileRefusal, **params: int | str) -> None:
        super().__init__(code.value, params)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        shown = ", ".join(f"{name}={value}" for name, value in self.params.items())
        return f"{self.code.value}({shown})"
