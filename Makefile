# Everything here works in a fresh clone with Python >= 3.11, git and make.

# The first of these that runs and is new enough. To choose another: `make PYTHON=/some/python env`.
PYTHONS := python3.11 python3.12 python3.13 python3
PYTHON ?= $(shell for p in $(PYTHONS); do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; break; }; done)

VENV := .venv
BIN := $(VENV)/bin
TEST := $(BIN)/python -m pytest -n auto --dist worksteal -rs

# A lock is complete, so pip does not resolve anything: it fetches what the lock names and compares the digests. So later releases
# and the version of pip make no difference. `pip check` then compares what is installed with what each package asks for.
INSTALL = $(BIN)/python -m pip install --quiet --no-deps
RUN_STAMP := $(VENV)/.run
TEST_STAMP := $(VENV)/.test

# `PIP_VERSION=22.3 make …` installs with that pip instead of the one that comes with Python. pip itself must not see the variable,
# because it would read it as an option. The locks name a pip too (sqlite-utils asks for one), so we install this one again before
# each lock.
PIP_VERSION ?=
unexport PIP_VERSION
VENV_STAMP := $(VENV)/.pip-$(or $(PIP_VERSION),bundled)

DEMO_DIR ?= build/demo
GIFTS ?= 2000

UV_VERSION := 0.13.9
LOCK_VENV := build/lock
LOCK = $(LOCK_VENV)/bin/uv --quiet pip compile --upgrade --universal --python-version 3.11 \
	--only-binary :all: --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links

.DEFAULT_GOAL := help
.PHONY: help env test test-strangers test-long demo lint generate lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

env: $(TEST_STAMP) ## create .venv with the project and what its tests need

$(VENV_STAMP):
	@test -n "$(PYTHON)" || { echo "No Python >= 3.11 found; name one: make PYTHON=/path/to/python env" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	@touch $@

# Python finds a new top-level package only after a new editable install.
$(RUN_STAMP) $(TEST_STAMP): $(VENV)/.%: requirements/%.txt pyproject.toml $(VENV_STAMP) $(wildcard ledger/__init__.py cli/__init__.py api/__init__.py)
	$(if $(PIP_VERSION),$(INSTALL) pip==$(PIP_VERSION))
	$(INSTALL) --require-hashes --only-binary :all: -r $<
	@$(INSTALL) --no-build-isolation --editable . >$(VENV)/build.log 2>&1 || { cat $(VENV)/build.log; exit 1; }
	@$(BIN)/python -m pip check >$(VENV)/check.log || { cat $(VENV)/check.log; exit 1; }
	@touch $@

test: env ## run the tests, except the long ones and those that run other people's programs
	$(TEST) -m "not long and not strangers"

test-strangers: env ## run the tests that run other people's programs: Go, Node, Java, Chromium, OpenSSL
	$(TEST) -m "strangers and not long"

test-long: env ## run the long tests
	$(TEST) -m long --hypothesis-profile=new

demo: $(RUN_STAMP) ## make a demonstration ledger in DEMO_DIR with GIFTS gifts
	$(if $(filter build/demo,$(DEMO_DIR)),rm -rf build/demo)
	$(BIN)/givetrail demo "$(DEMO_DIR)" --gifts $(GIFTS)

lint: env ## check the style and the types
	$(BIN)/ruff check .
	$(BIN)/mypy

# The order matters: the file whose SHA-256 is published contains the forms, and the pages contain the meanings.
generate: env ## make again everything that is generated from the classes, the commands and the stories of the tests
	$(BIN)/python -m ledger.rulebook.schema docs/reference/schema
	$(BIN)/python -m ledger.rulebook.rules docs/reference
	$(BIN)/python -m ledger.rulebook.kinds docs/reference/kinds.md
	$(BIN)/python -m api.verifier.forms
	@mkdir -p build
	cd build && ../$(BIN)/python -m api.verifier.onefile -o verify.html >../docs/reference/verify.html.sha256
	$(BIN)/python -m api.http.learn_meanings docs/reference/errors.md >build/meanings.py && mv build/meanings.py api/http/meanings.py
	$(BIN)/python -m api.http.learn_meanings docs/reference/glossary.md >build/glossary.py && mv build/glossary.py api/http/glossary.py
	$(BIN)/python -m api.pages.collect
	$(BIN)/python -m api.openapi >docs/reference/openapi.json
	$(BIN)/python -m cli.manual >docs/reference/commands.md
	$(BIN)/python -m tests.golden.make
	$(BIN)/python -m tests.attacks.make

lock: ## make the locks again, with the newest versions allowed
	@test -n "$(PYTHON)" || { echo "No Python >= 3.11 found; name one: make PYTHON=/path/to/python lock" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(LOCK_VENV)
	$(LOCK_VENV)/bin/python -m pip install --quiet --no-deps --only-binary :all: uv==$(UV_VERSION)
	$(LOCK) pyproject.toml requirements/base.in --output-file requirements/run.txt
	$(LOCK) --extra test --constraints requirements/run.txt pyproject.toml requirements/base.in --output-file requirements/test.txt

clean: ## remove everything that was built
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
