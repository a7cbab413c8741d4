"""The demo agency: what it is called, where it is, and what it reckons in."""

AGENCY_NAME = "Bright Minds Tuition"
AGENCY_TIME_ZONE = "Asia/Singapore"
AGENCY_CURRENCY = "SGD"
