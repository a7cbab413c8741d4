"""What Telegram refuses of texts, captions, markup and buttons, with its codes and words."""

from typing import Any

import pytest

from sandbox.people import Person
from tests.sandbox.clients import BotClient, picture

NOT_HTTPS = "is invalid: Only HTTPS links are allowed"
HELLO: dict[str, Any] = {"text": "hello"}


def keyboard(**button: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "Press", **button}]]}


async def test_a_wrong_token_is_unauthorized(bot: BotClient) -> None:
    bot.token = "4200000001:other"
    assert await bot.refusal("getMe") == "401 Unauthorized"


async def test_an_unknown_method_is_not_found(bot: BotClient) -> None:
    assert await bot.refusal("sendTelegram") == "404 Not Found: method not found"


async def test_method_names_are_read_whatever_their_case(bot: BotClient) -> None:
    assert (await bot.ok("getme"))["username"] == "tutorline_bot"


async def test_a_method_that_the_sandbox_has_not_says_so(bot: BotClient, grace: Person) -> None:
    answer = await bot.refusal("sendDice", chat_id=grace.id)
    assert answer == "501 Not Implemented: the sandbox has no sendDice"


@pytest.mark.parametrize(
    ("method", "fields", "expected"),
    [
        ("sendMessage", {"text": "x"}, "chat_id is empty"),
        ("sendMessage", {"chat_id": 1}, "message text is empty"),
        ("sendMessage", {"chat_id": 1, "text": ""}, "message text is empty"),
        ("sendPhoto", {"chat_id": 1}, "there is no photo in the request"),
        ("sendLocation", {"chat_id": 1, "longitude": 1}, "latitude is empty"),
        ("sendMediaGroup", {"chat_id": 1}, 'Parameter "media" is required'),
        ("setMyCommands", {"commands": "["}, "can't parse commands JSON object"),
        ("setMyCommands", {"commands": {}}, "expected an Array of BotCommand"),
        (
            "setMyCommands",
            {"commands": [{"command": "help"}]},
            "can't parse BotCommand: Can't find field \"description\"",
        ),
        (
            "setMyCommands",
            {"commands": [], "scope": {"type": "nowhere"}},
            "can't parse BotCommandScope: unsupported type specified",
        ),
        ("getUpdates", {"offset": "soon"}, 'Field "offset" must be of type Integer'),
        (
            "sendMessage",
            {"chat_id": 1, "text": "x", "reply_markup": "{"},
            "can't parse reply keyboard markup JSON object",
        ),
        (
            "sendMessage",
            {"chat_id": 1, "text": "x", "reply_markup": []},
            "Object expected as reply markup",
        ),
    ],
)
async def test_missing_and_mistyped_fields_are_refused(
    bot: BotClient, method: str, fields: dict[str, Any], expected: str
) -> None:
    refusal = await bot.refusal(method, **fields)
    assert refusal.lower() == f"400 bad request: {expected}".lower()


async def test_unknown_fields_are_ignored_but_recorded(bot: BotClient, grace: Person) -> None:
    await bot.ok(
        "sendMessage",
        chat_id=grace.id,
        text="hi",
        colour="red",
        reply_markup=keyboard(callback_data="x", size=3),
    )
    calls = (await bot.client.get(f"{bot.base}/api/calls")).json()
    assert calls[-1]["unknown_fields"] == ["colour", "reply_markup.inline_keyboard.0.0.size"]


@pytest.mark.parametrize("text", ["x" * 4096, "😀" * 2048, "<b>" + "x" * 4096 + "</b>"])
async def test_a_text_of_4096_units_after_parsing_passes(
    bot: BotClient, grace: Person, text: str
) -> None:
    await bot.ok("sendMessage", chat_id=grace.id, text=text, parse_mode="HTML")


@pytest.mark.parametrize("text", ["x" * 4097, "😀" * 2048 + "x"])
async def test_a_longer_text_is_refused(bot: BotClient, grace: Person, text: str) -> None:
    refusal = await bot.refusal("sendMessage", chat_id=grace.id, text=text)
    assert refusal == "400 Bad Request: message is too long"


async def test_a_text_of_32_kilobytes_and_more_is_refused_unread(
    bot: BotClient, grace: Person
) -> None:
    refusal = await bot.refusal("sendMessage", chat_id=grace.id, text="x" * 32769)
    assert refusal == "400 Bad Request: text is too long"


async def test_a_blank_text_is_refused(bot: BotClient, grace: Person) -> None:
    refusal = await bot.refusal("sendMessage", chat_id=grace.id, text=" \n ")
    assert refusal == "400 Bad Request: text must be non-empty"


async def test_a_caption_over_1024_units_is_refused(bot: BotClient, grace: Person) -> None:
    files = {"photo": ("a.png", picture(), "image/png")}
    await bot.ok("sendPhoto", files, chat_id=grace.id, caption="x" * 1024)
    refusal = await bot.refusal("sendPhoto", files, chat_id=grace.id, caption="😀" * 512 + "x")
    assert refusal == "400 Bad Request: message caption is too long"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("é<x>a</x>", 'Unsupported start tag "x" at byte offset 2'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<a href=x:y>a</a>", "Unexpected end of name token at byte offset 8"),
        ('<a ="x">a</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
    ],
)
async def test_bad_html_is_refused_with_the_place(
    bot: BotClient, grace: Person, text: str, reason: str
) -> None:
    refusal = await bot.refusal("sendMessage", chat_id=grace.id, text=text, parse_mode="HTML")
    assert refusal == f"400 Bad Request: can't parse entities: {reason}"


@pytest.mark.parametrize("mode", ["Markdown", "MarkdownV2"])
async def test_markdown_which_the_sandbox_does_not_read_is_refused(
    bot: BotClient, grace: Person, mode: str
) -> None:
    refusal = await bot.refusal("sendMessage", chat_id=grace.id, parse_mode=mode, **HELLO)
    assert refusal == "501 Not Implemented: the sandbox reads no Markdown, only HTML"


async def test_half_a_character_is_refused(bot: BotClient, grace: Person) -> None:
    body = f'{{"chat_id": {grace.id}, "text": "\\ud83d"}}'
    headers = {"Content-Type": "application/json"}
    url = f"{bot.base}/bot{bot.token}/sendMessage"
    answer = (await bot.client.post(url, content=body, headers=headers)).json()
    assert answer["description"] == "Bad Request: strings must be encoded in UTF-8"
    refusal = await bot.refusal("sendMessage", chat_id=grace.id, text="&#xD83D;", parse_mode="HTML")
    assert "check for unmatched surrogate code units" in refusal


async def test_what_is_no_json_is_refused(bot: BotClient) -> None:
    url = f"{bot.base}/bot{bot.token}/getMe"
    for body in ("{", "[]"):
        headers = {"Content-Type": "application/json"}
        response = await bot.client.post(url, content=body, headers=headers)
        assert response.status_code == 400
        assert "can't parse JSON encoded request" in response.json()["description"]


async def test_an_unknown_parse_mode_is_refused(bot: BotClient, grace: Person) -> None:
    refusal = await bot.refusal("sendMessage", chat_id=grace.id, parse_mode="BBCode", **HELLO)
    assert refusal == "400 Bad Request: unsupported parse_mode"


@pytest.mark.parametrize(
    ("entity", "reason"),
    [
        ((6, 1), "entity begins after the end of the text at UTF-16 offset 6"),
        ((0, 9), "entity beginning at UTF-16 offset 0 ends after the end of the text"),
        ((-1, 1), "receive an entity with incorrect offset -1"),
    ],
)
async def test_entities_outside_the_text_are_refused(
    bot: BotClient, grace: Person, entity: tuple[int, int], reason: str
) -> None:
    entities = [{"type": "bold", "offset": entity[0], "length": entity[1]}]
    refusal = await bot.refusal("sendMessage", chat_id=grace.id, entities=entities, **HELLO)
    assert refusal == f"400 Bad Request: {reason}"


@pytest.mark.parametrize(
    ("button", "expected"),
    [
        ({"callback_data": "x" * 65}, "BUTTON_DATA_INVALID"),
        ({"callback_data": "界" * 22}, "BUTTON_DATA_INVALID"),
        (
            {},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"url": "http://localhost:8000/x"},
            "inline keyboard button URL 'http://localhost:8000/x' is invalid: Wrong HTTP URL",
        ),
        (
            {"url": "page"},
            "inline keyboard button URL 'page' is invalid: Wrong HTTP URL",
        ),
        (
            {"url": "ftp://example.com"},
            "inline keyboard button URL 'ftp://example.com' is invalid: Unsupported URL protocol",
        ),
        (
            {"web_app": {"url": "http://example.com"}},
            f"inline keyboard button Web App URL 'http://example.com' {NOT_HTTPS}",
        ),
        (
            {"callback_data": "x", "style": "purple"},
            "can't parse inline keyboard button: invalid button style specified",
        ),
    ],
)
async def test_bad_buttons_are_refused(
    bot: BotClient, grace: Person, button: dict[str, Any], expected: str
) -> None:
    refusal = await bot.refusal(
        "sendMessage", chat_id=grace.id, reply_markup=keyboard(**button), **HELLO
    )
    assert refusal == f"400 Bad Request: {expected}"


async def test_callback_data_of_64_bytes_passes(bot: BotClient, grace: Person) -> None:
    markup = keyboard(callback_data="é" * 32)
    sent = await bot.ok("sendMessage", chat_id=grace.id, reply_markup=markup, **HELLO)
    assert sent["reply_markup"] == markup


async def test_a_hundred_buttons_pass_and_one_more_is_refused(
    bot: BotClient, grace: Person
) -> None:
    def rows(count: int) -> dict[str, Any]:
        return {"inline_keyboard": [[{"text": "x", "callback_data": "x"}] for _ in range(count)]}

    await bot.ok("sendMessage", chat_id=grace.id, reply_markup=rows(100), **HELLO)
    refusal = await bot.refusal("sendMessage", chat_id=grace.id, reply_markup=rows(101), **HELLO)
    assert refusal == "400 Bad Request: reply markup is too long"
