# Two commands for people: `make certify` and `make test`. Everything lands in a virtual environment of its own.
#
#   make certify            install, run the bundled suites against the in-process reference provider, leave a report
#   make test               install the development tools, pass the whole test-suite
#   make test VENV=DIR      the same in another virtual environment
#   make prove              the long proof: every deviation meets all checks that it reaches
#   make fuzz CASES=20000   so many made-up requests, conversations and lives against the reference provider
#   make coverage           the test-suite again, measuring what it covers; held to a floor
#   make lint | format | bench | dist | clean

VENV   ?= .venv
PYTHON ?=
JOBS   ?= auto
REPORT ?= reports/reference-provider.html
ARGS   ?=
CASES  ?= 20000

bin    := $(VENV)/bin
pip    := $(bin)/python -m pip --disable-pip-version-check -qq

# Without bytecode every process would compile all it imports.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help certify test prove fuzz lint format coverage bench dist clean

help:
	@sed -n 's/^#   //p' Makefile

certify: $(VENV)/.ready-certify
	@rm -f "$(REPORT)"; $(bin)/pytest --scim --scim-report "$(REPORT)" -q $(ARGS); status=$$?; \
	if [ -f "$(REPORT)" ]; then echo "Report: $(abspath $(REPORT))"; fi; exit $$status

# Lint, types and import rules are tests too (tests/architecture), so that pytest's closing line speaks for all of it.
test: $(VENV)/.ready-test
	@$(bin)/pytest -q -n $(JOBS) --dist loadgroup $(ARGS)

# The long form of tests/meta: each deviation meets every check of whose exchanges it changes one.
prove: $(VENV)/.ready-test
	@SCIMCHECK_PROOF=full $(bin)/pytest -q -n $(JOBS) tests/meta $(ARGS)

# In one process, so that what was tried can be told at the end.
fuzz: $(VENV)/.ready-test
	@SCIMCHECK_FUZZ_CASES=$(CASES) $(bin)/pytest -q tests/provider/test_provider_fuzz.py tests/provider/test_provider_fuzz_lives.py $(ARGS)

# Apart from the tests, for measuring makes them take half as long again.
coverage: $(VENV)/.ready-test
	@$(bin)/pytest -q -n $(JOBS) --dist loadgroup --cov --cov-report=term-missing:skip-covered $(ARGS)

lint: $(VENV)/.ready-test
	$(bin)/ruff check .
	$(bin)/ruff format --check .
	$(bin)/mypy
	$(bin)/lint-imports --no-logo

format: $(VENV)/.ready-test
	$(bin)/ruff check --fix .
	$(bin)/ruff format .

bench: $(VENV)/.ready-test
	@for file in benchmarks/bench_*.py; do echo "== $$file"; $(bin)/python "$$file" || exit 1; done

dist: $(VENV)/.ready-test
	$(bin)/python -m build --outdir dist .

clean:
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage build dist htmlcov

# Installed again only when pyproject.toml has changed: the installation is editable, sources are always current.
$(VENV)/.ready-certify: pyproject.toml | $(VENV)/bin/python
	@echo "Installing scimcheck into $(VENV)"
	@$(pip) install --editable '.[serve,xdist]'
	@touch $@

$(VENV)/.ready-test: pyproject.toml | $(VENV)/bin/python
	@echo "Installing scimcheck and its development tools into $(VENV)"
	@$(pip) install --editable '.[dev]'
	@touch $@ $(VENV)/.ready-certify

$(VENV)/bin/python:
	@sh tools/make-venv "$(VENV)" $(PYTHON)
