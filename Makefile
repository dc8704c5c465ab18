# Everything this project does by one word. `make` alone lists the words.
# Needs: make and Python 3.11 or newer. All else lands in .venv, at the versions and hashes of requirements/.

PYTHON ?= $(firstword $(foreach python,python3.11 python3.12 python3.13 python3.14 python3 python,$(shell \
	$(python) -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(python))))
WORKERS ?= 3
SECONDS ?= 60
MINUTES ?= 60
CYCLES ?= 20
EXAMPLES ?= 100
FAULTS ?= 1000
CODE = domain ledger projections certificates api
BIN = .venv/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check install --no-input
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--no-emit-index-url --no-strip-extras --custom-compile-command "make lock" pyproject.toml

# What was compiled once is kept, whatever the machine says: else every worker and every process that a
# test starts compiles all of it anew.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

.PHONY: help setup format format-check lint types imports test test-quick coverage mutation docs schemas \
	run reset bench bench-quick bench-data bench-data-clean soak erasure-drill failover fuzz fuzz-api \
	sbom check build lock tools screenshots

help: ## list what can be asked for
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/.develops ## bring .venv up to date for developing (nothing to do: does nothing)

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with venv and pip is needed (Debian: apt-get install python3-venv)." >&2; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.runs: requirements/base.txt requirements/build.txt pyproject.toml | .venv/bin/python
	$(PIP) --require-hashes -r requirements/base.txt -r requirements/build.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.develops: requirements/dev.txt requirements/interop.txt pyproject.toml | .venv/bin/python
	$(PIP) --require-hashes -r requirements/dev.txt
	$(PIP) --require-hashes --no-deps --ignore-requires-python -r requirements/interop.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch .venv/.runs $@

run: .venv/.runs ## start the whole program with an invented pilot, at http://127.0.0.1:8000
	@PARENT_CREDITS_LOG_FORMAT=$${PARENT_CREDITS_LOG_FORMAT:-text} $(BIN)/parent-credits run

reset: .venv/.runs ## forget the pilot: stop its database and remove var/
	@$(BIN)/parent-credits reset

test: setup tools ## prove everything from nothing, on a real PostgreSQL
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "$$($(BIN)/python -m tools.system --select)"

test-quick: setup ## the tests of a few seconds, without the browser
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not slow and not browser and not zbar and not poppler and not npm and not wrk"

tools: setup
	@$(BIN)/python -m tools.system

coverage: setup tools ## branch coverage; the domain must be covered whole
	$(BIN)/python -m pytest -n $(WORKERS) --cov --cov-report=term:skip-covered -m "$$($(BIN)/python -m tools.system --select)"
	$(BIN)/coverage report --include='domain/*' --fail-under=100 --show-missing

mutation: setup ## change the rules in small ways: does a test notice? (half an hour, outside CI)
	$(BIN)/mutmut run
	@$(BIN)/python -m tools.mutation

format: setup ## lay out the code
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

format-check: setup
	$(BIN)/ruff format --check .

lint: setup ## ruff, all its rules, and bandit
	$(BIN)/ruff check .
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive $(CODE)

types: setup ## mypy and pyright, both strict
	$(BIN)/mypy
	$(BIN)/pyright

imports: setup ## who may import whom
	$(BIN)/lint-imports --no-cache

docs: setup ## compare the generated documents with the code
	@$(BIN)/python -m tools.docs --check

schemas: setup ## write the generated documents, event schemas and missing event histories anew
	@$(BIN)/python -m tools.docs
	@$(BIN)/python -m tools.histories

screenshots: setup tools ## pictures of every page of the running pilot, into var/screenshots
	@$(BIN)/python -m tools.screenshots

bench: setup ## measure, each figure beside its yardstick, in a quarter of an hour; kept in bench/results
	$(BIN)/python -m bench

bench-quick: setup ## the same in two minutes
	$(BIN)/python -m bench --quick

bench-data: setup ## make what the large rows of bench are measured on (more than an hour, 35 GB; ONLY=small)
	$(BIN)/python -m bench make-data $(if $(ONLY),--only $(ONLY))

bench-data-clean: setup ## remove it
	$(BIN)/python -m bench drop-data

soak: setup ## kill everything that runs, at random, under load (MINUTES=60, SEED=, FAULTS=1000; outside CI)
	HYPOTHESIS_PROFILE=ci $(BIN)/python -m pytest -q tests/ledger/test_intake_stories.py
	FAULTS=$(FAULTS) $(BIN)/python -m pytest -q -s --timeout=3600 tests/faults/test_matrix.py
	$(BIN)/python -m tests.soak --minutes $(MINUTES) $(if $(SEED),--seed $(SEED))

erasure-drill: setup ## erase a person, restore yesterday's backup, and look whether they came back
	$(BIN)/python -m pytest -q tests/journeys/test_erasure_drill.py

failover: setup ## kill one of two PostgreSQL nodes under load, promote the other, CYCLES=20 times (outside CI)
	$(BIN)/python -m tests.failover --cycles $(CYCLES)

fuzz: setup ## let a fuzzer read what strangers may show (SECONDS=60 for each reader; outside CI)
	$(PIP) --quiet --require-hashes -r requirements/fuzz.txt
	$(BIN)/python -m tests.fuzzing $(SECONDS)

fuzz-api: setup ## ask the whole interface at random, as everybody (EXAMPLES=100 of each address, SEED=; outside CI)
	FUZZ_EXAMPLES=$(EXAMPLES) $(if $(SEED),FUZZ_SEED=$(SEED)) $(BIN)/python -m pytest -q --timeout=7200 tests/fuzzing/test_interface.py

sbom: setup ## the bill of materials (CycloneDX) of what a server installs, into dist/sbom.json
	@rm -rf var/sbom && mkdir -p var/sbom dist
	$(PYTHON) -m venv var/sbom/tool && $(PYTHON) -m venv --without-pip var/sbom/program
	var/sbom/tool/bin/python -m pip --quiet install --no-input --require-hashes -r requirements/sbom.txt
	var/sbom/tool/bin/python -m pip --quiet --python var/sbom/program/bin/python install --no-input --require-hashes -r requirements/base.txt
	var/sbom/tool/bin/cyclonedx-py environment --spec-version 1.6 --output-reproducible --validate \
		--output-file dist/sbom.json var/sbom/program/bin/python
	@$(BIN)/python -m tools.sbom dist/sbom.json

check: format-check lint types imports docs test ## the whole gate

build: setup ## the wheel and the source archive, into dist/
	$(BIN)/hatchling build

lock: .venv/.develops ## pin the newest versions that pyproject.toml allows, with hashes
	$(COMPILE) --upgrade --group dev --output-file requirements/dev.txt
	$(COMPILE) --upgrade --constraint requirements/dev.txt --output-file requirements/base.txt
	$(subst pyproject.toml,--group sbom,$(COMPILE)) --upgrade --output-file requirements/sbom.txt
	$(subst pyproject.toml,--group build,$(COMPILE)) --upgrade --constraint requirements/dev.txt --output-file requirements/build.txt
