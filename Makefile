# Needs Python 3.11 and make, and nothing else beforehand. Everything is installed into .venv/.

PYTHON ?= $(shell command -v python3.11 || command -v python3 || echo python3.11)
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check \
	--require-hashes --only-binary :all: --no-deps
WORKERS ?= 4
APT := env DEBIAN_FRONTEND=noninteractive apt-get

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev browser run test all-tests soak soak-takeovers check evaluate benchmarks format messages lock clean

help:  ## List the commands
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

setup: .venv/.installed  ## Make .venv with what the program needs

setup-dev: .venv/.installed-dev

run: setup  ## Start the bot; with no token, the sandbox
	$(BIN)/python bot.py

test: setup-dev browser  ## Check and test everything, on both databases and in a browser
	@$(MAKE) --no-print-directory --jobs=2 check all-tests  # at once: one process does most of a check

# The processes share what they compile of the tests: it has to be written down.
all-tests: setup-dev
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal --max-worker-restart 2

POINTS ?= 10000
UPDATES ?= 100000
KILLS ?= 200
soak: setup-dev  ## Race, explore, fail, kill and storm at full size: hours; POINTS=100 UPDATES=2000 KILLS=10 is less
	SOAK=10 $(BIN)/python -m pytest -n $(WORKERS) -o faulthandler_timeout=0 tests/services/reschedules/test_races_of_requests.py
	SOAK=10 $(BIN)/python -m pytest -s -o faulthandler_timeout=0 tests/model
	SOAK_SEEDS=1000 $(BIN)/python -m pytest -n $(WORKERS) -o faulthandler_timeout=0 tests/services/billing/test_two_months.py
	SOAK=10 $(BIN)/python -m pytest -rP -n $(WORKERS) -o faulthandler_timeout=0 tests/faults
	SOAK=10 $(BIN)/python -m pytest -n $(WORKERS) -o faulthandler_timeout=0 tests/web/test_hostile.py
	SOAK_POINTS=$(POINTS) $(BIN)/python -m pytest -rP -n $(WORKERS) -o faulthandler_timeout=0 tests/soak/test_kills.py
	SOAK_UPDATES=$(UPDATES) SOAK_KILLS=$(KILLS) $(BIN)/python -m pytest -rP -n $(WORKERS) -o faulthandler_timeout=0 tests/soak/test_storms.py

soak-takeovers: setup-dev  ## Kill and freeze the active one of two processes a hundred times: some twenty minutes
	TAKEOVERS=100 $(BIN)/python -m pytest -s -n 0 -o faulthandler_timeout=0 tests/jobs/test_takeover.py

check: setup-dev  ## Lint and type-check, without the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict
	$(BIN)/lint-imports

evaluate: setup-dev  ## Measure the configured model's summaries; with none, the offline extractor's
	$(BIN)/python -m tests.evaluation.run

BENCHMARKS ?=
benchmarks: setup-dev  ## Measure what things cost; BENCHMARKS="--quick updates" measures less
	$(BIN)/python -m benchmarks $(BENCHMARKS)

format: setup-dev  ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

messages: setup  ## Bring the catalogues up to date with the messages of the code
	$(BIN)/python -m locales.extract

LOCK := $(BIN)/uv pip compile --quiet --python-version 3.11 --universal --generate-hashes \
	--no-emit-index-url --no-header --upgrade
lock: setup-dev  ## Renew the locked requirements from pyproject.toml
	$(LOCK) pyproject.toml --output-file requirements.txt
	$(LOCK) pyproject.toml --group dev --constraints requirements.txt --output-file requirements-dev.txt

clean:  ## Remove .venv and the tools' caches; keep the data of the program
	rm -rf .venv .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp file that is newer than its lock file: nothing has to be installed again.
.venv/.installed: requirements.txt | .venv/bin/pip
	$(INSTALL) -r requirements.txt
	@touch $@

.venv/.installed-dev: requirements-dev.txt .venv/.installed
	$(INSTALL) -r requirements-dev.txt
	@touch $@

.venv/bin/pip:
	@command -v $(PYTHON) >/dev/null || { \
		echo "Python 3.11 is needed, and there is no $(PYTHON) here. If it has another name: make PYTHON=/path/to/python3.11" >&2; \
		exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { \
		echo "Python 3.11 is needed, and $(PYTHON) is another version." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { \
		echo "Python's venv module is missing; on Debian: apt-get install python3.11-venv" >&2; exit 1; }
	$(PYTHON) -m venv .venv

# Without Chromium its tests are skipped, with the reason (in CI they fail). Its headless shell is the
# same without the windows around it, and takes a third less; whichever there is will do.
BROWSERS := chromium-headless-shell chromium chromium-browser google-chrome
browser: .venv/.browser

.venv/.browser: | .venv/bin/pip
	@if command -v chromium-headless-shell >/dev/null; then exit 0; fi; \
	command -v apt-get >/dev/null || { echo "No headless shell of Chromium, and no apt-get."; exit 0; }; \
	if [ "$$(id -u)" = 0 ]; then AS=; elif sudo -n true 2>/dev/null; then AS="sudo -n"; \
	else echo "No headless shell of Chromium, and no right to install it."; exit 0; fi; \
	echo "Installing Chromium's headless shell for the browser tests"; \
	INSTALL="$$AS $(APT) install -y -qq --no-install-recommends --no-remove"; \
	$$AS $(APT) update -qq -o Acquire::Retries=0 -o Acquire::http::Timeout=15 \
	&& { $$INSTALL chromium-headless-shell || $$INSTALL chromium; } >/dev/null \
	|| echo "It could not be installed."
	@for name in $(BROWSERS); do if command -v $$name >/dev/null; then exit 0; fi; done; \
	echo "No Chromium: browser tests are skipped."
	@touch $@
