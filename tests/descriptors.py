"""The limit of descriptors that a process may have open."""

import contextlib
import resource
from collections.abc import Iterator


@contextlib.contextmanager
def soft_limit(descriptors: int) -> Iterator[None]:
    """Lower the soft limit of this process, and of those started meanwhile."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
