"""Errors of a server with OpenAI's API, translated to those of the ports (SPEC 4).

The vendor's texts may quote the key and the data sent; none of them is passed on.
"""

import contextlib
import math
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import openai
import structlog
from pydantic import ValidationError

from services.adapters.missing_path import NoSuchPathError
from services.ports import ModelRefusesError, ModelUnavailableError, ModelUnusableError

logger = structlog.get_logger(__name__)

LONGEST_PAUSE = timedelta(days=1)
"""Longest pause that a server is believed."""
TRY_AGAIN = {
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.CONFLICT,
    HTTPStatus.TOO_EARLY,
    HTTPStatus.TOO_MANY_REQUESTS,
}
FOR_THE_OPERATOR = {
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.PAYMENT_REQUIRED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED,
}
"""Statuses that only the operator can fix: wrong key, account, address or model name."""
NO_SUCH_PATH = {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}

_CODE = re.compile(r"[\w.-]{1,60}", re.ASCII)
_REASONS: tuple[tuple[type[Exception], type[ModelUnavailableError | ModelUnusableError], str], ...]
_REASONS = (
    (TimeoutError, ModelUnavailableError, "timeout"),
    (openai.APITimeoutError, ModelUnavailableError, "timeout"),
    (openai.APIConnectionError, ModelUnavailableError, "connection"),
    (openai.LengthFinishReasonError, ModelUnusableError, "truncated"),
    (openai.ContentFilterFinishReasonError, ModelUnusableError, "filtered"),
    (ValidationError, ModelUnusableError, "malformed"),
)


@contextlib.contextmanager
def vendor_errors(*, path_may_be_missing: bool = False) -> Iterator[None]:
    """Raise `ModelUnavailableError` or `ModelUnusableError` for whatever the vendor raises.

    Errors that only the operator can fix are logged, except for a part of the API that may be
    missing.
    """
    try:
        yield
    except openai.APIStatusError as error:
        told = _of_status(error)
        expected = path_may_be_missing and isinstance(told, NoSuchPathError)
        if error.status_code in FOR_THE_OPERATOR and not expected:
            logger.warning("model_settings_refused", reason=str(told))
        raise told from None
    except (openai.OpenAIError, TimeoutError, ValidationError) as error:
        for kind, told_as, reason in _REASONS:
            if isinstance(error, kind):
                raise told_as(reason) from None
        raise ModelUnavailableError(type(error).__name__) from None
    except (AttributeError, LookupError, TypeError, ValueError):
        # The library assumes without a check that an answer has its documented shape.
        raise ModelUnavailableError("no answer of this API") from None


def _of_status(error: openai.APIStatusError) -> ModelUnavailableError | ModelUnusableError:
    status, code = error.status_code, error.code or ""
    reason = f"{status} {code}" if _CODE.fullmatch(code) else str(status)
    if status in NO_SUCH_PATH and code != "model_not_found":
        return NoSuchPathError(reason)
    if status in FOR_THE_OPERATOR:
        return ModelRefusesError(reason)
    if status in TRY_AGAIN or not 400 <= status < 500:
        return ModelUnavailableError(reason, retry_after=_pause(error.response.headers))
    return ModelUnusableError(reason)


def _pause(headers: Mapping[str, str]) -> timedelta | None:
    """Pause that the server asks for: in milliseconds, in seconds, or until a date."""
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        with contextlib.suppress(KeyError, ValueError):
            seconds = float(headers[name]) * unit
            if seconds > 0 and not math.isnan(seconds):
                return timedelta(seconds=min(seconds, LONGEST_PAUSE.total_seconds()))
    with contextlib.suppress(KeyError, ValueError, TypeError):
        # Both dates are the server's, so that our clock does not matter.
        until = parsedate_to_datetime(headers["retry-after"])
        pause = until - parsedate_to_datetime(headers["date"])
        if pause > timedelta():
            return min(pause, LONGEST_PAUSE)
    return None
