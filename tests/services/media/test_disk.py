"""What the disk store promises beyond the contract: whole files, private, and on the disk."""

import errno
import os
import stat
from pathlib import Path

import pytest

from services.adapters.disk_media import DiskMediaStore
from services.ports import MediaUnavailableError

KEY = "notes/ab/abcdef0123.jpg"


def kept_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


async def test_files_and_folders_are_for_their_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        await DiskMediaStore(tmp_path / "media").put(KEY, b"photo", "image/jpeg")
    finally:
        os.umask(before)

    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "media").rglob("*")}
    assert modes == {0o600, 0o700}
    assert stat.S_IMODE((tmp_path / "media").stat().st_mode) == 0o700


async def test_a_write_that_fails_leaves_the_old_content_and_no_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = DiskMediaStore(tmp_path)
    await store.put(KEY, b"photo", "image/jpeg")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(MediaUnavailableError, match="No space left"):
        await store.put(KEY, b"photograph", "image/jpeg")

    assert kept_files(tmp_path) == [tmp_path / KEY]
    assert await store.get(KEY) == b"photo"


async def test_content_and_names_are_synchronised_before_put_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synchronised: list[str] = []
    fsync = os.fsync

    def spy(handle: int) -> None:
        synchronised.append(Path(f"/proc/self/fd/{handle}").readlink().name)
        fsync(handle)

    monkeypatch.setattr(os, "fsync", spy)
    await DiskMediaStore(tmp_path / "media").put(KEY, b"photo", "image/jpeg")

    made, (content, renamed) = synchronised[:-2], synchronised[-2:]
    assert made == [tmp_path.name, "media", "notes", "media"]  # parents of media, notes, ab ...
    assert content.startswith("tmp")
    assert renamed == "ab"


async def test_what_a_killed_process_left_is_removed_after_an_hour(tmp_path: Path) -> None:
    store = DiskMediaStore(tmp_path)
    await store.put(KEY, b"photo", "image/jpeg")
    old, fresh = tmp_path / ".incoming" / "old", tmp_path / ".incoming" / "fresh"
    old.write_bytes(b"half")
    fresh.write_bytes(b"half")
    written_at = (tmp_path / KEY).stat().st_mtime
    os.utime(old, (written_at - 3700, written_at - 3700))

    await store.put(KEY, b"photo", "image/jpeg")

    assert kept_files(tmp_path) == sorted([fresh, tmp_path / KEY])


async def test_a_disk_that_cannot_be_used_is_unavailable_and_not_missing(tmp_path: Path) -> None:
    (tmp_path / "media").write_bytes(b"a file where the folder should be")
    store = DiskMediaStore(tmp_path / "media")

    with pytest.raises(MediaUnavailableError):
        await store.put(KEY, b"photo", "image/jpeg")
    with pytest.raises(MediaUnavailableError):
        await store.get(KEY)
    with pytest.raises(MediaUnavailableError):
        await store.delete(KEY)


async def test_an_error_names_no_file(tmp_path: Path) -> None:
    (tmp_path / "media").write_bytes(b"")

    with pytest.raises(MediaUnavailableError) as unavailable:
        await DiskMediaStore(tmp_path / "media").get(KEY)

    assert str(unavailable.value) == "the disk cannot read: Not a directory"
