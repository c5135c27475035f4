# Each target makes what it needs: a virtual environment in .venv, with nothing but Python and make.

PYTHON ?= python3
VENV ?= .venv
ARGS ?=

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

# The oldest frameworks that the adapters work with, in an environment of their own.
LOWEST ?= .venv-lowest
FRAMEWORKS := langchain==1.3.0 langchain-core==1.4.0 langgraph==1.2.0 llama-index-core==0.13.0 pydantic==2.13.*

# The benchmarks that need no data from elsewhere.
BENCHMARKS := startup embedding memory tenants extraction grounding faults

.DEFAULT_GOAL := help
.PHONY: help demo test test-lowest check bench notebooks shots docs dist clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' Makefile | while IFS='	' read -r target text; do printf '  make %-11s %s\n' "$$target" "$$text"; done
	@echo "  PYTHON=python3.12 chooses the Python; ARGS='-k search' goes to the target's tool"

demo: $(VENV)/.core ## a chat in two processes: the second answers from memory
	@$(BIN)/holdfast demo $(ARGS)

test: $(VENV)/.test ## run the tests
	@$(BIN)/python -m pytest $(ARGS)

test-lowest: $(LOWEST)/.lowest ## run the adapters' tests with the oldest frameworks that they work with
	@$(LOWEST)/bin/python -m pytest $(or $(ARGS),tests/langchain tests/llamaindex)

soak: $(VENV)/.test ## run the tests that take minutes: a thousand random kills, a crash at every write
	@$(BIN)/python -m pytest -m soak $(ARGS)

check: $(VENV)/.check ## ruff, import-linter, mypy, pyright
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/mypy
	$(BIN)/pyright --pythonpath $(BIN)/python

bench: $(VENV)/.test ## run the benchmarks of the core, one table each
	@for name in $(BENCHMARKS); do echo "== benchmarks/$$name.py"; $(BIN)/python benchmarks/$$name.py $(ARGS) || exit 1; done

notebooks: $(VENV)/.test ## run the notebooks and keep what they print and draw
	@$(BIN)/python scripts/notebooks.py $(ARGS)

# Needs a Chromium: Debian's `chromium`, or the path of another in CHROMIUM.
shots: $(VENV)/.shots ## open the notebooks in JupyterLab and take pictures of them into build/shots
	@$(BIN)/python scripts/shots.py $(ARGS)

docs: $(VENV)/.docs ## build the documentation into build/site; ARGS=serve serves it while it is written
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs $(or $(ARGS),build --strict --quiet) && echo "build/site/index.html"

# The tests move to a folder where no source can be imported, into an environment that holds the wheel alone.
dist: $(VENV)/.test ## build the wheel into dist/ and run the tests against it
	@rm -rf dist
	@echo "Building the wheel"
	@$(PIP) wheel --quiet --no-deps --wheel-dir dist .
	@set -e; unset PYTHONPATH; away=$$(mktemp -d); trap 'rm -rf "$$away"' EXIT; \
	wheel=$$(ls "$$PWD"/dist/*.whl); \
	mkdir "$$away/tree"; cp -R pyproject.toml tests $(wildcard README.md benchmarks docs notebooks scripts) "$$away/tree"; \
	echo "Installing it into an environment of its own"; \
	$(BIN)/python -m venv --without-pip "$$away/venv"; \
	$(PIP) --python "$$away/venv/bin/python" install --quiet "$$wheel" --group test; \
	(cd "$$away/tree" && ../venv/bin/python -m pytest $(ARGS)); \
	ls -lh "$$wheel" | awk '{ print $$NF ": " $$5 }'; \
	$(BIN)/python -m zipfile --list "$$wheel" | awk 'NR > 1 { split($$1, path, "/"); files[path[1]]++; bytes[path[1]] += $$NF } \
	  END { for (top in files) printf "  %-28s %4d files %9.1f kB\n", top, files[top], bytes[top] / 1000 }'

clean: ## remove what the other targets made, .venv aside
	@rm -rf dist build .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find core langchain_memory llamaindex_memory tests benchmarks scripts -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
	  { echo "holdfast needs Python 3.10 or newer; choose one: make PYTHON=python3.12 ..." >&2; exit 1; }
	@echo "Creating $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV)

# One file marks each installed part. It is older than pyproject.toml, or than the file that holds the version, when the
# part has to be installed again.
$(VENV)/.core: pyproject.toml core/holdfast/__init__.py | $(BIN)/python
	@echo "Installing holdfast and what it needs (about 80 MB from the package index the first time)"
	@$(PIP) install --quiet --editable .
	@touch $@

$(VENV)/.pip: $(VENV)/.core
	@$(PIP) install --quiet --upgrade 'pip>=25.1'  # the first that installs dependency groups
	@touch $@

$(VENV)/.test: $(VENV)/.pip
	@echo "Installing the test tools"
	@$(PIP) install --quiet --group test
	@touch $@

$(VENV)/.docs: $(VENV)/.pip
	@echo "Installing what builds the documentation"
	@$(PIP) install --quiet --group docs
	@touch $@

$(VENV)/.check: $(VENV)/.test
	@echo "Installing the checkers (pyright brings its own node)"
	@$(PIP) install --quiet --group check
	@touch $@

$(LOWEST)/.lowest: pyproject.toml Makefile
	@echo "Creating $(LOWEST) with $(FRAMEWORKS)"
	@$(PYTHON) -m venv $(LOWEST)
	@$(LOWEST)/bin/python -m pip --disable-pip-version-check install --quiet --upgrade 'pip>=25.1'
	@$(LOWEST)/bin/python -m pip install --quiet --editable . --group test $(foreach one,$(FRAMEWORKS),'$(one)')
	@touch $@

$(VENV)/.shots: $(VENV)/.test
	@echo "Installing JupyterLab, and playwright to drive a browser"
	@$(PIP) install --quiet --group shots
	@touch $@
