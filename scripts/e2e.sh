#!/usr/bin/env bash
# `make e2e`: the pages in a real browser against a real server with a demo school.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/common.sh
needs_for_building

if ! [ -x /usr/bin/chromium ]; then apt_install chromium; fi
scripts/spa-build.sh --release
cargo build -q -p api --bin khue
(cd tests/e2e && { [ -d node_modules ] && [ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --no-audit --no-fund --silent; })

dir=$(mktemp -d)
khue="$CARGO_TARGET_DIR/debug/khue"
cleanup() { [ -n "${pid:-}" ] && kill "$pid" 2>/dev/null || true; rm -rf "$dir"; }
trap cleanup EXIT
say "a demo school for the browser"
DATABASE_URL="" "$khue" demo --size school --marks semester1 --data "$dir" --json > "$dir/accounts.json"
DATABASE_URL="" RUST_LOG=warn KHUE__LIMITS__REQUESTS_PER_SECOND=10000 KHUE__LIMITS__REQUESTS_BURST=10000 \
  "$khue" serve --data "$dir" --port 0 > "$dir/address" &
pid=$!
until [ -s "$dir/address" ]; do kill -0 $pid || die "the server ended"; sleep 0.1; done
export KHUE_BASE KHUE_ACCOUNTS="$dir/accounts.json"
KHUE_BASE=$(cat "$dir/address")
cd tests/e2e
node --test --test-concurrency=1 "${@:-.}"
