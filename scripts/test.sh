#!/usr/bin/env bash
# `make test`: every test, on both engines, and in the browser.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/common.sh
needs_for_building

if ! cargo nextest --version >/dev/null 2>&1; then
  say "installing cargo-nextest (once)"
  cargo install cargo-nextest --locked --root "$CACHE" --quiet
fi

say "1/4 building the server"
cargo build -q -p api --bin khue

say "2/4 unit, property and API tests, on SQLite and PostgreSQL"
touched=$(mktemp)
trap 'rm -f "$touched"' EXIT
export KHUE_TEST_TOUCHED="$touched"
scripts/with-postgres.sh cargo nextest run --workspace --all-features --no-fail-fast
# Each operation of the document has succeeded in some test, where its audit entry was looked for.
missing=$(comm -23 <(awk '{print $1" "$2}' openapi/operations.txt | sort -u) <(sort -u "$touched"))
if [ -n "$missing" ]; then
  printf 'operations that no test called with success:\n%s\n' "$missing" >&2
  exit 1
fi
say "each of the $(wc -l < openapi/operations.txt) operations succeeded in some test"
unset KHUE_TEST_TOUCHED

say "3/4 the document against bad input (schemathesis), on both engines"
scripts/fuzz.sh

say "4/4 the pages in a browser"
scripts/e2e.sh
