# Khuê. `make run` and `make test` do all the set-up; `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
export CARGO_TARGET_DIR ?= $(HOME)/.cache/khue/target
# The data folder of `make run`.
DATA ?= ./data
PORT ?= 8080

.PHONY: help
help: ## What can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.PHONY: run
run: ## Build what is needed, fill an empty database, serve on 127.0.0.1:8080
	@scripts/run.sh

.PHONY: check
check: ## What a developer runs all day: formatting and types, in seconds
	cargo fmt --all --check
	cargo check --workspace --all-targets

.PHONY: lint
lint: ## Formatting and lints of server and SPA
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --all-features -- -D warnings
	scripts/spa-lint.sh

.PHONY: test
test: ## Every test: unit, property, API on SQLite and PostgreSQL, fuzzing of the document, browser
	@scripts/test.sh

.PHONY: e2e
e2e: ## The browser tests alone
	@scripts/e2e.sh

.PHONY: fuzz
fuzz: ## libFuzzer over every parser of files from outside, a minute each
	@scripts/fuzz-parsers.sh

.PHONY: openapi
openapi: ## Write openapi/ anew from the code
	cargo run -q -p api --bin khue -- openapi --out openapi

.PHONY: spa
spa: ## Build the SPA into frontend/dist
	scripts/spa-build.sh --release

.PHONY: release
release: spa ## The release binary with the SPA inside
	cargo build --release -p api --bin khue
	@echo "$$CARGO_TARGET_DIR/release/khue"

.PHONY: bench
bench: ## Measure against the ceiling, on both engines; prints a table, asserts nothing
	@scripts/bench.sh
