"""Links that open the bot (UX 13): what is written is read back; what is not ours harms nobody."""

import re

import pytest

from chat.callbacks import CoordinatorChange, ListName
from chat.callbacks.codec import MAX_ID
from chat.deep_links import (
    NO_ID,
    DeepLink,
    OpenChange,
    OpenDispute,
    OpenInvitations,
    OpenList,
    OpenPages,
    OpenProblem,
    OpenSession,
    UseInvitation,
    address,
    payload_of,
    read,
)

LINKS: list[DeepLink] = [
    OpenDispute(7),
    OpenProblem(MAX_ID),
    OpenSession(12),
    *(OpenList(name) for name in ListName),
    OpenInvitations(),
    OpenPages(),
    *(OpenChange(change, 12) for change in CoordinatorChange),
    UseInvitation("q7-_Zk3vX0dT4mLr9uWbE1"),
]


@pytest.mark.parametrize("link", LINKS)
def test_a_link_reads_back_as_what_was_written(link: DeepLink) -> None:
    payload = payload_of(link)

    assert read(payload) == link
    assert address("tutorline_bot", link) == f"https://t.me/tutorline_bot?start={payload}"
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", payload)  # what Telegram takes


def test_payloads_of_links_that_are_out_there_stay_what_they_are() -> None:
    assert [payload_of(link) for link in LINKS[:-1]] == [
        "dispute_7",
        f"problem_{MAX_ID}",
        "replace_12",
        "dashboard",
        "disputes",
        "problems",
        "missed",
        "in_progress",
        "awaiting",
        "pending",
        "flags",
        "late_start",
        "early_leave",
        "short",
        "no_notes",
        "invite",
        "web",
        "change_cancel_12",
        "change_move_12",
        "change_give_12",
        "change_replace_12",
    ]


def test_start_alone_is_no_link() -> None:
    assert read("") is None
    assert address("tutorline_bot") == "https://t.me/tutorline_bot"


@pytest.mark.parametrize("number", ["", "x", "-1", "1.5", "²", "٣", str(MAX_ID + 1), "9" * 30])
def test_a_number_that_can_be_no_id_names_nothing(number: str) -> None:
    assert read(f"dispute_{number}") == OpenDispute(NO_ID)
    assert read(f"change_move_{number}") == OpenChange(CoordinatorChange.MOVE, NO_ID)
