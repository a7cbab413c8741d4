"""Images are made anew: the picture stays, everything about it goes (SPEC 4)."""

from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image, ImageCms

from models.enums import PartKind
from services.media.images import MAX_FRAMES, MAX_MEGAPIXELS
from services.media.inspection import inspect_file
from services.media.refusals import FileRefusal, FileRefused
from tests import files

Colour = tuple[int, int, int]


def stored(content: bytes, kind: PartKind = PartKind.DOCUMENT) -> bytes:
    return inspect_file(kind, content, None).content


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


def colour_at(image: Image.Image, x: float, y: float) -> Colour:
    """The colour at a place given in fractions of the width and the height."""
    place = (int(image.width * x), int(image.height * y))
    red, green, blue = image.convert("RGB").getpixel(place)  # type: ignore[misc]  # RGB: three
    return red, green, blue


def is_near(colour: Colour, expected: Colour) -> bool:
    return all(abs(a - b) < 25 for a, b in zip(colour, expected, strict=True))


@pytest.mark.parametrize("kind", [PartKind.PHOTO, PartKind.DOCUMENT])
@pytest.mark.parametrize("make", [files.jpeg_photo, files.png, files.webp, files.heic, files.gif])
def test_no_stored_image_says_where_or_with_what_it_was_taken(
    make: Callable[[], bytes], kind: PartKind
) -> None:
    sent = make()
    assert files.METADATA_CANARY.encode() in sent

    content = stored(sent, kind)

    image = opened(content)
    assert files.METADATA_CANARY.encode() not in content
    assert not any(word in content for word in (b"Exif", b"eXIf", b"xmp", b"Photoshop", b"ICC_P"))
    assert dict(image.getexif()) == {}
    assert not {"exif", "xmp", "comment", "photoshop", "icc_profile"} & set(image.info)
    assert image.size == (64, 32)


def test_what_hides_behind_a_picture_stays_behind() -> None:
    hidden = files.zip_of({"hidden.txt": b"hidden"})

    for make in (files.jpeg_photo, files.png, files.gif):
        assert b"hidden.txt" not in stored(make() + hidden)


@pytest.mark.parametrize(
    ("orientation", "size", "red_at"),
    [
        (1, (64, 32), (0.1, 0.5)),
        (2, (64, 32), (0.9, 0.5)),
        (3, (64, 32), (0.9, 0.5)),
        (6, (32, 64), (0.5, 0.1)),
        (8, (32, 64), (0.5, 0.9)),
    ],
)
def test_a_photo_is_turned_the_right_way_up_before_its_orientation_is_lost(
    orientation: int, size: tuple[int, int], red_at: tuple[float, float]
) -> None:
    image = opened(stored(files.jpeg_photo(orientation=orientation)))

    assert image.size == size
    assert is_near(colour_at(image, *red_at), files.RED)


def test_a_heic_photo_becomes_a_jpeg_the_right_way_up() -> None:
    inspected = inspect_file(PartKind.DOCUMENT, files.heic(orientation=6), "IMG_1.heic")

    image = opened(inspected.content)
    assert (image.format, inspected.media_type) == ("JPEG", "image/jpeg")
    assert image.size == (32, 64)
    assert is_near(colour_at(image, 0.5, 0.1), files.RED)


def test_a_png_keeps_its_transparency() -> None:
    image = opened(stored(files.png(transparent=True)))

    assert image.convert("RGBA").getchannel("A").getextrema() == (0, 255)


def test_a_png_with_a_palette_keeps_its_transparent_colour() -> None:
    sent = BytesIO()
    files.picture().quantize(4).save(sent, "PNG", transparency=0)

    image = opened(stored(sent.getvalue()))

    assert image.mode == "P"
    assert image.convert("RGBA").getchannel("A").getextrema() == (0, 255)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_passes(mode: str) -> None:
    sent = BytesIO()
    Image.new(mode, (8, 8)).save(sent, "PNG")

    assert opened(stored(sent.getvalue())).mode == mode


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_every_kind_of_jpeg_passes(mode: str) -> None:
    sent = BytesIO()
    files.picture(mode=mode).save(sent, "JPEG")

    assert opened(stored(sent.getvalue())).mode == {"L": "L", "CMYK": "RGB"}[mode]


def test_a_gif_keeps_its_frames_and_their_pace() -> None:
    image = opened(stored(files.gif(frames=3)))

    assert getattr(image, "n_frames", 1) == 3
    assert image.info["duration"] == 200
    assert image.info["loop"] == 0


def swapped_colours_profile() -> bytes:
    """A profile in which red means blue and blue means red."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = profile.index(b"rXYZ"), profile.index(b"bXYZ")
    profile[red : red + 4], profile[blue : blue + 4] = b"bXYZ", b"rXYZ"
    return bytes(profile)


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_a_colour_profile_is_applied_and_then_left_out(mode: str) -> None:
    sent = BytesIO()
    files.picture(mode=mode).save(sent, "PNG", icc_profile=swapped_colours_profile())

    image = opened(stored(sent.getvalue()))

    assert is_near(colour_at(image, 0.1, 0.5), files.BLUE)
    assert is_near(colour_at(image, 0.9, 0.5), files.RED)
    assert "icc_profile" not in image.info


def test_a_transparent_colour_stays_transparent_when_a_profile_is_applied() -> None:
    sent = BytesIO()
    profile = swapped_colours_profile()
    files.picture().save(sent, "PNG", icc_profile=profile, transparency=files.RED)

    image = opened(stored(sent.getvalue())).convert("RGBA")

    assert image.getchannel("A").getextrema() == (0, 255)


def test_a_broken_colour_profile_is_left_out() -> None:
    sent = BytesIO()
    files.picture().save(sent, "PNG", icc_profile=b"no profile at all")

    assert is_near(colour_at(opened(stored(sent.getvalue())), 0.1, 0.5), files.RED)


def test_broken_exif_does_not_cost_the_picture() -> None:
    sent = files.jpeg_photo(orientation=1)
    broken = sent.replace(b"Exif\x00\x00MM", b"Exif\x00\x00XX").replace(
        b"\x00\x00II", b"\x00\x00XX"
    )
    assert broken != sent

    assert opened(stored(broken)).size == (64, 32)


def refused_as(content: bytes) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        stored(content)
    return refused.value


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [8_001, 12_000, 30_000])
def test_an_image_of_too_many_pixels_is_refused_before_it_is_decoded(side: int) -> None:
    sent = files.pixel_bomb(side)
    assert len(sent) < 1_000_000

    refused = refused_as(sent)

    assert refused.code == FileRefusal.IMAGE_TOO_LARGE
    assert refused.params == {"limit_megapixels": MAX_MEGAPIXELS}


def test_an_animation_of_too_many_pixels_is_refused() -> None:
    assert opened(files.gif_of_tiny_frames(2, (10, 10))).size == (10, 10)

    refused = refused_as(files.gif_of_tiny_frames(2, (8000, 8000)))

    assert refused.code == FileRefusal.IMAGE_TOO_LARGE


def test_an_animation_of_too_many_frames_is_refused() -> None:
    assert (
        refused_as(files.gif_of_tiny_frames(MAX_FRAMES + 1, (2, 2))).code
        == FileRefusal.IMAGE_TOO_LARGE
    )


@pytest.mark.parametrize("make", [files.jpeg_photo, files.png, files.webp, files.heic])
def test_an_image_that_was_cut_short_is_refused(make: Callable[[], bytes]) -> None:
    sent = make()

    assert refused_as(sent[: len(sent) * 3 // 4]).code == FileRefusal.UNREADABLE_IMAGE
