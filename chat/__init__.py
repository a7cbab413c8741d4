"""What Telegram shows: context, callback codecs, cards, messages and keyboards."""

import os

os.environ.setdefault("PTB_TIMEDELTA", "true")
"""Has PTB give durations as `timedelta`, as its next version will; otherwise it warns each time."""
