"""Python's search for garbage: for objects that only refer to each other."""

import gc

SOUGHT_AFTER = 10_000
"""New objects after which garbage is sought among them. A list makes thousands, all of which go by
themselves: at Python's own 700, the search took a quarter of the time of a page.
"""


def keep_loaded() -> None:
    """Seek garbage only in what is made from now on: modules stay."""
    gc.freeze()
    gc.set_threshold(SOUGHT_AFTER)
