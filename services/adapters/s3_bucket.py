"""Bucket of a server with S3's API, through the vendor's library; its calls block."""

import contextlib
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ResponseStreamingError
from urllib3.exceptions import HTTPError

from services.adapters.patience import Patience
from services.ports import MediaMissingError, MediaUnavailableError, Presentation

_MISSING = "NoSuchKey"
_CODE = re.compile(r"\w{1,60}", re.ASCII)


class S3Bucket:
    """Objects under keys. Up to `connections` threads may share it.

    Raises `MediaMissingError` and `MediaUnavailableError`, as the port `MediaStore` says.
    """

    def __init__(
        self,
        endpoint_url: str,
        name: str,
        access_key_id: str,
        secret_access_key: str,
        *,
        patience: Patience,
        connections: int,
    ) -> None:
        self._name = name
        self._tries = patience.tries
        with _vendor_errors("open"), _bad_address():
            self._client = Session().client(
                "s3",
                endpoint_url=endpoint_url,
                region_name="auto",
                aws_access_key_id=access_key_id,
                aws_secret_access_key=secret_access_key,
                config=_config(patience, connections),
            )

    def put(self, key: str, content: bytes, media_type: str) -> None:
        with _vendor_errors("write"):
            self._client.put_object(
                Bucket=self._name, Key=key, Body=content, ContentType=media_type
            )

    def get(self, key: str) -> bytes:
        with _vendor_errors("read"):
            # The library tries again until an answer begins, but not when one breaks off (over TLS
            # that is an error that the library does not even translate).
            for _ in range(self._tries - 1):
                with contextlib.suppress(ResponseStreamingError, HTTPError):
                    return self._read(key)
            return self._read(key)

    def exists(self, key: str) -> bool:
        with _vendor_errors("read"):
            with contextlib.suppress(ClientError):
                self._client.head_object(Bucket=self._name, Key=key)
                return True
            return self._begins(key)

    def delete(self, key: str) -> None:
        with _vendor_errors("delete"):
            self._client.delete_object(Bucket=self._name, Key=key)

    def link(self, key: str, presentation: Presentation, lasts: timedelta) -> str:
        """Address that gives the object to anybody who has it, for as long as `lasts`."""
        if not self.exists(key):
            raise MediaMissingError
        with _vendor_errors("sign"):
            url: str = self._client.generate_presigned_url(
                "get_object",
                Params={
                    "Bucket": self._name,
                    "Key": key,
                    "ResponseCacheControl": "private, no-store",
                    "ResponseContentDisposition": presentation.disposition,
                    "ResponseContentType": presentation.media_type,
                },
                ExpiresIn=int(lasts.total_seconds()),
            )
        return url

    def close(self) -> None:
        """Close the connections; call it when no call is under way."""
        self._client.close()

    def _read(self, key: str) -> bytes:
        answer = self._client.get_object(Bucket=self._name, Key=key)
        with contextlib.closing(answer["Body"]) as body:
            content: bytes = body.read()
        return content

    def _begins(self, key: str) -> bool:
        """Whether the object can be read; an answer to HEAD has no body to say what is missing."""
        try:
            self._client.get_object(Bucket=self._name, Key=key)["Body"].close()
        except ClientError as error:
            if _code(error) == _MISSING:
                return False
            raise
        return True


def _config(patience: Patience, connections: int) -> Config:
    return Config(
        connect_timeout=patience.connect_seconds,
        read_timeout=patience.read_seconds,
        retries={"mode": "standard", "total_max_attempts": patience.tries},
        max_pool_connections=connections,
        s3={"addressing_style": "path"},
        signature_version="s3v4",  # a link would be signed by the older one, which R2 refuses
        request_checksum_calculation="when_required",  # what is sent by default, R2 refuses
        response_checksum_validation="when_required",
    )


@contextlib.contextmanager
def _vendor_errors(action: str) -> Iterator[None]:
    """Translate errors to the port's; the vendor's own texts name keys and addresses."""
    try:
        yield
    except ClientError as error:
        code = _code(error)
        if code == _MISSING:
            raise MediaMissingError from None
        raise MediaUnavailableError(f"R2 cannot {action}: {code}") from None
    except (BotoCoreError, HTTPError) as error:
        raise MediaUnavailableError(f"R2 cannot {action}: {type(error).__name__}") from None


@contextlib.contextmanager
def _bad_address() -> Iterator[None]:
    try:
        yield
    except ValueError:
        raise MediaUnavailableError("R2 cannot open: the endpoint is no address") from None


def _code(error: Any) -> str:
    """Code in the answer, such as "AccessDenied", or its HTTP status where it has none."""
    code = str(error.response["Error"].get("Code", ""))
    if _CODE.fullmatch(code):
        return code
    return str(error.response["ResponseMetadata"]["HTTPStatusCode"])
