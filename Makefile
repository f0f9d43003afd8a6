# Krupier. `make run` or `make test` is all a fresh clone needs: Python 3.11+, make and a package index.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
.DEFAULT_GOAL := help
.PHONY: help run test setup check bench bench-model bench-decisions screen index check-static format browser mail clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

run: setup index ## set up what is missing and serve a demonstration on http://127.0.0.1:8000 (KRUPIER_PORT: another port)
	KRUPIER_DEMO=$${KRUPIER_DEMO:-1} $(BIN)/krupier serve

test: setup browser mail index ## set up what is missing and run all tests
	$(BIN)/pytest

setup: $(VENV)/.ready ## virtual environment with pinned requirements

$(VENV)/.ready: requirements.txt pyproject.toml
	@echo "== Setting up $(VENV) (a few minutes the first time: PyTorch is large) =="
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=python3.11")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "== 1 of 3: PyTorch, exactly this version, first =="
	$(BIN)/pip install --disable-pip-version-check "torch==2.13.0"
	@echo "== 2 of 3: pinned requirements =="
	$(BIN)/pip install --disable-pip-version-check -r requirements.txt
	@echo "== 3 of 3: krupier itself =="
	$(BIN)/pip install --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
	@echo "== Ready: $(BIN)/krupier --help =="

index: setup ## build the index if there is none that fits
	$(BIN)/krupier index build --if-missing

browser: ## Chromium for the browser tests, where it is missing and can be installed
	@sh .ci/browser.sh

mail: ## dovecot for the tests of mail, where it is missing and can be installed
	@sh .ci/mail.sh

check: check-static test ## format, lint, types, layers, content, tests

check-static: setup ## the checks that are not tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/krupier kb check

format: setup ## mend format and imports
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup index ## speed and memory, compared in one run
	$(BIN)/python -m benchmarks.speed

bench-model: setup ## encoders side by side on public sets: make bench-model DATA=<folder> MODELS="a b"
	$(BIN)/python -m benchmarks.models $(DATA) $(MODELS)

bench-decisions: setup index ## answers, refusals, protection and masking: make bench-decisions SET=<folder> ARGS=--wrong
	$(BIN)/python -m benchmarks.decisions $(SET) $(ARGS)

screen: setup ## fit the screen that is shipped with the model anew, after its examples changed (a quarter of an hour)
	$(BIN)/python -m indexer.training screen --work .krupier/screen

clean: ## remove what was built (not the virtual environment)
	rm -rf .krupier .mypy_cache .ruff_cache .pytest_cache
