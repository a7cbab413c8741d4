"""Hostile names are made harmless, honest ones are left alone (SPEC 4)."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.media.names import MAX_NAME_BYTES, check_key, media_key, safe_file_name


@pytest.mark.parametrize(
    "name",
    [
        "Fractions, exercise 4 (final).pdf",
        "分数练习.docx",
        "பின்னங்கள்.pdf",
        "Latihan pecahan – jawapan.xlsx",
        "a.b.c.txt",
        "notes",
    ],
)
def test_an_honest_name_is_left_alone(name: str) -> None:
    assert safe_file_name(name) == name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system32\\a.pdf", "a.pdf"),
        ("C:\\homework.pdf", "homework.pdf"),
        ("/absolute/homework.pdf", "homework.pdf"),
        ("photo_\u202egpj.exe", "photo_gpj.exe"),
        ("a\u2066b\u200bc\ufeff.pdf", "abc.pdf"),
        ("a\x00b\x1b[31mc.pdf", "ab[31mc.pdf"),
        ("two\r\nlines:.pdf", "two lines_.pdf"),
        ('<a href="x">?*|.pdf', "_a href=_x_____.pdf"),
        ("  .hidden.pdf. . ", "hidden.pdf"),
        ("CON", "_CON"),
        ("con.txt", "_con.txt"),
        ("Lpt1.tar.gz", "_Lpt1.tar.gz"),
        ("console.txt", "console.txt"),
        ("", "file"),
        ("...", "file"),
        ("folder/", "file"),
        ("???", "file"),
        ("\u202e\u200d", "file"),
        ("\ud800.pdf", "pdf"),
    ],
)
def test_a_hostile_name_is_made_safe(name: str, safe: str) -> None:
    assert safe_file_name(name) == safe


def test_a_long_name_is_cut_before_its_extension() -> None:
    safe = safe_file_name("分" * 300 + ".docx")

    assert safe.endswith("分.docx")
    assert len(safe.encode()) <= MAX_NAME_BYTES


@given(st.text())
@example("nul" + "." * 300)
@example("a" * 179 + " .pdf" + "b" * 50)
def test_whatever_comes_in_the_name_is_safe_and_stays_as_it_is(name: str) -> None:
    safe = safe_file_name(name)

    assert safe
    assert len(safe.encode()) <= MAX_NAME_BYTES
    assert not set(safe) & set('/\\<>:"|?*\r\n')
    assert not safe.startswith(".")
    assert not safe.endswith((".", " "))
    assert {unicodedata.category(each) for each in safe if each not in "\u200c\u200d"}.isdisjoint(
        {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    )
    assert safe_file_name(safe) == safe


def test_a_key_is_made_of_the_contents_hash() -> None:
    assert media_key("ab" * 32, "jpg") == f"notes/ab/{'ab' * 32}.jpg"


@pytest.mark.parametrize(
    "key",
    [
        "",
        "a.jpg",
        "/notes/a.jpg",
        "notes/../a.jpg",
        "notes/./a.jpg",
        "notes//a.jpg",
        "notes/a",
        "notes/a.jpg/b.jpg",
        "notes/a.jpg\n",
        "notes/.a.jpg",
        "notes\\a.jpg",
        "Notes/a.jpg",
        "notes/a\x00.jpg",
        "notes/" + "a" * 200 + ".jpg",
    ],
)
def test_a_key_that_could_climb_out_is_no_key(key: str) -> None:
    with pytest.raises(ValueError, match="not a key"):
        check_key(key)
