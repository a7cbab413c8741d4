from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages import Catalog

from locales import catalogue, extract
from locales.catalogue import catalogue_of, language_for, languages
from locales.pseudo import PSEUDO


@pytest.fixture
def chinese(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A folder of catalogues with English and the beginnings of Simplified Chinese."""
    monkeypatch.setattr(catalogue, "FOLDER", tmp_path)
    _forget()
    english, chinese = Catalog(locale="en"), Catalog(locale="zh_Hans")
    english.add("Today", "Today")
    english.add("Tomorrow", "Tomorrow, in English")
    chinese.add("Today", "今天")
    chinese.add("Tomorrow", "")
    chinese.add(("{count} text", "{count} texts"), ("",))
    extract.write(english, catalogue.catalogue_path("en"))
    extract.write(chinese, catalogue.catalogue_path("zh_Hans"))
    yield
    _forget()


def _forget() -> None:
    catalogue.codes.cache_clear()
    catalogue.catalogue_of.cache_clear()
    language_for.cache_clear()


def test_english_is_offered_by_its_own_name_and_the_pseudo_language_is_not() -> None:
    assert ("en", "English") in languages()
    assert PSEUDO not in dict(languages())


@pytest.mark.parametrize("code", [None, "", "en", "EN", "en-GB", "en_US", "fr", "tlh", "-", "x"])
def test_english_is_for_those_who_have_no_other_catalogue(code: str | None) -> None:
    assert language_for(code) == "en"


@pytest.mark.usefixtures("chinese")
@pytest.mark.parametrize("code", ["zh", "zh-hans", "ZH_HANS", "zh-CN", "zh-hant", "zh_Hans"])
def test_a_client_gets_the_catalogue_of_its_language(code: str) -> None:
    assert language_for(code) == "zh_Hans"


@pytest.mark.usefixtures("chinese")
def test_a_folder_is_all_that_a_language_needs() -> None:
    assert [code for code, _ in languages()] == ["en", "zh_Hans"]
    assert dict(languages())["zh_Hans"].startswith("中文")
    assert catalogue_of("zh_Hans").gettext("Today") == "今天"


@pytest.mark.usefixtures("chinese")
def test_what_a_catalogue_lacks_is_said_in_english() -> None:
    chinese = catalogue_of("zh_Hans")
    assert chinese.gettext("Tomorrow") == "Tomorrow, in English"
    assert chinese.ngettext("{count} text", "{count} texts", 2) == "{count} texts"
    assert chinese.gettext("Never translated") == "Never translated"


def test_an_unknown_language_is_english() -> None:
    assert catalogue_of("tlh").gettext("Today") == "Today"


def test_the_pseudo_language_brackets_what_the_template_has_and_nothing_else() -> None:
    pseudo = catalogue_of(PSEUDO)
    assert pseudo.gettext("Today") == "⟦Ţöđåý⟧"
    assert pseudo.gettext("Not in any catalogue") == "Not in any catalogue"
    assert pseudo.ngettext("{count} photo", "{count} photos", 2) == "⟦{count} þĥöţöš⟧"
