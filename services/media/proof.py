"""Proof that a media store works, for `bot.py check` (SPEC 11)."""

from secrets import token_hex

from services.ports import MediaMissingError, MediaStore, MediaUnavailableError


async def prove(store: MediaStore) -> None:
    """Write, read and delete a small file.

    Raises `MediaUnavailableError`, whose text names the failing step and the reason.
    """
    key = f"checks/{token_hex(16)}.txt"
    content = key.encode()
    await store.put(key, content, "text/plain")
    try:
        kept = await store.get(key)
    except MediaMissingError:
        kept = b""
    finally:
        await store.delete(key)
    if kept != content:
        raise MediaUnavailableError("the media store does not give back what was written")
