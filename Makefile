# `make run` needs Python 3.11, make and pip; everything else comes into .venv/ and .run/.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= $(shell for name in python3.11 python3; do $$name -c "" 2>/dev/null && { command -v $$name; break; }; done)
PY := .venv/bin/python
EMBEDDED := $(PY) -m config.embedded
INSTALL := install --disable-pip-version-check --root-user-action=ignore --require-hashes

.PHONY: help run test stop reset status logs lint format messages lock

help: ## Show this list
	@sed -n 's/^\([a-z%-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

run: .venv/run.stamp ## Start a branch at work on http://127.0.0.1:8000/ (PORT=… for another)
	@$(EMBEDDED) run

stop: ## Stop what `make run` started
	@[ ! -x $(PY) ] || $(EMBEDDED) stop

reset: ## Stop and delete .run/: data, secrets, log-ins
	@[ ! -x $(PY) ] || $(EMBEDDED) reset

status: ## Say what runs and whether it is ready
	@[ -x $(PY) ] || { echo "Not installed yet. make run does it."; exit 1; }
	@$(EMBEDDED) status

logs: ## Follow what the programs write
	@[ -d .run/log ] || { echo "Nothing has run yet."; exit 1; }
	@tail -n 20 -F .run/log/*.log

test: .venv/test.stamp ## Check everything: style, types, imports, migrations, API schema, tests
	@$(PY) -m tests

lint: .venv/test.stamp ## Check style, types and imports only
	@$(PY) -m tests --only lint

format: .venv/test.stamp ## Put the code into shape
	@$(PY) -m ruff check --fix-only --quiet . ; $(PY) -m ruff format .

messages: .venv/test.stamp ## Collect the texts to translate and compile the catalogues
	@$(PY) manage.py messages

UV = uv pip compile pyproject.toml --quiet --upgrade --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock"

lock: ## Resolve the dependencies anew (needs uv)
	@$(UV) --extra embedded -o requirements.lock
	@$(UV) --extra embedded --extra dev -o requirements-dev.lock
	@$(UV) -o requirements-production.lock

bench-%: .venv/test.stamp ## Measure: bench-NAME runs tests/bench/bench_NAME.py
	@[ -f tests/bench/bench_$*.py ] || { echo "There is no tests/bench/bench_$*.py."; exit 1; }
	@$(PY) -m pytest -n0 -q -s -p no:randomly tests/bench/bench_$*.py

# The environment: made once, filled again only when its lock file changes.

$(PY):
	@[ -n "$(PYTHON)" ] || { echo "No python3.11 or python3 was found. Install Python 3.11."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { \
	    echo "Zoufang needs Python 3.11, but $(PYTHON) is $$($(PYTHON) -V). Install Python 3.11, or name one: make PYTHON=/path/to/python3.11"; exit 1; }
	@echo "Making .venv/ …"
	@$(PYTHON) -m venv .venv >/dev/null 2>&1 || $(PYTHON) -m venv --clear --without-pip .venv

.venv/run.stamp: requirements.lock | $(PY)
	$(call fill,$<)

.venv/test.stamp: requirements-dev.lock | $(PY)
	$(call fill,$<)

# Debian's Python has no ensurepip: then the system's pip fills the environment.
define fill
	@echo "Installing $< into .venv/ …"
	@if $(PY) -m pip --version >/dev/null 2>&1; then $(PY) -m pip $(INSTALL) -r $<; \
	    elif $(PYTHON) -m pip --version >/dev/null 2>&1; then $(PYTHON) -m pip --python $(PY) $(INSTALL) -r $<; \
	    else echo "No pip was found. Install it (Debian: apt install python3-pip or python3-venv)."; exit 1; fi
	@touch $@
endef
