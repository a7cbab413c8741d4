"""The page in a real browser: photos, albums, files, voice, places, stickers."""

from __future__ import annotations

import io
import wave

import pytest
from PIL import Image
from playwright.async_api import FilePayload, Locator, expect

from tests.browser import SHARED
from tests.sandbox.page.opened_page import MEI, Open, Opened

pytestmark = [pytest.mark.browser, SHARED]


def picture(colour: str) -> FilePayload:
    held = io.BytesIO()
    Image.new("RGB", (320, 240), colour).save(held, "PNG")
    return {"name": f"{colour}.png", "mimeType": "image/png", "buffer": held.getvalue()}


def tone(seconds: int) -> FilePayload:
    held = io.BytesIO()
    with wave.open(held, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"\x00\x20\x00\xe0" * 4000 * seconds)
    return {"name": "tone.wav", "mimeType": "audio/wav", "buffer": held.getvalue()}


async def attach(view: Opened, entry: str, files: list[FilePayload]) -> None:
    await view.chat(MEI).get_by_role("button", name="Attach").click()
    async with view.page.expect_file_chooser() as chooser:
        await view.page.get_by_role("menuitem", name=entry, exact=True).click()
    await (await chooser.value).set_files(files)


async def loaded(image: Locator) -> bool:
    shown: bool = await image.evaluate(
        "async image => { await image.decode(); return image.naturalWidth > 0 }"
    )
    return shown


async def test_ten_photos_are_one_album_and_open_again(open_page: Open) -> None:
    view = await open_page()
    colours = ("red", "navy", "teal", "gold", "pink", "lime", "gray", "plum", "tan", "aqua")

    await attach(view, "Photo or video", [picture(colour) for colour in colours])
    await view.page.get_by_label("Caption").fill("Homework")
    await view.page.get_by_label("Caption").press("Enter")

    parts = [update["message"] for update in await view.hears(10)]
    assert len({part["media_group_id"] for part in parts}) == 1
    assert parts[0]["caption"] == "Homework"
    album = view.chat(MEI).get_by_role("group", name="Album of 10")
    await expect(album.get_by_role("button")).to_have_count(10)
    await album.get_by_role("button").nth(1).click()
    box = view.page.get_by_role("dialog", name="Photo")
    assert await loaded(box.locator("img"))
    await view.page.keyboard.press("ArrowRight")
    await expect(box).to_contain_text("3 of 10")
    await view.page.keyboard.press("Escape")
    await expect(box).to_be_hidden()


async def test_a_pasted_picture_is_offered_before_it_is_sent(open_page: Open) -> None:
    view = await open_page()

    await view.composer(MEI).evaluate(
        """field => {
            const carried = new DataTransfer();
            const base64 = document.createElement("canvas").toDataURL().split(",")[1];
            const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
            carried.items.add(new File([bytes], "shot.png", { type: "image/png" }));
            const paste = { clipboardData: carried, bubbles: true, cancelable: true };
            field.dispatchEvent(new ClipboardEvent("paste", paste));
        }"""
    )
    await (
        view.page.get_by_role("dialog", name="Send this?")
        .get_by_role("button", name="Send")
        .click()
    )

    assert "photo" in (await view.hears())[0]["message"]


async def test_a_file_keeps_its_name_and_opens_again(open_page: Open) -> None:
    view = await open_page()
    content = b"%PDF-1.4 a worksheet"

    await attach(
        view, "File", [{"name": "Fractions.pdf", "mimeType": "application/pdf", "buffer": content}]
    )
    await view.page.get_by_label("Caption").press("Enter")

    assert (await view.hears())[0]["message"]["document"]["file_name"] == "Fractions.pdf"
    link = view.chat(MEI).get_by_role("link", name="Open Fractions.pdf")
    await expect(link).to_contain_text("20 B")
    assert (await view.client.get(str(await link.get_attribute("href")))).content == content


async def test_a_voice_message_from_a_file_has_its_duration_and_plays(open_page: Open) -> None:
    view = await open_page()

    await attach(view, "Voice from a file", [tone(seconds=1)])

    assert (await view.hears())[0]["message"]["voice"]["duration"] == 1
    sound = view.chat(MEI).locator(".sound")
    await expect(sound.locator(".sound-time")).to_have_text("0:01")
    await sound.get_by_role("button", name="Play").click()
    await expect(sound.get_by_role("button", name="Pause")).to_be_visible()
    await expect(sound.get_by_role("button", name="Play")).to_be_visible()


async def test_a_voice_message_is_recorded_with_the_microphone(open_page: Open) -> None:
    view = await open_page()

    await view.chat(MEI).get_by_role("button", name="Record a voice message").click()
    recording = view.chat(MEI).get_by_role("group", name="Recording")
    await expect(recording).to_contain_text("0:01")
    await recording.get_by_role("button", name="Send").click()

    voice = (await view.hears())[0]["message"]["voice"]
    assert voice["duration"] >= 1
    assert voice["file_size"] > 0
    await expect(view.composer(MEI)).to_be_visible()


async def test_a_place_and_a_sticker_are_sent(open_page: Open) -> None:
    view = await open_page()
    attach_button = view.chat(MEI).get_by_role("button", name="Attach")

    await attach_button.click()
    await view.page.get_by_role("menuitem", name="Location").click()
    await view.page.get_by_label("Latitude").fill("1.30")
    await view.page.get_by_role("button", name="Send this place").click()
    await view.hears()
    await attach_button.click()
    await view.page.get_by_role("menuitem", name="Sticker").click()
    await view.page.get_by_role("button", name="Star", exact=True).click()

    place, sticker = [update["message"] for update in await view.hears(2)]
    assert place["location"]["latitude"] == 1.3
    assert sticker["sticker"]["width"] == 512
    assert await loaded(view.chat(MEI).locator("img.sticker"))
