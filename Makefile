# The doors: demo, run, test, check, bench. Everything that CI runs is one of them.
PYTHON ?= python3
BIN := .venv/bin
# Tests run in a network namespace that has loopback only. Where a container forbids that: make test OFFLINE=
OFFLINE ?= scripts/offline
# Processes of the test run. Most tests wait for a world, so there may be more of them than cores. One debugger needs one: 0.
WORKERS ?= 3

.PHONY: demo run test check bench bench-keys bench-outside bench-redteam bench-judge bench-guard disagreements lock generate format wheels clean help

help:
	@echo "make demo    audit a chatbot with launch faults, on this machine"
	@echo "make run     start coachbot, the reference product"
	@echo "make test    run every test, without a network"
	@echo "make check   lint, types, layers, generated pages fresh, no key in files or history"
	@echo "make bench   measure what we promise, beside a peer where there is one"
	@echo "make bench-keys   what the search for keys finds and costs beside three peers (installs them; 2 GB of disk)"
	@echo "make bench-outside   an audit beside the specialists run by hand (installs them; needs root, iproute2 and node)"
	@echo "make bench-redteam   the red team on a hundred practice bots, beside garak (installs it; 6 GB of disk)"
	@echo "make bench-guard   what the guard costs a product, beside the same product bare"
	@echo "make bench-judge   how well the red team's answers are judged, by labelled answers, and how fast"
	@echo "also: make lock | generate | format | wheels | clean"

demo: .venv/demo.stamp
	@scripts/demo

run: .venv/demo.stamp
	@$(BIN)/python -m coachbot --dev

test: .venv/dev.stamp
	@$(OFFLINE) $(BIN)/pytest -n $(WORKERS) --dist loadfile

check: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/generate --check
	$(BIN)/launchready secrets .

bench: .venv/dev.stamp
	$(BIN)/python bench/run.py

bench-keys: .venv/dev.stamp
	$(BIN)/python bench/keys.py --cost

bench-outside: .venv/dev.stamp
	$(BIN)/python bench/outside.py

bench-redteam: .venv/dev.stamp
	$(BIN)/python bench/redteam.py

bench-guard: .venv/dev.stamp
	$(BIN)/python bench/guard.py

bench-judge: .venv/dev.stamp
	$(BIN)/python bench/judge.py

disagreements: .venv/dev.stamp
	$(BIN)/python bench/disagreements.py

generate: .venv/dev.stamp
	$(BIN)/python scripts/generate

format: .venv/dev.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock:
	scripts/lock

wheels: .venv/dev.stamp
	scripts/wheels

.venv/demo.stamp: requirements/demo.txt pyproject.toml guard/pyproject.toml coachbot/pyproject.toml worlds/pyproject.toml
	@PYTHON="$(PYTHON)" scripts/setup demo

.venv/dev.stamp: requirements/dev.txt .venv/demo.stamp
	@PYTHON="$(PYTHON)" scripts/setup dev

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist build
