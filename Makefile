# The developer's manual: each target's line of comment is what `make help` prints.
# Needs Python 3.11 or later and make; everything else is installed into .venv, at the versions in constraints.txt.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo gen check validate overlays diff-api lint types mypy pyright test test-slow coverage test-all test-newest test-browser test-sdk deploy-check mutants mutants-runtime promises chaos fleet-trial bench \
	bench-check bench-publish build docs picture fix pins hashes clean

VENV := .venv
PY := $(VENV)/bin/python
# The first Python that is new enough; `make PYTHON=python3.13 ...` chooses another.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PIP := $(PY) -m pip --disable-pip-version-check install --quiet --constraint constraints.txt
READY := $(VENV)/.ready
# Containers set it; then every process would compile its modules again, and pytest rewrite every test's assertions.
export PYTHONDONTWRITEBYTECODE :=

# help: what can be done here
help:
	@sed -n 's/^# \([a-z][a-z-]*\): \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-20s %s\n", $$1, $$2}'

$(READY): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "error: no Python 3.11 or later was found; install one, or say make PYTHON=/path/to/python" >&2; exit 1; }
	@echo "Setting up $(VENV) with $(PYTHON) (about a minute, once) ..."
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@$(PIP) --upgrade pip
	@$(PIP) --editable '.[all]' --group dev
	@touch $@

# demo: the main job, start to end, against the sandbox: regenerates the client and calls every operation
demo: gen
	@$(PY) examples/demo.py

# gen: make generated/aig_billing from spec, overlays and templates
gen: $(READY)
	@$(PY) -m codegen gen

# check: say whether generated/ is what spec, overlays and templates give
check: $(READY)
	@$(PY) -m codegen check

# validate: validate the spec, the overlays, and what they give together
validate: $(READY)
	@$(PY) -m codegen validate

# overlays: show what each overlay action changes, and on what evidence
overlays: $(READY)
	@$(PY) -m codegen overlays

# diff-api: list the API changes since BASE (default: the last release, else where this branch left main); fails when the changelog omits a breaking one
diff-api: $(READY)
	@$(PY) -m compare.diff_api $(BASE)

# drift: say what Cloudflare publishes otherwise: SCHEMA= its OpenAPI file, or SDK= where its Python package is installed
drift: $(READY)
	@$(PY) -m codegen drift $(if $(SCHEMA),--schema "$(SCHEMA)") $(if $(SDK),--sdk "$(SDK)")

# lint: ruff over all code, and import-linter: arrows between packages go down, and there are no cycles
lint: $(READY)
	@$(PY) -m ruff check --quiet .
	@$(PY) -m ruff format --quiet --check .
	@said=$$($(VENV)/bin/lint-imports --no-logo --no-cache) || { echo "$$said"; exit 1; }

# types: mypy --strict and pyright
types: mypy pyright

mypy: $(READY)
	@$(PY) -m mypy

pyright: $(READY)
	@$(PY) -m pyright --warnings

# test: lint, types, check, validate, and the tests that are quick; the last lines say which were left out or skipped, and how to run them
test: $(READY)
	@$(MAKE) --no-print-directory --jobs=2 mypy pyright lint check validate
	@$(PY) -m pytest --numprocesses=2 --dist=worksteal -m "not slow and not browser"

# test-slow: the other tests: those that start processes, kill them, wait, or try very much, and the pages in a headless Chromium
test-slow: $(READY)
	@rm -f build/skipped.json
	@SKIPPED_TESTS=build/skipped.json $(PY) -m pytest --numprocesses=2 --dist=worksteal -m "slow and not browser"
	@SKIPPED_TESTS=build/skipped.json $(PY) -m pytest -m browser tests/docs tests/monitor

# coverage: say which lines and branches of the runtime no test reaches; fails below 95 %
coverage: $(READY)
	@$(PY) -m pytest --numprocesses=2 --cov --cov-report=term tests/runtime tests/client tests/charges

# test-all: all tests on every Python from 3.11 to 3.14 that is installed; WITHOUT=3.11 leaves one out
test-all: $(READY)
	@WITHOUT=$(WITHOUT) $(PY) -m nox --session tests

# test-newest: the tests of the command line with the newest version of everything, as a fresh install brings
test-newest: $(READY)
	@$(PY) -m nox --session newest

# test-browser: open the pages in a headless Chromium
test-browser: $(READY)
	@$(PY) -m pytest -m browser tests/docs tests/monitor

# The official Python SDK at the version that the group `sdk` names.
SDK := $(shell sed -n 's/^sdk = .*cloudflare[^=]*==\([0-9.]*\).*/\1/p' pyproject.toml)

# test-sdk: let Cloudflare's own SDKs (Python; npm where node is), and the Python SDK's own tests, call the sandbox, and count what they charge
test-sdk: $(READY)
	@test -x .venv-sdk/bin/python || $(PYTHON) -m venv .venv-sdk
	@.venv-sdk/bin/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt --upgrade pip
	@.venv-sdk/bin/python -m pip --disable-pip-version-check install --quiet --group sdk
	@test -f build/sdk/cloudflare-$(SDK).tar.gz || .venv-sdk/bin/python -m pip --disable-pip-version-check download --quiet --no-deps \
		--no-binary cloudflare --dest build/sdk cloudflare==$(SDK)
	@if command -v npm >/dev/null; then cd tests/sandbox/sdk && npm install --silent --no-package-lock; fi
	@SDK_PYTHON=.venv-sdk/bin/python SDK_SDIST=build/sdk/cloudflare-$(SDK).tar.gz $(PY) -m pytest -q -rs tests/sandbox/test_official_sdks.py

# deploy-check: hold what is in deploy/ against the schemas of compose, GitHub Actions, Kubernetes and Grafana, and try the Containerfile's steps
deploy-check: $(READY)
	@test -x .venv-deploy/bin/python || $(PYTHON) -m venv .venv-deploy
	@.venv-deploy/bin/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt --upgrade pip
	@.venv-deploy/bin/python -m pip --disable-pip-version-check install --quiet --group deploy
	@DEPLOY_PYTHON=.venv-deploy/bin/python $(PY) -m pytest -rs tests/monitor/test_deploy.py

BENCH := build/bench/venv
$(BENCH)/.ready: pyproject.toml constraints.txt | $(READY)
	@test -x $(BENCH)/bin/python || $(PY) -m venv $(BENCH)
	@$(BENCH)/bin/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt --upgrade pip
	@$(BENCH)/bin/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt --editable . --group bench
	@touch $@

# What the bare install brings, and nothing else.
BENCH_BARE := build/bench/bare
$(BENCH_BARE)/.ready: pyproject.toml constraints.txt | $(READY)
	@test -x $(BENCH_BARE)/bin/python || $(PY) -m venv $(BENCH_BARE)
	@$(BENCH_BARE)/bin/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt --upgrade pip
	@$(BENCH_BARE)/bin/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt --editable .
	@touch $@

# bench: measure this client beside what a user would pick instead
bench: $(READY) $(BENCH)/.ready $(BENCH_BARE)/.ready
	@$(PY) -m benchmarks

# bench-check: the same, failing when a target is missed
bench-check: $(READY) $(BENCH)/.ready $(BENCH_BARE)/.ready
	@$(PY) -m benchmarks --check

# bench-publish: the same, and put the tables into README and docs/
bench-publish: $(READY) $(BENCH)/.ready $(BENCH_BARE)/.ready
	@$(PY) -m benchmarks --publish

# mutants: break spec, overlays, templates and client in small ways, one at a time, and fail when no contract test notices one
mutants: $(READY)
	@$(PY) -m tests.contract.mutants

# mutants-runtime: let mutmut change hand-written code in small ways (of the retries each, of charges, money, secrets and the rest a fixed sample), and list what no test notices
mutants-runtime: $(READY)
	@$(PIP) --group mutants
	@$(PY) -m tests.mutants_runtime

# promises: break each promise of README, SECURITY and docs/charges.md in a copy, and fail when its test does not notice
promises: $(READY)
	@$(PY) -m tests.promises

# chaos: kill real processes in a thousand schedules of charges on SQLite and on PostgreSQL, and count double charges; LIMIT=900 ends each after so many seconds
chaos: $(READY)
	@$(PY) -m tests.charges.chaos --schedules 1000 $(if $(LIMIT),--seconds $(LIMIT))
	@$(PY) -m tests.charges.chaos --schedules 1000 --journal postgresql $(if $(LIMIT),--seconds $(LIMIT))

# fleet-trial: a thousand sandbox accounts, four workers, SIGKILL for workers and PostgreSQL; rates for 1, 2 and 4 workers (half an hour)
fleet-trial: $(READY)
	@$(PY) -m tests.monitor.fleet_trial

# build: wheel and sdist into dist/
build: $(READY)
	@$(PY) -m build --no-isolation

# docs: build the documentation into site/, strictly
docs: $(READY)
	@mkdir -p build && $(PY) -m aig_billing_sandbox.http.reference > build/http-reference.html
	@mv build/http-reference.html docs/reference/http-reference.html
	@$(PY) -m zensical build --strict --clean

# picture: draw docs/assets/terminal.svg, what the commands print of the sandbox's demo account
picture: $(READY)
	@$(PY) -m tests.docs.terminal_picture

# fix: let ruff correct and format what it can
fix: $(READY)
	@$(PY) -m ruff check --quiet --fix . ; $(PY) -m ruff format --quiet .

# pins: write the versions that are installed now into constraints.txt, and the hashes of their files into constraints-hashes.txt
pins: $(READY)
	@$(PY) .ci/pins.py

# hashes: write constraints-hashes.txt for the versions in constraints.txt
hashes: $(READY)
	@$(PY) .ci/pins.py --hashes

# clean: remove what was built and installed here
clean:
	rm -rf $(VENV) .venv-sdk .venv-deploy .nox .cache build dist site .mypy_cache .ruff_cache .pytest_cache .hypothesis
