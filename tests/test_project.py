"""The project as a whole: what a fresh clone must have, and must not."""

import ast
import re
import shutil
import stat
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.settings import Settings

ROOT = Path(__file__).parent.parent

PACKAGES = {
    *("chat", "conversations", "handlers", "jobs", "locales"),
    *("models", "sandbox", "services", "web"),
}
FOLDERS = PACKAGES | {".ci", "benchmarks", "deploy", "docs", "migrations", "tests"}
FILES = {
    *(".env.example", ".gitignore", "Makefile", "README.md", "alembic.ini", "bot.py"),
    *("pyproject.toml", "requirements.txt", "requirements-dev.txt"),
}
TEXT = {
    ".cfg",
    ".css",
    ".html",
    ".ini",
    ".js",
    ".json",
    ".md",
    ".mako",
    ".po",
    ".pot",
    ".py",
    ".toml",
    ".txt",
}
LOCKS = ["requirements.txt", "requirements-dev.txt"]

RULES_MAY_IMPORT = {
    "models.enums",
    "models.matters",
    "whenever",  # the times that clocks skip and repeat
    *(
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in (ROOT / "services/rules").rglob("*.py")
    ),
}

SESSION_METHODS = {
    *("add", "add_all", "commit", "connection", "delete", "exec", "execute", "flush", "get"),
    *("merge", "query", "refresh", "scalar", "scalars"),
}

FOREIGN = re.compile(
    r"(?<![\w.<])/(?:work|home|root|opt|Users)/\w"  # a path of somebody's machine
    r"|(?:files\.)?python" + r"hosted\.org|py" + r"pi\.org|registry\.npm" + r"js\.org"
    r"|--(?:extra-)?index" + r"-url|--find" + r"-links"
)


def project_files() -> list[Path]:
    """What is in the repository; in an unpacked copy without one, what isn't made by tools."""
    if shutil.which("git") and (ROOT / ".git").exists():
        command = ["git", "-C", str(ROOT), "ls-files", "-z"]
        names = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        paths = [ROOT / name for name in names.split("\0") if name]
        return [path for path in paths if path.exists()]
    return [path for top in ROOT.iterdir() if top.name in FOLDERS | FILES for path in files_of(top)]


def files_of(top: Path) -> Iterator[Path]:
    if top.is_file():
        yield top
    else:
        yield from (p for p in top.rglob("*") if p.is_file() and "__pycache__" not in p.parts)


def makefile_targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_requirement_is_pinned_and_hashed(name: str) -> None:
    text = re.sub(r"\\\n", " ", (ROOT / name).read_text())
    requirements = [
        line for line in text.splitlines() if line and not line.lstrip().startswith("#")
    ]
    assert requirements
    for requirement in requirements:
        assert re.match(r"[\w.\-]+(\[[\w,\-]+\])?==\S+ .*--hash=sha256:[0-9a-f]{64}", requirement)


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_place_that_packages_come_from(name: str) -> None:
    lines = (ROOT / name).read_text().splitlines()
    assert not [line for line in lines if "://" in line or line.startswith("-")]


def test_every_declared_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    for lock, declared in (
        ("requirements.txt", project["project"]["dependencies"]),
        ("requirements-dev.txt", project["dependency-groups"]["dev"]),
    ):
        locked = set(re.findall(r"^([\w.\-]+)", (ROOT / lock).read_text(), re.MULTILINE))
        assert {re.split(r"[\[~=<>]", line)[0] for line in declared} <= locked


def test_both_locks_agree_on_every_version() -> None:
    pins = [
        dict(re.findall(r"^([\w.\-]+)\S*?==(\S+)", (ROOT / n).read_text(), re.MULTILINE))
        for n in LOCKS
    ]
    running, testing = pins
    assert running.items() <= testing.items()


def test_continuous_integration_runs_what_the_readme_tells_everybody_to_run() -> None:
    script = ROOT / ".ci/run"
    assert script.stat().st_mode & stat.S_IXUSR
    assert "make test" in script.read_text().splitlines()
    assert "make test" in (ROOT / "README.md").read_text()


def test_every_command_in_the_readme_exists() -> None:
    readme = (ROOT / "README.md").read_text()
    assert set(re.findall(r"(?:`| {4})make ([a-z-]+)", readme)) <= makefile_targets()


def test_every_setting_that_is_documented_exists() -> None:
    existing = {name.upper() for name in Settings.model_fields}
    table = re.findall(r"^\| (`[A-Z].*?) \|", (ROOT / "README.md").read_text(), re.MULTILINE)
    in_readme = set(re.findall(r"[A-Z][A-Z0-9_]+", " ".join(table)))
    in_example = set(
        re.findall(r"^#?([A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    )
    assert in_readme
    assert in_example
    assert in_readme | in_example <= existing


def test_nothing_stands_at_the_top_that_was_not_thought_about() -> None:
    top = {path.relative_to(ROOT).parts[0] for path in project_files()}
    assert top <= FOLDERS | FILES


def test_no_file_names_a_machine_or_a_package_index() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in project_files()
        if path.suffix in TEXT or path.name in {"Makefile", "run"}
        if (match := FOREIGN.search(path.read_text()))
    ]
    assert found == []


def test_no_file_of_the_program_is_too_long_to_read() -> None:
    long = {
        path.relative_to(ROOT).as_posix(): lines
        for path in project_files()
        if path.suffix == ".py"
        and path.relative_to(ROOT).parts[0] not in {"tests", "benchmarks"}
        and (lines := len(path.read_text(encoding="utf-8").splitlines()))
        > (300 if path.name == "bot.py" else 350)
    }
    assert long == {}


def test_every_package_is_held_to_the_order_of_imports() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "benchmarks"}
    assert packages <= set(project["tool"]["importlinter"]["root_packages"])


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_rules_import_the_standard_library_and_the_names_of_things_only() -> None:
    files = list((ROOT / "services/rules").rglob("*.py"))
    assert files
    strangers = {
        f"{path.name}: {name}"
        for path in files
        for name in imports(path)
        if name.split(".")[0] not in sys.stdlib_module_names and name not in RULES_MAY_IMPORT
    }
    assert strangers == set()


def test_above_services_nobody_reads_or_writes_rows() -> None:
    """What goes to the database is a function of services; a session is only passed on to it."""
    above = ("chat", "conversations", "handlers", "jobs", "locales", "web")
    found = [
        f"{path.relative_to(ROOT)}: {ast.unparse(node)}"
        for package in above
        for path in (ROOT / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in SESSION_METHODS
        if ends_in_session(node.value)
    ]
    assert found == []


def ends_in_session(value: ast.expr) -> bool:
    """Whether an expression is a session of the database: `session`, or `context.session`."""
    name = value.id if isinstance(value, ast.Name) else getattr(value, "attr", "")
    return name == "session"
