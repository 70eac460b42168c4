# make run: everything, then the hub on http://localhost:$(PORT).  make test: the whole test suite.
PORT ?= 8501
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed

.PHONY: run test lint bench docs browser screenshots

run: $(INSTALLED)
	$(BIN)/hub demo
	$(BIN)/hub serve --port $(PORT)

test: $(INSTALLED) browser
	$(BIN)/python -m pytest $(ARGS)

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/cog --check -r docs/commands.md

# SPEECH=folder with a manifest.jsonl of clips and reference texts; HOURS="1 3" of them joined; RETRIEVAL=folder of sets
bench: $(INSTALLED)
	$(BIN)/python -m tests.bench $(SPEECH)
	$(BIN)/python -m tests.bench_long $(SPEECH) $(HOURS)
	$(BIN)/python -m tests.bench_terms
	$(BIN)/python -m tests.bench_outline
	$(BIN)/python -m tests.bench_voices $(SPEECH)
	$(BIN)/python -m tests.bench_summary
	$(BIN)/python -m tests.bench_search
	$(BIN)/python -m tests.bench_survey
	-$(BIN)/hub evaluate tests/questions/reporting.jsonl
	$(if $(RETRIEVAL),$(BIN)/python -m tests.bench_retrieval $(RETRIEVAL) index/training/*.jsonl)

# FOLDER=where they go, VIEWS="accueil theme" for some of them only
FOLDER ?= var/screenshots
screenshots: $(INSTALLED) browser
	$(BIN)/python -m tests.screenshots $(FOLDER) $(VIEWS)

docs: $(INSTALLED)
	$(BIN)/cog -r docs/commands.md

# One on the machine, else playwright's own, else Debian's package.
browser: $(INSTALLED)
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
	|| ls $(HOME)/.cache/ms-playwright/chromium-* >/dev/null 2>&1 \
	|| $(BIN)/playwright install chromium >/dev/null 2>&1 \
	|| { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq chromium >/dev/null; } \
	|| echo "No Chromium could be found or installed: the tests in tests/browser are left out."

$(INSTALLED): pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check torch==2.13.0
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $@
