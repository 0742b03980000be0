#!/usr/bin/env bash
# `make e2e`: the pages in a real browser against a real server with a demo school.
#   scripts/e2e.sh [FILE…]
# Without a file: all of them, the visits of every page beside the others, each part with a server and a school of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/common.sh
needs_for_building

if ! [ -x /usr/bin/chromium ]; then apt_install chromium; fi
scripts/spa-build.sh --release
(cd tests/e2e && { [ -d node_modules ] && [ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --no-audit --no-fund --silent; })
cargo build -q -p api --bin khue

# The tests of some files, against a server that lives as long as they do. Papers and rollovers need a year that is over: their files come first.
part() (
  marks=semester1
  case "$1" in papers.test.mjs | rollover.test.mjs) marks=year ;; esac
  dir=$(mktemp -d)
  khue="$CARGO_TARGET_DIR/debug/khue"
  cleanup() { [ -n "${pid:-}" ] && kill "$pid" 2>/dev/null || true; rm -rf "$dir"; }
  trap cleanup EXIT
  DATABASE_URL="" "$khue" demo --size school --marks "$marks" --data "$dir" --json > "$dir/accounts.json"
  # Where the server's mail goes: a test that waits for some listens there.
  KHUE_MAIL_PORT=$(node -e 'const s = require("node:net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
  export KHUE_MAIL_PORT
  DATABASE_URL="" RUST_LOG=warn KHUE__SIGNING__TRIAL=true KHUE__LIMITS__REQUESTS_PER_SECOND=10000 KHUE__LIMITS__REQUESTS_BURST=10000 \
    KHUE__CHANNELS__EMAIL__URL="smtp://127.0.0.1:$KHUE_MAIL_PORT" KHUE__CHANNELS__EMAIL__FROM="Khuê <no-reply@example.vn>" \
    "$khue" serve --data "$dir" --port 0 > "$dir/address" &
  pid=$!
  until [ -s "$dir/address" ]; do kill -0 $pid || die "the server ended"; sleep 0.1; done
  export KHUE_BASE KHUE_ACCOUNTS="$dir/accounts.json"
  KHUE_BASE=$(cat "$dir/address")
  cd tests/e2e
  node --test --test-concurrency=1 "$@"
)

if [ $# -gt 0 ]; then part "$@"; exit; fi
say "three demo schools for the browser"
part pages.test.mjs & first=$!
status=0
others=()
for file in tests/e2e/*.test.mjs; do case "${file##*/}" in pages.test.mjs | papers.test.mjs | rollover.test.mjs) ;; *) others+=("${file##*/}") ;; esac; done
part papers.test.mjs rollover.test.mjs || status=1
part "${others[@]}" || status=1
wait $first || status=1
exit $status
