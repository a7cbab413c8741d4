"""Contact details, which a summary never contains (SPEC 4). Pure.

Telegram makes a link of a bare domain, of a mention and of a telephone number, too.
"""

import re

_DOMAINS = "com|net|org|info|biz|edu|gov|io|co|me|ly|app|dev|xyz|site|online|link|top|shop|sg|my|cn"

_MARKED_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_CONTACT = re.compile(
    rf"""
    (?:https?://|www\.|t\.me/|tg://)\S+
    | [\w.+-]+@[\w-]+(?:\.[\w-]+)+                             # a mail address
    | \b[\w-]+(?:\.[\w-]+)*\.[a-z]{{2,}}/\S*                   # example.org/somewhere
    | \b[\w-]{{2,}}(?:\.[\w-]+)*\.(?:{_DOMAINS})\b(?![.\w-]*\w\()   # example.org
    | (?<![\w.])@[a-z]\w{{3,}}                                 # a mention
    | (?<![\w+])\+\d[\d\s()-]{{6,}}\d                          # +65 9123 4567
    | (?<![\d.,])(?:0\d{{1,2}}[\s-]\d{{3,4}}[\s-]?\d{{4}}|[3689]\d{{3}}-?\d{{4}})(?![\d.,]*\d)
    """,
    re.IGNORECASE | re.VERBOSE,
)


def has_contacts(text: str) -> bool:
    """Whether the text has a link, an address, a mention or a telephone number."""
    return without_contacts(text) != text


def without_contacts(text: str) -> str:
    """Text without its contact details; a link with a name keeps the name."""
    return _CONTACT.sub("", _MARKED_LINK.sub(r"\1", text))
