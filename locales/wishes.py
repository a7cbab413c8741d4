"""Wishes to change a session, and troubles on the way to it, that people type, in their language or
English (UX 19).
"""

from locales.catalogue import phrase
from locales.word_lists import has_any, words_of

# Translators: words that people type who want to move or cancel a session, separated by commas
_CHANGES = phrase(
    "change, move, cancel, reschedule, resched, postpone, shift, swap, push, bring forward, "
    "another day, another time, different day, different time, cant make it, cannot make it, "
    "wont make it, cant come, cannot come, wont come, not coming, cant attend, cannot attend, "
    "no lesson, no class, no session, no lessons, no classes, no sessions, are on holiday, "
    "be on holiday, be away, skip, instead, instead of, not free, not available, "
    "unavailable, cant teach, cannot teach, cant do, cannot do, not able to come, not able to teach"
)
# Translators: words that people type to whom something has happened before a session, separated by
# commas
_TROUBLES = phrase(
    "sick, ill, unwell, fever, flu, not well, not feeling well, throwing up, vomiting, vomited, "
    "injured, hospital, emergency, accident, broke down, breakdown, car trouble, stuck, "
    "traffic jam, in traffic, running late, be late, coming late, mins late, min late, "
    "minutes late, late today, delayed"
)
# Translators: words that people type who ask for their next sessions, separated by commas
_ASKS_WHEN = phrase("when is, when are, whens, when am, when will, what time, which day, next when")
# Translators: words that people type who ask what they owe, what is left to them or what they are
# paid, separated by commas
_ASKS_MONEY = phrase(
    "owe, owes, owing, my bill, the bill, invoice, receipt, how much do i, how much do we, "
    "how much is it, how much did i, how much have i, i earned, my earnings, my salary, "
    "fees, my balance, my pay, get paid, hours left, lessons left, sessions left, classes left, "
    "left in the package, left in our package, left in my package, package expire, "
    "package expires, package end, package ends, package run out, package runs out"
)
# Translators: words with which questions begin, separated by commas
_QUESTION = phrase("how, what, whats, when, whens, which, do, does, did, is, are, can, could, who")
SHORT = 60
"""The most characters of a question that asks nothing else."""
# Translators: words that people type as a command for what they owe or are paid, separated by
# commas
_MONEY = phrase(
    "bill, bills, billing, invoice, invoices, pay, paid, payment, payments, salary, earnings, fee, "
    "fees, money, balance, owed, receipt, receipts"
)
# Translators: words that people type who ask how something is done or where it is, separated by
# commas
_ASKS_HOW = phrase(
    "how do i, how can i, how to, how do we, how can we, where is, where are, where do i, "
    "where can i, wheres, show me, can i see, can i get, i want to see, what is my, what are my, "
    "who is my, which is my"
)
# Translators: words that tutors type who will be away, separated by commas
_AWAY = phrase("away, on leave, take leave, vacation, overseas, out of town, day off, days off")


def wishes_change(text: str, language: str) -> bool:
    """Whether a text has words of somebody who wants to move or cancel a session."""
    return has_any(text, _CHANGES, language)


def tells_of_trouble(text: str, language: str) -> bool:
    """Whether a text has words of somebody who is ill, or held up on the way."""
    return has_any(text, _TROUBLES, language)


def asks_when(text: str, language: str) -> bool:
    """Whether a text has words of somebody who asks for their next sessions."""
    return has_any(text, _ASKS_WHEN, language)


def asks_for_money(text: str, language: str) -> bool:
    """Whether a text has words of somebody who asks what they owe, have left or are paid."""
    return has_any(text, _ASKS_MONEY, language)


def only_asks_for_money(text: str, language: str) -> bool:
    """Whether a text is a short question of that kind, and so no message to anybody."""
    if len(text) > SHORT or not asks_for_money(text, language):
        return False
    first = text.casefold().partition(" ")[0]
    if "?" not in text and first not in words_of(_QUESTION, language):
        return False
    return not (wishes_change(text, language) or tells_of_trouble(text, language))


def is_about_money(word: str, language: str) -> bool:
    """Whether a word that was typed as a command is for what somebody owes or is paid."""
    return word.casefold() in words_of(_MONEY, language)


def asks_how(text: str, language: str) -> bool:
    """Whether a text has words of somebody who asks how to do something, or where it is found."""
    return has_any(text, _ASKS_HOW, language)


def speaks_of_leave(text: str, language: str) -> bool:
    """Whether a text has words of a tutor who will be away."""
    return has_any(text, _AWAY, language)
