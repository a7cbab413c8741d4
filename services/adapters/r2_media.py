"""The media store as a bucket of Cloudflare R2 (SPEC 4)."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from services.adapters.patience import Patience
from services.media.names import check_key
from services.ports import Presentation, SignedLink

if TYPE_CHECKING:
    from services.adapters.s3_bucket import S3Bucket

_WORKERS = 8

T = TypeVar("T")


class R2MediaStore:
    """One object a file, in one bucket; durable when `put` returns, as R2 promises.

    Works with whatever speaks S3. Nothing is connected before the first call; `close` at the end.
    ValueError for a key that `check_key` refuses. The text of a `MediaUnavailableError` tells
    what was tried and the vendor's code, such as "R2 cannot write: AccessDenied".
    """

    def __init__(
        self,
        endpoint_url: str,
        bucket: str,
        access_key_id: str,
        secret_access_key: str,
        *,
        patience: Patience | None = None,
    ) -> None:
        self._endpoint_url = endpoint_url
        self._bucket_name = bucket
        self._access_key_id = access_key_id
        self._secret_access_key = secret_access_key
        self._patience = patience or Patience()
        # Threads of its own: a store that hangs holds up nothing but itself.
        self._pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="r2-media")
        self._opening = threading.Lock()
        self._opened: S3Bucket | None = None

    async def put(self, key: str, content: bytes, media_type: str) -> None:
        check_key(key)
        await self._call(lambda bucket: bucket.put(key, content, media_type))

    async def get(self, key: str) -> bytes:
        check_key(key)
        return await self._call(lambda bucket: bucket.get(key))

    async def exists(self, key: str) -> bool:
        check_key(key)
        return await self._call(lambda bucket: bucket.exists(key))

    async def delete(self, key: str) -> None:
        check_key(key)
        await self._call(lambda bucket: bucket.delete(key))

    async def give(self, key: str, presentation: Presentation, lasts: timedelta) -> SignedLink:
        """An address at R2, signed; that the file is there is looked up first."""
        check_key(key)
        return SignedLink(await self._call(lambda bucket: bucket.link(key, presentation, lasts)))

    async def close(self) -> None:
        """Let the calls under way end, drop those that wait, and close the connections."""
        await asyncio.to_thread(self._pool.shutdown, wait=True, cancel_futures=True)
        if self._opened is not None:
            self._opened.close()

    async def _call(self, work: Callable[["S3Bucket"], T]) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, lambda: work(self._bucket()))

    def _bucket(self) -> "S3Bucket":
        """The bucket, opened once: threads may share it, but not the opening."""
        with self._opening:
            if self._opened is None:
                self._opened = self._open()
            return self._opened

    def _open(self) -> "S3Bucket":
        # Half a second and 47 MB, not to be spent before a file is.
        from services.adapters.s3_bucket import S3Bucket  # noqa: PLC0415

        return S3Bucket(
            self._endpoint_url,
            self._bucket_name,
            self._access_key_id,
            self._secret_access_key,
            patience=self._patience,
            connections=_WORKERS,
        )
