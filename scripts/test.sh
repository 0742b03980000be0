#!/usr/bin/env bash
# `make test`: every test, on both engines, and in the browser. What does not wait for another runs beside it: the pages are
# built while the server is, and the document is attacked and the pages are opened while the Rust tests run.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/common.sh
needs_for_building
started=$(date +%s)
took() { say "$* ($(($(date +%s) - started)) s)"; }

if ! cargo nextest --version >/dev/null 2>&1; then
  say "installing cargo-nextest (once)"
  cargo install cargo-nextest --locked --root "$CACHE" --quiet
fi
# What is not ours and has to agree with us on signatures and forms.
for tool in xmlsec1:xmlsec1 xmllint:libxml2-utils pdfsig:poppler-utils softhsm2-util:softhsm2 openssl:openssl; do
  command -v "${tool%%:*}" >/dev/null || apt_install "${tool##*:}"
done
quick_tmp
jobs=()
trap 'kill "${jobs[@]}" 2>/dev/null || true; rm -rf "$TMPDIR"' EXIT

# A step beside the others; what it says is kept until somebody asks for it.
beside() { local name=$1; shift; "$@" > "$TMPDIR/$name.log" 2>&1 & jobs+=($!); declare -g "pid_$name=$!"; }
failed=()
# Shows what a step had to say, and notes whether it failed.
finish() {
  local name=$1 pid="pid_$1"
  if wait "${!pid}"; then took "$2: passed"; else failed+=("$2"); took "$2: FAILED"; fi
  cat "$TMPDIR/$name.log" >&2
}

say "building: the server and the tests; beside them the pages, which are opened in a browser as soon as they are there"
beside e2e scripts/e2e.sh
cargo build -q -p api --bin khue
cargo nextest run --workspace --all-features --no-run

took "unit, property and API tests, on SQLite and PostgreSQL; beside them the document against bad input"
beside fuzz scripts/fuzz.sh
beside parsers scripts/fuzz-parsers.sh --light --runs 5000
touched="$TMPDIR/touched"
: > "$touched"
KHUE_TEST_TOUCHED="$touched" scripts/with-postgres.sh cargo nextest run --workspace --all-features --no-fail-fast \
  --status-level fail --final-status-level fail || failed+=("tests")
# Each operation of the document has succeeded in some test, where its audit entry was looked for.
missing=$(comm -23 <(awk '{print $1" "$2}' openapi/operations.txt | sort -u) <(sort -u "$touched"))
if [ -n "$missing" ]; then
  printf 'operations that no test called with success:\n%s\n' "$missing" >&2
  failed+=("operations without a test")
else
  took "each of the $(wc -l < openapi/operations.txt) operations succeeded in some test"
fi
finish fuzz "the document against bad input (schemathesis), on both engines"
finish e2e "the pages in a browser"
finish parsers "parsers of signed files under libFuzzer"

[ ${#failed[@]} = 0 ] || { printf -v list '%s, ' "${failed[@]}"; die "failed: ${list%, }"; }
took "everything passed"
