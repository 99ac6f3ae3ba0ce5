# Everything a person runs. `make crawl` and `make test` set up what they need by themselves.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
JOBS ?= auto
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help crawl test recipe-tests setup setup-dev lint format types imports check lock clean

help: ## show this
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

crawl: $(VENV)/.run ## crawl the embedded demo newspaper into output/
	@$(BIN)/broadsheet crawl demo

test: $(VENV)/.dev ## run the tests, in a process for each core (JOBS=0: in one)
	@$(BIN)/python -m pytest -q -n $(JOBS) --dist loadfile $(PYTEST)

recipe-tests: $(VENV)/.run ## make articles of the shipped recipes' recorded pages again, offline
	@$(BIN)/broadsheet test --shipped

setup: $(VENV)/.run ## make the environment
setup-dev: $(VENV)/.dev ## … with what developing needs

$(VENV)/.run: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q -r requirements.lock
	$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.lock
	$(BIN)/python -m pip install -q -r requirements-dev.lock
	@touch $@

lint: $(VENV)/.dev ## ruff: lint and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(VENV)/.dev ## let ruff mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(VENV)/.dev ## mypy --strict
	$(BIN)/mypy

imports: $(VENV)/.dev ## who may import whom
	$(BIN)/lint-imports

check: lint types imports test ## all of it, as CI does

lock: $(VENV)/.dev ## pin all versions anew
	$(BIN)/pip-compile -q --strip-extras --no-header --no-annotate --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --allow-unsafe -o requirements.lock pyproject.toml requirements-build.in
	$(BIN)/pip-compile -q --strip-extras --no-header --no-annotate --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --allow-unsafe --extra dev -o requirements-dev.lock pyproject.toml requirements-build.in

clean: ## remove the environment and what was crawled here
	rm -rf $(VENV) .broadsheet
	find output -mindepth 1 ! -name .gitignore -delete

-include tools/*.mk
