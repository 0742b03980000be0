#!/usr/bin/env bash
# `make bench`: the release server on the whole province with marks, on SQLite and PostgreSQL, beside raw SQL through the same
# driver. Prints a table and asserts nothing. The databases are made once and kept under the cache folder.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/common.sh
needs_for_building
say "building in release; minutes the first time"
cargo build --release -p api -p khue-bench --bin khue --bin khue-bench
export KHUE_BENCH_CACHE="$CACHE/bench" KHUE_BIN="$CARGO_TARGET_DIR/release/khue"
exec "$CARGO_TARGET_DIR/release/khue-bench" "$@"
