"""What Telegram shows: context, callback codecs, cards, keyboards, sender."""

import os

os.environ.setdefault("PTB_TIMEDELTA", "true")
"""PTB gives lengths of time as `timedelta`, as its next version will; else it warns each time."""
