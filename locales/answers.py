"""Answers to a request that people type, such as "yes, friday", in their language (UX 19)."""

from locales.catalogue import phrase
from locales.word_lists import has_any

# Translators: words that people type who answer a question with yes or no, separated by commas
_ANSWERS = phrase(
    "yes, yep, yup, yeah, ya, sure, ok, okay, okie, can, fine, works, possible, accept, accepted, "
    "agree, agreed, approve, approved, confirm, confirmed, no, nope, cannot, cant, decline, "
    "declined, reject, rejected, refuse, wont work, doesnt work"
)


def is_like_answer(text: str, language: str) -> bool:
    """Whether a text has words of somebody who answers a request."""
    return has_any(text, _ANSWERS, language)
