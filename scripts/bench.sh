#!/usr/bin/env bash
# `make bench`: the release server on the whole province with marks, on SQLite and PostgreSQL, beside raw SQL through the same
# driver. Prints a table and asserts nothing. The databases are made once and kept under the cache folder.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/common.sh
needs_for_building
say "building in release; minutes the first time"
cargo build --release -p api -p khue-bench --bin khue --bin khue-bench
# The yardstick of closing a semester.
venv="$CACHE/duckdb"
if ! "$venv/bin/python" -c 'import duckdb' 2>/dev/null; then
  say "installing duckdb (once)"
  rm -rf "$venv"
  python3 -m venv "$venv" 2>/dev/null || { apt_install python3-venv; python3 -m venv "$venv"; }
  "$venv/bin/pip" install -q 'duckdb>=1.4,<2'
fi
export KHUE_BENCH_PYTHON="$venv/bin/python"
export KHUE_BENCH_CACHE="$CACHE/bench" KHUE_BIN="$CARGO_TARGET_DIR/release/khue"
exec "$CARGO_TARGET_DIR/release/khue-bench" "$@"
