"""The files under `deploy/` name settings, verbs and files that are there (SPEC 11)."""

import configparser
import re
import tomllib
from pathlib import Path

import pytest

from jobs.cut_off import SECONDS
from locales.command_line import parsed
from services.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
SETTINGS = {name.upper() for name in Settings.model_fields}
NOT_OURS = {
    *("PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"),
    *("POSTGRES_DB", "POSTGRES_PASSWORD", "POSTGRES_USER"),
}


def read(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("tutorline.service", r"^Environment=([A-Z_]+)="),
        ("Dockerfile", r"^(?:ENV)? +([A-Z_]+)="),
        ("compose.yaml", r"^ +([A-Z_]+): "),
    ],
)
def test_every_setting_that_is_set_exists(name: str, pattern: str) -> None:
    named = set(re.findall(pattern, read(name), re.MULTILINE))
    assert named & SETTINGS >= {"DATABASE_URL", "MEDIA_DIR"}
    assert named <= SETTINGS | NOT_OURS


def test_the_unit_runs_the_program_and_waits_until_it_has_stopped() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(read("tutorline.service"))
    command = unit["Service"]["ExecStart"].split()
    assert (ROOT / command[1]).exists()
    assert parsed(command[2:]).verb == "run"
    assert int(unit["Service"]["TimeoutStopSec"]) > SECONDS
    assert unit["Service"]["RestartPreventExitStatus"] == "2"


def test_the_image_has_the_python_and_the_locked_packages_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    version = re.findall(r"^FROM python:([\d.]+)-", read("Dockerfile"), re.MULTILINE)
    assert project["requires-python"].startswith(f">={version[0]},")
    assert "--require-hashes" in read("Dockerfile")
    ignored = read("Dockerfile.dockerignore").splitlines()
    assert {".env", "var"} <= set(ignored)  # secrets and data stay out of it


def test_the_composition_builds_from_files_that_are_there() -> None:
    compose = read("compose.yaml")
    context = DEPLOY / re.findall(r"context: (\S+)", compose)[0]
    dockerfile = re.findall(r"dockerfile: (\S+)", compose)[0]
    assert context.resolve() == ROOT
    assert (ROOT / dockerfile).exists()
    assert int(re.findall(r"stop_grace_period: (\d+)s", compose)[0]) > SECONDS
    assert "image: postgres:" in compose
