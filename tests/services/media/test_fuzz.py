"""Whatever bytes come in, the inspector answers with a file or a refusal, nothing else (SPEC 4)."""

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from models.enums import PartKind
from services.media.inspection import InspectedFile, inspect_file
from services.media.refusals import FileRefused
from services.media.types import ALLOWED, Family, known_extensions
from tests import files

SAMPLES: list[Callable[[], bytes]] = [
    *(files.jpeg_photo, files.png, files.webp, files.heic, files.gif, files.pdf),
    *(files.docx, files.xlsx, files.open_document, files.ogg_voice, files.mp3, files.m4a),
    *(files.aac, files.wav, files.executable, files.outlook_message),
    lambda: files.legacy_office("WordDocument", "1Table"),
    lambda: files.nested_documents(1),
]
MADE = [make() for make in SAMPLES]
NAMES = st.one_of(
    st.none(),
    st.text(max_size=40),
    st.sampled_from(sorted(known_extensions())).map(lambda extension: f"a.{extension}"),
)
KINDS = st.sampled_from([PartKind.DOCUMENT, PartKind.PHOTO, PartKind.VOICE, PartKind.AUDIO])
FAMILIES_BY_MEDIA_TYPE = {allowed.media_type: allowed.family for allowed in ALLOWED}


def check_verdict(kind: PartKind, content: bytes, name: str | None) -> None:
    """Whatever comes in, the answer is a refusal or a file that keeps its promises."""
    try:
        inspected = inspect_file(kind, content, name)
    except FileRefused:
        return
    assert isinstance(inspected, InspectedFile)
    family = FAMILIES_BY_MEDIA_TYPE[inspected.media_type]
    assert inspected.content == content or family is Family.IMAGE
    assert files.METADATA_CANARY.encode() not in inspected.content or family is not Family.IMAGE
    assert "/" not in inspected.file_name


@settings(max_examples=300, deadline=None)
@given(KINDS, st.binary(max_size=400), NAMES)
def test_any_bytes_are_let_in_or_refused(kind: PartKind, content: bytes, name: str | None) -> None:
    check_verdict(kind, content, name)


@settings(max_examples=300, deadline=None)
@given(KINDS, st.sampled_from(MADE), st.binary(max_size=200), NAMES)
def test_any_signature_before_any_bytes_is_let_in_or_refused(
    kind: PartKind, sample: bytes, rest: bytes, name: str | None
) -> None:
    for head in (4, 12, 64):
        check_verdict(kind, sample[:head] + rest, name)


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_any_damage_to_a_real_file_is_let_in_or_refused(data: st.DataObject) -> None:
    damaged = bytearray(data.draw(st.sampled_from(MADE)))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        del damaged[data.draw(st.integers(0, len(damaged) - 1)) :]
    check_verdict(data.draw(KINDS), bytes(damaged), data.draw(NAMES))
