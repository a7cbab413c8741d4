"""What the command line makes of the settings of a model (SPEC 4, 11)."""

import asyncio
import os
import sys
from argparse import Namespace
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

import bot
from services import schema
from services.adapters import diagnostics, factory
from services.adapters.offline_extractor import OfflineExtractor
from services.settings import ROOT, Settings
from tests.openai_server import KEY, MODEL, ScriptedModel, running
from tests.raw_server import against, hang

NAMED = "OPENAI_API_KEY, OPENAI_BASE_URL or OPENAI_MODEL: "
Check = Callable[..., Awaitable[tuple[int, str]]]


Said = pytest.CaptureFixture[str]


@pytest.fixture
async def checked(tmp_path: Path, capsys: Said) -> Check:
    """Run `check` with these settings: its exit status, and what it says of the model."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'agency.sqlite'}"
    await schema.upgrade(url)

    async def check(**settings: str) -> tuple[int, str]:
        values: dict[str, Any] = {"openai_api_key": None, "openai_base_url": None} | settings
        chosen = Settings(_env_file=None, database_url=url, media_dir=tmp_path / "media", **values)
        status = await bot._do(Namespace(verb="check"), chosen)
        said, complained = capsys.readouterr()
        assert KEY not in said + complained
        [line] = [line for line in said.splitlines() if line.startswith("model: ")]
        return status, line.removeprefix("model: ")

    return check


@pytest.mark.parametrize("name", [MODEL, "alias"])
async def test_check_tells_that_the_model_is_fine(checked: Check, name: str) -> None:
    async with running(ScriptedModel()) as server:
        told = await checked(openai_api_key=KEY, openai_base_url=server.base_url, openai_model=name)
    assert told == (0, "fine")


async def test_check_believes_a_server_that_does_not_list_its_models(checked: Check) -> None:
    async with running(ScriptedModel(lists_models=False)) as server:
        told = await checked(openai_api_key=KEY, openai_base_url=server.base_url)
        assert server.paths == ["/v1/models"]
    assert told == (0, "fine")


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"openai_api_key": "sk-wrong"}, "401 invalid_api_key"),
        ({}, "401 invalid_api_key"),
        ({"openai_api_key": KEY, "openai_model": "gpt-mistyped"}, "404 model_not_found"),
    ],
)
async def test_check_tells_what_is_wrong_with_the_model(
    checked: Check, settings: dict[str, str], reason: str
) -> None:
    async with running(ScriptedModel()) as server:
        told = await checked(openai_base_url=server.base_url, **settings)
    assert told == (1, f"{NAMED}{reason}")


async def test_check_tells_that_nobody_is_at_the_address(checked: Check) -> None:
    async with against(hang) as server:
        pass
    assert await checked(openai_base_url=f"{server}/v1") == (1, f"{NAMED}connection")


async def test_check_does_not_wait_for_a_model_that_hangs(
    checked: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(diagnostics, "CHECK_SECONDS", 0.5)
    async with against(hang) as server:
        told = await checked(openai_base_url=f"{server}/v1")
    assert told == (1, f"{NAMED}timeout")


async def test_a_start_does_not_import_what_only_a_model_needs() -> None:
    script = (
        "import sys, bot; from services.adapters import factory;"
        "from services.settings import load_settings;"
        "settings = load_settings(None);"
        "assert factory.summariser(settings) and factory.transcriber(settings);"
        "print(sorted({'openai', 'httpx2', 'boto3'} & set(sys.modules)))"
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", script),
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "OPENAI_API_KEY": KEY},
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await process.communicate()
    assert said.decode() == "[]\n"


def test_without_a_key_and_an_address_no_model_is_asked() -> None:
    settings = Settings(_env_file=None, openai_api_key=None, openai_base_url=None)
    assert isinstance(factory.summariser(settings), OfflineExtractor)
    assert factory.transcriber(settings) is None
