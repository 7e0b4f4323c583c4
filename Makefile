# Targets for a fresh Debian 12 machine with Python 3.11+, git and make; uv is fetched into .cache/ when it is missing.
SHELL := /bin/bash
.DEFAULT_GOAL := help
UV := $(shell command -v uv 2>/dev/null || echo .cache/uv/bin/uv)
RUN := $(UV) run --frozen --all-extras
export UV_PYTHON_DOWNLOADS = never
export DAGSTER_DISABLE_TELEMETRY = yes
export DO_NOT_TRACK = 1

.PHONY: help setup demo check test deep docs bench clean

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.cache/uv/bin/uv:
	python3 -m pip install --quiet --target .cache/uv 'uv>=0.5'

.venv/.synced: uv.lock pyproject.toml | $(filter .cache/%,$(UV))
	$(UV) sync --frozen --all-extras --compile-bytecode && touch $@

setup: .venv/.synced ## install everything into .venv from the lock file

check: setup ## lint, types and the import rules of the house
	$(RUN) ruff check . && $(RUN) ruff format --check . && $(RUN) mypy && $(RUN) lint-imports

test: setup ## the whole test suite
	$(RUN) pytest -n 2 --dist loadgroup -m "not deep"
