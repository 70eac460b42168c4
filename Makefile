# make run: everything, then the hub on http://localhost:$(PORT).  make test: the whole test suite.
PORT ?= 8501
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed

.PHONY: run test lint bench docs browser screenshots guide lock audit sbom load scale

run: $(INSTALLED)
	$(BIN)/hub demo
	$(BIN)/hub serve --port $(PORT)

test: $(INSTALLED) browser
	OMP_WAIT_POLICY=PASSIVE $(BIN)/python -m pytest -n 3 --dist loadfile $(ARGS)

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/cog --check docs/commands.md docs/developers.md docs/scale.md

# SPEECH=folder with a manifest.jsonl of clips and reference texts; HOURS="1 3" of them joined; RETRIEVAL=folder of sets;
# KILLS=20 of a worker; PASSAGES="20000 1000000": a library as it grows, with a Chroma server. Each measure prints its own tables; the last one is all figures beside their goals.
SPEECH ?= ../shared/speech
HOURS ?= 1 3
KILLS ?= 20
PASSAGES ?= 20000
# To be measured beside the hub, in a folder of its own: it must not choose the hub's packages. Without it, its rows are left out.
OPENAI := var/openai-whisper
$(OPENAI): | $(INSTALLED)
	-$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --target $@ openai-whisper==20250625 \
	numba==0.68.1 llvmlite==0.50.0 tiktoken==0.14.0 more-itertools==11.2.1

# A measure that fails is told of at the end, after the table, and the others are made.
bench: $(INSTALLED) $(OPENAI)
	@began=$$(date "+%Y-%m-%d %H:%M"); failed=; \
	measure() { echo "$$*"; "$$@" || failed="$$failed; $$*"; }; \
	measure $(BIN)/python -m tests.bench $(SPEECH); \
	measure env PYTHONPATH=$(OPENAI) $(BIN)/python -m tests.bench_long $(SPEECH) $(HOURS); \
	measure $(BIN)/python -m tests.bench_align $(SPEECH); \
	measure $(BIN)/python -m tests.bench_terms $(SPEECH); \
	measure $(BIN)/python -m tests.bench_outline; \
	measure $(BIN)/python -m tests.bench_voices $(SPEECH); \
	measure $(BIN)/python -m tests.bench_summary; \
	measure env KILLS=$(KILLS) $(BIN)/python -m pytest -q tests/app/test_kills.py; \
	measure $(BIN)/python -m tests.bench_search; \
	measure $(BIN)/python -m tests.bench_scale $(PASSAGES); \
	measure $(BIN)/python -m tests.bench_survey; \
	measure $(BIN)/python -m tests.bench_mixed; \
	measure $(BIN)/python -m tests.documents var/documents; \
	measure $(BIN)/python -m tests.public_documents var/documents; \
	measure $(BIN)/python -m tests.bench_documents var/documents; \
	measure $(BIN)/hub evaluate tests/questions/reporting.jsonl; \
	measure $(BIN)/python -m tests.bench_pages; \
	$(if $(RETRIEVAL),measure $(BIN)/python -m tests.bench_retrieval $(RETRIEVAL) index/training/*.jsonl;) \
	$(BIN)/python -m tests.yardstick "$$began"; \
	test -z "$$failed" || { echo "Failed$$failed"; exit 1; }

# FOLDER=where they go, VIEWS="accueil theme" for some of them only
FOLDER ?= var/screenshots
screenshots: $(INSTALLED) browser
	$(BIN)/python -m tests.screenshots $(FOLDER) $(VIEWS)

# The pictures of the staff's guide
guide: $(INSTALLED) browser
	$(BIN)/python -m tests.guide_pictures

docs: $(INSTALLED)
	$(BIN)/cog -r docs/commands.md docs/developers.md docs/scale.md

# Tools that look at the hub from outside have an environment of their own.
TOOLS := .venv-tools/bin
$(TOOLS):
	$(PYTHON) -m venv .venv-tools
	$(TOOLS)/python -m pip install --quiet --disable-pip-version-check uv pip-audit cyclonedx-bom

# requirements.lock: every dependency with its hashes, for every platform; build.lock: what builds our own wheel in the image;
# deno.lock: what reads YouTube's players there, where it is wanted.
lock: $(TOOLS)
	$(TOOLS)/uv pip compile --quiet --generate-hashes --universal --no-emit-index-url --no-header --python-version 3.11 --extra s3 pyproject.toml -o requirements.lock
	echo 'hatchling>=1.27,<2' | $(TOOLS)/uv pip compile --quiet --generate-hashes --universal --no-emit-index-url --no-header --python-version 3.11 - -o build.lock
	echo 'deno>=2.9,<3' | $(TOOLS)/uv pip compile --quiet --generate-hashes --universal --no-emit-index-url --no-header --python-version 3.11 - -o deno.lock

# --strict: a package that no advisory service knows is a failure, not a silence.
audit: $(TOOLS)
	$(TOOLS)/pip-audit --strict --require-hashes --disable-pip -r requirements.lock

# sbom.json, CycloneDX: what the hub is made of.
sbom: $(TOOLS)
	$(TOOLS)/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --output-file sbom.json

# SECONDS=300 of readers, askers and open pages while a recording is transcribed; URL= of a hub that runs already
load: $(INSTALLED)
	$(BIN)/python -m tests.bench_load $(SECONDS) $(if $(URL),--url $(URL))

# And 1,000 masterclasses as a site of files.
scale: $(INSTALLED)
	$(BIN)/python -m tests.bench_scale $(PASSAGES)
	$(BIN)/python -m tests.bench_export

# One on the machine, else playwright's own, else Debian's package.
browser: $(INSTALLED)
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
	|| ls $(HOME)/.cache/ms-playwright/chromium-* >/dev/null 2>&1 \
	|| $(BIN)/playwright install chromium >/dev/null 2>&1 \
	|| { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq chromium >/dev/null; } \
	|| echo "No Chromium could be found or installed: the tests in tests/browser are left out."

# What the hub runs on comes as it was locked, with its hashes; PyTorch in the build that the index has, and what tests need, by
# their versions.
$(INSTALLED): pyproject.toml requirements.lock
	$(PYTHON) -m venv .venv
	awk '/^[a-z]/ { keep = !/^(torch|triton|nvidia-[a-z0-9-]*|cuda-[a-z]*)==/ } keep' requirements.lock > .venv/cpu.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r .venv/cpu.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check torch==2.13.0
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $@
