"""Media store in a bucket of Cloudflare R2 (SPEC 4)."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from services.adapters.patience import Patience
from services.media.names import check_key
from services.ports import Presentation, SignedLink

if TYPE_CHECKING:
    from services.adapters.s3_bucket import S3Bucket

_WORKERS = 8
_CLOSE_SECONDS = 1.0

T = TypeVar("T")


class R2MediaStore:
    """One object for each file, in one bucket; durable when `put` returns, as R2 promises.

    Works with every server that has S3's API. Connects only on the first call; call `close` at the
    end. Raises ValueError for a key that `check_key` refuses. The text of a `MediaUnavailableError`
    gives the attempted action and the vendor's code, such as "R2 cannot write: AccessDenied".
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
        # Threads of its own: a store that hangs blocks nothing else.
        self._pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="r2-media")
        self._calls: set[Future[Any]] = set()
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
        """Signed address at R2, after a check that the file is there."""
        check_key(key)
        return SignedLink(await self._call(lambda bucket: bucket.link(key, presentation, lasts)))

    async def close(self) -> None:
        """Finish the calls under way, for a second; drop the others, and close the connections.

        The thread of a call that hangs goes on until its time-out.
        """
        self._pool.shutdown(wait=False, cancel_futures=True)
        under_way = [asyncio.wrap_future(call) for call in tuple(self._calls)]
        if under_way:
            await asyncio.wait(under_way, timeout=_CLOSE_SECONDS)
        if self._opened is not None:
            self._opened.close()

    async def _call(self, work: Callable[["S3Bucket"], T]) -> T:
        call = self._pool.submit(lambda: work(self._bucket()))
        self._calls.add(call)
        call.add_done_callback(self._calls.discard)
        return await asyncio.wrap_future(call)

    def _bucket(self) -> "S3Bucket":
        """The bucket, opened once: threads may share it, but not open it together."""
        with self._opening:
            if self._opened is None:
                self._opened = self._open()
            return self._opened

    def _open(self) -> "S3Bucket":
        # Half a second and 47 MB, saved until a file is needed.
        from services.adapters.s3_bucket import S3Bucket  # noqa: PLC0415

        return S3Bucket(
            self._endpoint_url,
            self._bucket_name,
            self._access_key_id,
            self._secret_access_key,
            patience=self._patience,
            connections=_WORKERS,
        )
