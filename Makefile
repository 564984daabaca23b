# `make demo` and `make test` need Python 3.11 or newer (with venv) and make, nothing else.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV ?= .venv
BIN := $(VENV)/bin

# Tests on all cores; those that share what is dear to make (a golden log, a session of Spark) on one of them.
PYTEST := -m pytest -n auto --dist loadgroup
# What a run measures of the code: nothing, or `make test COVERAGE=--cov`, which takes nearly twice as long.
COVERAGE ?=

# What Python compiled is kept, whatever the caller's environment says: each worker and each command that a test starts
# would compile all modules and tests anew, six seconds a worker.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test test-all slowest record messages site pictures lock licences sbom test-lowest test-wheel lint bench bench-full clean

demo: $(VENV)/.installed
	@$(BIN)/svclight demo

# Every behaviour once, with small random documents: at most 5 minutes on two cores.
test: $(VENV)/.installed-dev
	$(BIN)/python $(PYTEST) -m "$(or $(TESTS),not slow)" $(COVERAGE) $(ARGS)
	@echo "all tests passed with $$($(BIN)/python --version); what they said stands above"

# Everything: full random documents in every engine, a cluster of Spark, servers, whole CI jobs, notebooks.
test-all: $(VENV)/.installed-dev
	$(BIN)/python $(PYTEST) --hypothesis-profile=full $(if $(TESTS),-m "$(TESTS)") $(COVERAGE) $(ARGS)
	@echo "all tests passed with $$($(BIN)/python --version); what they said stands above"

# Where the time of `make test` goes: its thirty slowest tests.
slowest: $(VENV)/.installed-dev
	$(BIN)/python $(PYTEST) -m "not slow" -q --durations=30 $(ARGS)

# What commands and tables say, written down anew: where it was changed on purpose; look at the difference before it is kept.
record: $(VENV)/.installed-dev
	PYTHONPATH=tests $(BIN)/python -m support.recorded $(PARTS)

# The catalogues of languages: new texts come in with an empty translation, old ones go, and they are compiled.
messages: $(VENV)/.installed-dev
	PYTHONPATH=tests $(BIN)/python -m support.messages $(LANGUAGES)

# The documentation as a site, build/site/index.html: strict, so that a link that leads nowhere fails.
site: $(VENV)/.installed-dev
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet
	@echo "build/site/index.html; with the search: $(BIN)/python -m http.server -d build/site 8000, then http://localhost:8000"

# The pictures of the README and of docs/, drawn anew; look at each before it is kept. They need Chromium and pdftoppm.
pictures: $(VENV)/.installed-dev
	$(BIN)/python docs/site/pictures.py
	PYTHONPATH=tests $(BIN)/python -m support.gallery

# The lowest supported version of each dependency, read from pyproject.toml.
test-lowest: $(VENV)/.installed-dev
	@test -x .venv-lowest/bin/python || $(PYTHON) -m venv .venv-lowest
	@$(BIN)/python tests/support/lowest.py > .venv-lowest/constraints.txt
	@.venv-lowest/bin/python -m pip install --quiet --disable-pip-version-check -c .venv-lowest/constraints.txt -e '.[test]'
	.venv-lowest/bin/python $(PYTEST) -m "not slow and not once" $(ARGS)

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

# Two minutes: a tenth of the rows, so what is spent once a call weighs ten times as much as in `bench-full`.
bench: $(VENV)/.installed-dev
	$(BIN)/python benchmarks/run.py --rows 1000000 --rounds 3
	$(BIN)/python benchmarks/imports.py 3
	$(BIN)/python benchmarks/reports.py 3
	$(BIN)/python benchmarks/events.py 1000000 1
	$(BIN)/python benchmarks/working_time.py 1000000 3

# All that docs/performance.md says: a good hour, 8 GB of memory, 5 GB of disk for a while, and the packages of the peers.
bench-full: $(VENV)/.installed-dev
	$(BIN)/python benchmarks/run.py --rows 10000000 --rounds 5
	$(BIN)/python benchmarks/run.py --rows 10000000 --rounds 3 --cases large
	$(BIN)/python benchmarks/imports.py 11
	$(BIN)/python benchmarks/reports.py 11
	$(BIN)/python benchmarks/peers.py --rows 1000000 --rounds 3
	$(BIN)/python benchmarks/events.py 1000000 5
	$(BIN)/python benchmarks/travel.py
	$(BIN)/python benchmarks/working_time.py 10000000 5

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "svclight needs Python 3.11 or newer; none was found (set PYTHON=/path/to/python)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) has no venv: install it (on Debian and Ubuntu: apt install python3-venv)"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(BIN)/python pyproject.toml
	@echo "installing svclight into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

# What tests need comes as `make lock` wrote it down, each file by its hash: two who test the same commit test with the same.
$(VENV)/.installed-dev: $(BIN)/python pyproject.toml requirements-dev.txt
	@echo "installing svclight and what its tests need into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@ $(VENV)/.installed

clean:
	rm -rf $(VENV) .venv-* build dist .coverage .pytest_cache .mypy_cache .ruff_cache svclight-demo

# Whether the tests of a module notice each small change of it; MUTANTS="svclight/method/limits.py tests/method" tries another.
mutants: $(VENV)/.installed-dev
	PYTHONPATH=tests $(BIN)/python -m support.mutants $(MUTANTS)

# The newest versions that pyproject.toml allows, with hashes, for all supported versions of Python.
lock: .venv-supply/.installed
	.venv-supply/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade --extra dev \
		--custom-compile-command "make lock" -o requirements-dev.txt pyproject.toml

# docs/licences.md: what svclight brings along, and under which licences.
licences: $(VENV)/.installed-dev
	PYTHONPATH=tests $(BIN)/python -m support.supply

# The parts of what is delivered, CycloneDX: what `pip install svclight` brings, from the environment of `make test-wheel`.
sbom: test-wheel .venv-supply/.installed
	.venv-supply/bin/cyclonedx-py environment --output-reproducible --pyproject pyproject.toml -o dist/sbom.json .venv-wheel/bin/python
	@echo "dist/sbom.json"

# Tools that write what is delivered, in an environment of their own: nothing of them is needed to test or to use svclight.
.venv-supply/.installed:
	@$(PYTHON) -m venv .venv-supply
	@.venv-supply/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9' 'cyclonedx-bom>=7' 'hatchling>=1.26'
	@touch $@

# The wheel alone, in an environment of its own, away from the checkout: it must bring all that it needs.
test-wheel: $(VENV)/.installed-dev .venv-supply/.installed
	rm -rf dist build/again .venv-wheel
	.venv-supply/bin/hatchling build -d dist
	.venv-supply/bin/hatchling build -d build/again
	@for file in dist/*; do cmp "$$file" "build/again/$${file#dist/}" || exit 1; done; echo "built twice, the same bytes"
	$(PYTHON) -m venv .venv-wheel
	.venv-wheel/bin/python -m pip install --quiet --disable-pip-version-check dist/*.whl
	cd dist && ../.venv-wheel/bin/svclight demo
