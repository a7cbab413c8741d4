"""Files in both directions: sizes, limits, albums, downloads."""

import io
from typing import Any

import pytest
from PIL import Image

from sandbox.people import Person
from sandbox.person_actions import PersonInChat, send_media
from sandbox.phone import Phone
from sandbox.wire import Json, PageError, Upload
from sandbox.world import World
from tests.sandbox.clients import BotClient, Files, picture

MEGABYTE = 1024 * 1024
PHOTO_LIMIT = "the maximum size is 10485760 bytes"


async def downloaded(bot: BotClient, file_id: str) -> bytes:
    path = (await bot.ok("getFile", file_id=file_id))["file_path"]
    response = await bot.client.get(f"{bot.base}/file/bot{bot.token}/{path}")
    assert response.status_code == 200
    return response.content


async def test_a_photo_comes_in_several_sizes_the_largest_last(
    bot: BotClient, phone: Phone
) -> None:
    phone.send_photo(picture(2000, 1000), "caption")
    message = (await bot.updates())[0]["message"]
    sizes = [(size["width"], size["height"]) for size in message["photo"]]
    assert sizes == [(90, 45), (320, 160), (800, 400), (1280, 640)]
    data = await downloaded(bot, message["photo"][-1]["file_id"])
    assert Image.open(io.BytesIO(data)).size == (1280, 640)
    assert len(data) == message["photo"][-1]["file_size"]


async def test_a_photo_loses_its_exif_data(bot: BotClient, phone: Phone) -> None:
    image = Image.new("RGB", (50, 50))
    exif = image.getexif()
    exif[0x010F] = "Camera"
    encoded = io.BytesIO()
    image.save(encoded, "JPEG", exif=exif)
    sent = phone.send_photo(encoded.getvalue())
    data = await downloaded(bot, sent["photo"][-1]["file_id"])
    assert not Image.open(io.BytesIO(data)).getexif()


async def test_a_document_is_downloaded_byte_for_byte(bot: BotClient, phone: Phone) -> None:
    data = bytes(range(256)) * 1000
    phone.send_document(data, "worksheet.pdf", "application/pdf", "page 3")
    message = (await bot.updates())[0]["message"]
    assert message["document"]["file_name"] == "worksheet.pdf"
    assert message["document"]["file_size"] == len(data)
    assert message["caption"] == "page 3"
    assert await downloaded(bot, message["document"]["file_id"]) == data


async def test_a_download_states_its_length_and_serves_ranges(bot: BotClient, phone: Phone) -> None:
    sent = phone.send_document(b"0123456789", "a.txt", "text/plain")
    path = (await bot.ok("getFile", file_id=sent["document"]["file_id"]))["file_path"]
    url = f"{bot.base}/file/bot{bot.token}/{path}"
    assert (await bot.client.get(url)).headers["content-length"] == "10"
    part = await bot.client.get(url, headers={"Range": "bytes=2-4"})
    assert (part.status_code, part.content) == (206, b"234")
    assert part.headers["content-range"] == "bytes 2-4/10"
    assert (await bot.client.get(url, headers={"Range": "bytes=10-"})).status_code == 416


async def test_a_download_needs_the_token_and_a_known_path(bot: BotClient) -> None:
    other = await bot.client.get(f"{bot.base}/file/bot1:x/documents/file_0.txt")
    assert other.status_code == 401
    unknown = await bot.client.get(f"{bot.base}/file/bot{bot.token}/documents/file_0.txt")
    assert unknown.status_code == 404


async def test_a_file_of_20_megabytes_can_be_had_and_no_larger_one(
    bot: BotClient, phone: Phone
) -> None:
    fits = phone.send_document(b"x" * (20 * MEGABYTE), "a.zip", "application/zip")
    await bot.ok("getFile", file_id=fits["document"]["file_id"])
    large = phone.send_document(b"x" * (20 * MEGABYTE + 1), "a.zip", "application/zip")
    refusal = await bot.refusal("getFile", file_id=large["document"]["file_id"])
    assert refusal == "400 Bad Request: file is too big"


async def test_a_stated_size_may_lie_or_be_absent(bot: BotClient, phone: Phone) -> None:
    data = b"x" * 3000
    lying = phone.send_document(data, "a.txt", "text/plain", stated_size=10)["document"]
    silent = phone.send_document(data, "a.txt", "text/plain", stated_size="absent")["document"]
    assert lying["file_size"] == 10
    assert "file_size" not in silent
    assert "file_size" not in await bot.ok("getFile", file_id=silent["file_id"])
    for document in (lying, silent):
        path = (await bot.ok("getFile", file_id=document["file_id"]))["file_path"]
        response = await bot.client.get(f"{bot.base}/file/bot{bot.token}/{path}")
        assert "content-length" not in response.headers
        assert len(response.content) == 3000


async def test_the_stated_size_decides_whether_a_file_is_too_big(
    bot: BotClient, phone: Phone
) -> None:
    sent = phone.send_document(b"x", "a.txt", "text/plain", stated_size=21 * MEGABYTE)
    refusal = await bot.refusal("getFile", file_id=sent["document"]["file_id"])
    assert refusal == "400 Bad Request: file is too big"


async def test_an_unknown_file_is_refused(bot: BotClient) -> None:
    refusal = await bot.refusal("getFile", file_id="AgAC")
    assert refusal == "400 Bad Request: wrong file_id or the file is temporarily unavailable"
    assert await bot.refusal("getFile") == "400 Bad Request: file_id not specified"


async def test_an_album_is_several_messages_of_one_group(bot: BotClient, phone: Phone) -> None:
    phone.send_album([picture()] * 3, "three", arrival=[2, 0, 1])
    messages = [update["message"] for update in await bot.updates()]
    assert len({message["media_group_id"] for message in messages}) == 1
    assert [message["message_id"] for message in messages] == [3, 1, 2]
    assert [message.get("caption") for message in messages] == [None, "three", None]


def test_more_than_ten_photos_are_two_albums_and_voice_memos_none(
    world: World, phone: Phone
) -> None:
    sent = phone.send_album([picture(20, 20)] * 12)
    albums = [message["media_group_id"] for message in sent]
    assert [albums.count(album) for album in dict.fromkeys(albums)] == [10, 2]
    memos = [Upload("v.oga", "audio/ogg", b"OggS")] * 2
    sender = PersonInChat(world, phone.user_id, phone.chat_id)
    assert all("media_group_id" not in memo for memo in send_media(sender, "voice", memos))


def test_a_caption_of_more_than_1024_characters_cannot_be_sent(phone: Phone) -> None:
    with pytest.raises(PageError):
        phone.send_photo(picture(), "x" * 1025)


def test_voice_audio_video_sticker_and_location_have_their_fields(
    world: World, phone: Phone
) -> None:
    assert phone.send_voice(b"OggS", 7)["voice"]["duration"] == 7
    assert phone.send_audio(b"ID3", duration=3)["audio"]["mime_type"] == "audio/mpeg"
    assert phone.send_video()["video"]["width"] > 0
    assert phone.send_sticker()["sticker"]["type"] == "regular"
    assert phone.send_location(1.0, 2.0)["location"] == {"latitude": 1.0, "longitude": 2.0}
    assert len(world.messages.of(phone.chat_id)) == 5


def test_what_is_no_picture_cannot_be_sent_as_a_photo(phone: Phone) -> None:
    with pytest.raises(PageError):
        phone.send_photo(b"not a picture")


async def test_every_kind_is_sent_by_upload_and_again_by_its_id(
    bot: BotClient, grace: Person
) -> None:
    uploads = {
        "photo": ("a.png", picture(), "image/png"),
        "document": ("a.pdf", b"%PDF-", "application/pdf"),
        "voice": ("a.oga", b"OggS", "audio/ogg"),
        "audio": ("a.mp3", b"ID3", "audio/mpeg"),
        "video": ("a.mp4", b"ftyp", "video/mp4"),
    }
    for kind, upload in uploads.items():
        method = f"send{kind.title()}"
        sent = await bot.ok(method, {kind: upload}, chat_id=grace.id, caption="*x*")
        shown = sent[kind][-1] if kind == "photo" else sent[kind]
        again = await bot.ok(method, chat_id=grace.id, **{kind: shown["file_id"]})
        assert again[kind] == sent[kind]


@pytest.mark.parametrize(
    ("photo", "words"),
    [
        (b"", "file must be non-empty"),
        (b"no picture", "IMAGE_PROCESS_FAILED"),
        (picture(6000, 4100), "PHOTO_INVALID_DIMENSIONS"),
        (picture(21, 1), "PHOTO_INVALID_DIMENSIONS"),
        (
            b"x" * (10 * MEGABYTE + 1),
            f"file of size 10485761 bytes is too big for a photo; {PHOTO_LIMIT}",
        ),
    ],
)
async def test_bad_photos_are_refused(
    bot: BotClient, grace: Person, photo: bytes, words: str
) -> None:
    files = {"photo": ("a.png", photo, "image/png")}
    refusal = await bot.refusal("sendPhoto", files, chat_id=grace.id)
    assert refusal == f"400 Bad Request: {words}"


async def test_an_upload_over_50_megabytes_is_refused(bot: BotClient, grace: Person) -> None:
    files = {"document": ("a.bin", b"x" * (50 * MEGABYTE + 1), "application/octet-stream")}
    refusal = await bot.refusal("sendDocument", files, chat_id=grace.id)
    assert refusal == "413 Request Entity Too Large"


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("nonsense", "wrong file identifier/HTTP URL specified"),
        ("https://example.com/a.pdf", "failed to get HTTP URL content"),
    ],
)
async def test_a_file_that_cannot_be_found_is_refused(
    bot: BotClient, grace: Person, document: str, words: str
) -> None:
    refusal = await bot.refusal("sendDocument", chat_id=grace.id, document=document)
    assert refusal == f"400 Bad Request: {words}"


async def test_a_file_cannot_be_sent_as_another_kind(
    bot: BotClient, grace: Person, phone: Phone
) -> None:
    document = phone.send_document(b"x", "a.txt", "text/plain")["document"]
    refusal = await bot.refusal("sendPhoto", chat_id=grace.id, photo=document["file_id"])
    assert refusal == "400 Bad Request: can't use file of type Document as Photo"


def album(*kinds: str) -> dict[str, Any]:
    """The fields of an album with one uploaded file for each of these kinds."""
    names = [f"file{number}" for number in range(len(kinds))]
    uploads: Files = {name: (f"{name}.png", picture(), "image/png") for name in names}
    media: list[Json] = [
        {"type": kind, "media": f"attach://{name}"} for kind, name in zip(kinds, names, strict=True)
    ]
    return {"files": uploads, "media": media}


async def test_an_album_of_two_to_ten_files_is_sent(bot: BotClient, grace: Person) -> None:
    sent = await bot.ok("sendMediaGroup", chat_id=grace.id, **album(*["photo"] * 10))
    assert len(sent) == 10
    assert len({message["media_group_id"] for message in sent}) == 1


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        (["photo"] * 11, "too many messages to send as an album"),
        (["photo", "document"], "Document can't be mixed with other media types"),
        (["photo", "audio"], "Audio can't be mixed with other media types"),
        (
            ["photo", "animation"],
            "can't parse InputMedia: type \"animation\" can't be used in sendMediaGroup",
        ),
    ],
)
async def test_bad_albums_are_refused(
    bot: BotClient, grace: Person, kinds: list[str], words: str
) -> None:
    refusal = await bot.refusal("sendMediaGroup", chat_id=grace.id, **album(*kinds))
    assert refusal.lower() == f"400 bad request: {words}".lower()


async def test_an_empty_album_and_a_missing_part_are_refused(bot: BotClient, grace: Person) -> None:
    refusal = await bot.refusal("sendMediaGroup", chat_id=grace.id, media=[])
    assert refusal == "400 Bad Request: there are no messages to send"
    media = [{"type": "photo", "media": "attach://gone"}] * 2
    refusal = await bot.refusal("sendMediaGroup", chat_id=grace.id, media=media)
    assert refusal == "400 Bad Request: can't parse InputMedia: media not found"


async def test_the_file_of_a_message_can_be_replaced(bot: BotClient, grace: Person) -> None:
    files = {"photo": ("a.png", picture(), "image/png")}
    sent = await bot.ok("sendPhoto", files, chat_id=grace.id, caption="old")
    edited = await bot.ok(
        "editMessageMedia",
        {"new": ("b.pdf", b"%PDF-", "application/pdf")},
        chat_id=str(grace.id),
        message_id=str(sent["message_id"]),
        media={"type": "document", "media": "attach://new", "caption": "new"},
    )
    assert "photo" not in edited
    assert (edited["document"]["file_name"], edited["caption"]) == ("b.pdf", "new")
