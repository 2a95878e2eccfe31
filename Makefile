# `make run` and `make test` need python3 (3.11 or later, with venv) and nothing else installed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
.DEFAULT_GOAL := help

PYTHON_RASA ?= python3.10
.PHONY: help run test bench bench-rasa rasa-test lint format lock wheel widget screenshots clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

run: $(VENV)/run.stamp ## set up and start the assistant on http://127.0.0.1:5005
	$(BIN)/balise serve

test: $(VENV)/test.stamp tests/node_modules webhook/widget/node_modules lint ## set up, lint, check types, run every test
	$(BIN)/python -m pytest -n auto

# The accessibility rules that pages are checked with, and a widget made for Rasa (its bundle is
# whole: its 260 dependencies are not needed); without npm these checks are skipped.
tests/node_modules: tests/package-lock.json tests/rasa-webchat.sha512
	@if command -v npm >/dev/null; then cd tests && npm ci --silent --ignore-scripts --no-audit --no-fund \
	&& npm pack --silent --pack-destination node_modules rasa-webchat@1.0.1 >/dev/null \
	&& $(PYTHON) -c 'import hashlib; digest, name = open("rasa-webchat.sha512").read().split(); assert hashlib.sha512(open(name, "rb").read()).hexdigest() == digest, name' \
	&& mkdir -p node_modules/rasa-webchat \
	&& tar -xzf node_modules/rasa-webchat-1.0.1.tgz -C node_modules/rasa-webchat --strip-components=1; \
	else echo "npm est absent : les pages ne seront pas vérifiées avec axe-core."; fi

# The tools that bundle and check the widget; the bundle itself is in the repository.
webhook/widget/node_modules: webhook/widget/package-lock.json
	@if command -v npm >/dev/null; then cd webhook/widget && npm ci --silent --ignore-scripts --no-audit --no-fund; \
	else echo "npm est absent : le widget ne sera pas reconstruit ni vérifié."; fi

widget: $(VENV)/run.stamp webhook/widget/node_modules ## bundle the widget from its sources
	$(BIN)/python -m webhook.widget.strings > webhook/widget/source/strings.js
	cd webhook/widget && npm run --silent check && npm run --silent build

screenshots: $(VENV)/test.stamp ## draw the widget and the pages in screenshots/ (needs chromium)
	$(BIN)/python -m tests.widget.screenshots screenshots

lint: $(VENV)/test.stamp ## formatting, lint and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(VENV)/test.stamp ## format and mend what the linter can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/test.stamp ## measure speed and memory, side by side in one run
	$(BIN)/python -m tests.bench

rasa-test: $(VENV)/test.stamp .venv-rasa/stamp ## play our dialogues in a real Rasa (needs python3.10; 3 GB, fifteen minutes)
	$(BIN)/python -m tests.rasa .venv-rasa/bin

# Rasa's own number of epochs is 100: four hours on two cores.
EPOCHS ?= 100
bench-rasa: $(VENV)/test.stamp .venv-rasa/stamp ## measure Balise beside Rasa, into docs/benchmark.md (needs python3.10; some three hours, or one with EPOCHS=30)
	$(BIN)/python -m tests.rasa.bench .venv-rasa/bin --epochs $(EPOCHS) --write

.venv-rasa/stamp: tests/rasa/requirements.txt
	$(PYTHON_RASA) -m venv .venv-rasa
	.venv-rasa/bin/pip install -q --disable-pip-version-check -r tests/rasa/requirements.txt
	@touch $@

wheel: $(VENV)/test.stamp ## build the wheel into dist/
	$(BIN)/python -m hatchling build -t wheel

lock: ## pin the dependencies again (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes pyproject.toml -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --group dev pyproject.toml -o requirements-dev.lock

clean: ## remove what was built
	rm -rf $(VENV) .venv-rasa dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Balise demande Python 3.11 ou plus récent (make PYTHON=python3.12 …)."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --editable .
	@touch $@

$(VENV)/test.stamp: requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --editable .
	@touch $@ $(VENV)/run.stamp
