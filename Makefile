# Everything here works on a fresh clone with Python >= 3.11, git and make.

# The first of these that runs and is new enough; or say `make PYTHON=/some/python env`.
PYTHONS := python3.11 python3.12 python3.13 python3
PYTHON ?= $(shell for p in $(PYTHONS); do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; break; }; done)

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
TEST := $(BIN)/python -m pytest -n auto --dist worksteal -rs

DEMO_DIR ?= build/demo
GIFTS ?= 2000

UV_VERSION := 0.13.9
LOCK_VENV := build/lock
LOCK = $(LOCK_VENV)/bin/uv --quiet pip compile --upgrade --universal --python-version 3.11 \
	--only-binary :all: --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links

.DEFAULT_GOAL := help
.PHONY: help env test test-long demo lint schema lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

env: $(STAMP) ## create .venv from the locks, with the project in it

# A new top-level package is found only by a new editable install.
$(STAMP): pyproject.toml requirements/run.txt requirements/test.txt $(wildcard ledger/__init__.py cli/__init__.py api/__init__.py)
	@test -n "$(PYTHON)" || { echo "No Python >= 3.11 found; say which: make PYTHON=/path/to/python env" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --only-binary :all: -r requirements/test.txt
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable . >$(VENV)/build.log 2>&1 || { cat $(VENV)/build.log; exit 1; }
	@touch $@

test: env ## run the tests, all but the long ones
	$(TEST) -m "not long"

test-long: env ## run the long tests
	$(TEST) -m long --hypothesis-profile=new

demo: env ## make a demonstration ledger in DEMO_DIR with GIFTS gifts
	$(if $(filter build/demo,$(DEMO_DIR)),rm -rf build/demo)
	$(BIN)/givetrail demo "$(DEMO_DIR)" --gifts $(GIFTS)

lint: env ## check the style
	$(BIN)/ruff check .

schema: env ## write the JSON schemas of the books
	$(BIN)/python -m ledger.books.schema docs/reference/schema

lock: ## make the locks anew, with the newest versions allowed
	@test -n "$(PYTHON)" || { echo "No Python >= 3.11 found; say which: make PYTHON=/path/to/python lock" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(LOCK_VENV)
	$(LOCK_VENV)/bin/python -m pip install --quiet --only-binary :all: uv==$(UV_VERSION)
	$(LOCK) pyproject.toml requirements/base.in --output-file requirements/run.txt
	$(LOCK) --extra test --constraints requirements/run.txt pyproject.toml requirements/base.in --output-file requirements/test.txt

clean: ## remove all that was built
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
