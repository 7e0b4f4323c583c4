# Targets for a fresh Debian 12 machine with Python 3.11+, git and make; uv is fetched into .cache/ when it is missing.
SHELL := /bin/bash
.DEFAULT_GOAL := help
UV := $(shell command -v uv 2>/dev/null || echo .cache/uv/bin/uv)
RUN := $(UV) run --frozen --all-extras
export UV_PYTHON_DOWNLOADS = never
export DAGSTER_DISABLE_TELEMETRY = yes
export DO_NOT_TRACK = 1
# Where the environment forbids bytecode, every one of a night's many processes would compile every module anew.
export PYTHONDONTWRITEBYTECODE =
ONECARD_HOME ?= $(CURDIR)/onecard-home
DAGSTER_HOME = $(abspath $(ONECARD_HOME))/runs/dagster
# The simulated city of the demo and the day from which it is looked at.
CITY := demo-city
CITY_DAY := 2018-04-25
NOTEBOOK ?= trace_funds

.PHONY: help setup demo dev notebook check test deep docs bench clean

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.cache/uv/bin/uv:
	python3 -m pip install --quiet --target .cache/uv 'uv>=0.5'

.venv/.synced: uv.lock pyproject.toml | $(filter .cache/%,$(UV))
	$(UV) sync --frozen --all-extras --compile-bytecode && touch $@

setup: .venv/.synced ## install everything into .venv from the lock file

demo: setup ## simulate a city with known problems and run the whole job over it
	rm -rf $(CITY)
	$(RUN) onecard simulate $(CITY) --plant
	$(RUN) onecard --home $(CITY)/home receive $(CITY)/inbox/*
	$(RUN) onecard --home $(CITY)/home run --as-of $(CITY_DAY)
	@$(RUN) python -m onecard_app.operations.next_steps $(CITY)/home

dev: setup ## the asset graph, schedule and sensor at http://127.0.0.1:3000
	mkdir -p $(DAGSTER_HOME) && cp orchestration/dagster.yaml $(DAGSTER_HOME)/
	ONECARD_HOME=$(ONECARD_HOME) DAGSTER_HOME=$(DAGSTER_HOME) $(RUN) dagster dev

notebook: setup ## the trace of the money in pictures (NOTEBOOK=review_pairs: pairs to judge), read-only, at http://127.0.0.1:2718
	ONECARD_HOME=$(ONECARD_HOME) $(RUN) marimo run notebooks/$(NOTEBOOK).py --host 127.0.0.1 --headless --no-token --port 2718

check: setup ## lint, types and the import rules of the house
	$(RUN) ruff check . && $(RUN) ruff format --check . && $(RUN) mypy && $(RUN) lint-imports

test: setup ## the whole test suite
	$(RUN) pytest -n 2 --dist loadgroup --no-loadscope-reorder -m "not deep"

deep: setup ## the long runs: kill loops, long fuzz, big cities
	$(RUN) pytest -n 2 --dist loadgroup --no-loadscope-reorder -m deep

docs: setup ## write docs/reference and dbt's file of sources from contracts, rules and dbt metadata
	$(RUN) python -m onecard_app.operations.reference_docs

bench: setup ## measure ingestion and the nightly run beside plain pandas (minutes; JSON in benchmarks/results)
	$(RUN) python -m benchmarks.ingest
	$(RUN) python -m benchmarks.nightly
	$(RUN) python -m benchmarks.trace
	$(RUN) python -m benchmarks.identity
	$(RUN) python -m benchmarks.startup

clean: ## remove everything that can be made again, workspaces excepted
	rm -rf .venv .cache dbt_project/target dbt_project/logs .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache $(CITY)
