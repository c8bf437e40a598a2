# Two commands do everything on a machine with python3 (with venv) and make:
#   make search   the main job: the PADME Run III search, results in results/padme-run3
#   make test     lint, types and tests
#   make docs     the documentation as a site, in build/docs
#   make figures  the pictures in it anew
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: search test test-full lint types docs figures bench clean

search: $(VENV)/.installed
	$(BIN)/x17 search

test: lint types
	$(BIN)/python -m pytest -m "not full" -n auto --dist loadfile

test-full: $(VENV)/.installed-full
	$(BIN)/python -m pytest

lint: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache

types: $(VENV)/.installed-test
	$(BIN)/mypy

docs: $(VENV)/.installed-test
	$(BIN)/python -m sphinx -q -W --keep-going -n -j auto docs build/docs

# Every picture of the pages, by its script; the long ones take a quarter of an hour.
figures: $(VENV)/.installed-test
	for script in docs/figures/*.py; do $(BIN)/python $$script || exit 1; done

bench: $(VENV)/.installed-test
	$(BIN)/python -m pytest benchmarks -s --benchmark-only --benchmark-warmup=on --override-ini=addopts= --override-ini=filterwarnings=

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "installing x17 and what it needs into $(VENV) (half a minute)"
	$(PIP) install --quiet --constraint constraints.txt --editable .
	touch $@

$(VENV)/.installed-test: $(VENV)/bin/python pyproject.toml constraints.txt
	$(PIP) install --quiet --constraint constraints.txt --editable ".[test]"
	touch $@ $(VENV)/.installed

# Besides [test], programs of others that only long tests ask: pyhs3 brings a compiler of its own.
$(VENV)/.installed-full: $(VENV)/.installed-test
	$(PIP) install --quiet --constraint constraints.txt --editable ".[test,interop]"
	touch $@

clean:
	rm -rf $(VENV) results build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
