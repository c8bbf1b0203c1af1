# Everything a developer and CI run. It sets itself up: no step comes before `make WHAT`.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# Newer than pyproject.toml and constraints.txt when what they ask for is installed.
READY  := $(VENV)/.ready
DEMO   := build/demo

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test check format docs bench torture parity constraints clean

help: ## what can be made (this list)
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

demo: $(READY) ## make a sample of an old customer file and import it into build/demo/customers.db
	@rm -rf $(DEMO) && mkdir -p $(DEMO)
	@$(BIN)/python tests/sample/generate.py $(DEMO)/customers.csv
	@echo '$$ intake import $(DEMO)/customers.csv --into sqlite:///$(DEMO)/customers.db --report $(DEMO)/report'
	@# 1 says that some records were refused, as they should be: the sample is full of mistakes
	@$(BIN)/intake import $(DEMO)/customers.csv --into sqlite:///$(DEMO)/customers.db --report $(DEMO)/report \
	  || [ $$? -eq 1 ]

# The validators' own tests cover them. To watch the others too would take a third longer and tell nothing more.
OF_VALIDATORS := validators tests/validators

test: $(READY) ## run every test; validators must be covered to the last branch
	$(BIN)/python -m pytest --numprocesses=auto --cov --cov-report=term --cov-fail-under=100 $(OF_VALIDATORS)
	$(BIN)/python -m pytest --numprocesses=auto $(OF_VALIDATORS:%=--ignore=%)

check: $(READY) ## format, lint, types, layers, generated documents: changes nothing
	$(BIN)/ruff format --check --quiet
	$(BIN)/ruff check --quiet
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python docs/generate.py --check

format: $(READY) ## format the code and mend what ruff can
	$(BIN)/ruff check --fix-only --quiet
	$(BIN)/ruff format --quiet

docs: $(READY) ## generate the documents that are made from the code
	$(BIN)/python docs/generate.py

bench: $(READY) ## measure speed and the cost of import
	$(BIN)/python -m tests.benchmarks

torture: $(READY) ## kill, cut and starve imports, and fuzz files, for two hours: docs/reliability.md
	$(BIN)/python -m tests.torture

parity: $(READY) ## see whether both readings of the rules judge a file alike: make parity FILE=customers.csv
	@$(BIN)/python -m tests.parity '$(FILE)'

# With the oldest Python that is supported: what only that one needs must be in the list too.
constraints: ## take the newest versions of everything into constraints.txt
	@$(PYTHON) -m venv --clear build/constraints
	@build/constraints/bin/python -m pip install -qq --disable-pip-version-check -e '.[all,dev]'
	build/constraints/bin/python -m pip freeze --exclude-editable > constraints.txt
	@rm -r build/constraints

clean: ## remove whatever was made, the virtual environment too
	rm -rf $(VENV) build dist .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -r {} +

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo 'Python 3.11 or newer is needed, and "$(PYTHON)" is not. Name one that is: make PYTHON=python3.12 ...' >&2; \
	  exit 1; }
	@echo 'Setting up $(VENV) (once; again only if pyproject.toml or constraints.txt changes) ...' >&2
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt -e '.[all,dev]'
	@touch $@
