"""The queue's filter in addresses, so that a bookmark is a saved filter (SPEC 10)."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from models.matters import Matter
from services.queries.queue_filter import QueueFilter
from services.rules.queue import QueueKind
from web.days import day_if_any
from web.site import PAGE_NUMBER, row_id_if_any

PATH = "/admin"
KEY = re.compile(r"([a-z_]+)-([1-9][0-9]{0,8})", re.ASCII)
LONGEST_WORDS = 100


def filter_in(given: Mapping[str, str]) -> QueueFilter:
    """The filter that an address names; what it says wrongly is left out."""
    kind = given.get("kind", "")
    return QueueFilter(
        QueueKind(kind) if kind in set(QueueKind) else None,
        row_id_if_any(given.get("person", "")),
        row_id_if_any(given.get("child", "")),
        given.get("text", "").replace("\x00", "").strip()[:LONGEST_WORDS],
        day_if_any(given.get("from", "")),
        day_if_any(given.get("to", "")),
        given.get("snoozed") == "1",
    )


def number_in(given: Mapping[str, str]) -> int:
    """The page that an address names; the first if it names none."""
    number = given.get("page", "")
    return int(number) if PAGE_NUMBER.fullmatch(number) else 1


def query_of(wanted: QueueFilter, number: int = 1, **more: str) -> str:
    """The query of an address with this filter, without the question mark."""
    named = {
        "kind": wanted.kind.value if wanted.kind else "",
        "person": str(wanted.person_id or ""),
        "child": str(wanted.student_id or ""),
        "text": wanted.words,
        "from": wanted.since.isoformat() if wanted.since else "",
        "to": wanted.until.isoformat() if wanted.until else "",
        "snoozed": "1" if wanted.is_snoozed else "",
        "page": str(number) if number > 1 else "",
    }
    given = {name: value for name, value in (named | more).items() if value}
    return urlencode(given) if given else ""


def address_of(wanted: QueueFilter, number: int = 1, **more: str) -> str:
    """The address of the queue with this filter."""
    query = query_of(wanted, number, **more)
    return f"{PATH}?{query}" if query else PATH


def read_query(query: str) -> dict[str, str]:
    """The parameters of a query that a form carries."""
    try:
        return dict(parse_qsl(query[:2000], max_num_fields=30))
    except ValueError:  # more fields than any filter has
        return {}


def read_key(key: str) -> tuple[Matter, int] | None:
    """The matter that a key names, such as `dispute-4`; None where it is none."""
    found = KEY.fullmatch(key)
    if found is None or found[1] not in set(Matter):
        return None
    return Matter(found[1]), int(found[2])
