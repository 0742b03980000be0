#!/usr/bin/env bash
# Sends what a person can send wrong to every operation of the document, on both engines: no answer may be a 5xx, and every
# answer must be one that the document names.   FUZZ_EXAMPLES=n: how many inputs an operation.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/common.sh
examples="${FUZZ_EXAMPLES:-5}"

venv="$CACHE/schemathesis"
if ! "$venv/bin/schemathesis" --version >/dev/null 2>&1; then
  say "installing schemathesis (once)"
  rm -rf "$venv"
  python3 -m venv "$venv" 2>/dev/null || { apt_install python3-venv; python3 -m venv "$venv"; }
  "$venv/bin/pip" install -q 'schemathesis>=4.32,<5'
fi
khue="$CARGO_TARGET_DIR/debug/khue"
trap 'kill ${server:-} ${other:-} 2>/dev/null || true' EXIT

# Left out: what would end the caller's own session, and a stream of events, whose shape the document can only describe in words.
fuzz() {
  local name=$1 url=$2 roles=$3 dir port log
  dir=$(mktemp -d)
  log="$dir/server.log"
  export DATABASE_URL="$url"
  "$khue" demo --size school --marks none --data "$dir" --json > "$dir/accounts.json" 2>"$log" || { cat "$log" >&2; exit 1; }
  KHUE__LIMITS__REQUESTS_PER_SECOND=100000 KHUE__LIMITS__REQUESTS_BURST=100000 RUST_LOG=warn \
    "$khue" serve --data "$dir" --port 0 > "$dir/address" 2>>"$log" &
  local pid=$!
  server=$pid
  until [ -s "$dir/address" ]; do kill -0 $pid || { cat "$log" >&2; exit 1; }; sleep 0.1; done
  local base
  base=$(cat "$dir/address")
  local token
  for role in $roles; do
    token=$(node scripts/sign-in.mjs "$base" "$dir/accounts.json" "$role")
    say "schemathesis on $name as $role"
    if ! (cd "$dir" && "$venv/bin/schemathesis" run "$base/openapi.json" --header "Authorization: Bearer $token" \
      --checks not_a_server_error,content_type_conformance,status_code_conformance,response_schema_conformance \
      --phases examples,coverage,fuzzing --max-examples "$examples" --seed 1 --workers 1 --no-color \
      --exclude-path-regex 'sessions/current|/me/password|password-resets|/events' --request-timeout 30) > "$dir/report.txt" 2>&1; then
      sed -n "/ FAILURES /,/ WARNINGS /p" "$dir/report.txt" | head -300 >&2
      # What went wrong otherwise (no answer in time, say) stands elsewhere in it.
      tail -60 "$dir/report.txt" >&2
      tail -30 "$log" >&2
      kill $pid
      exit 1
    fi
    tail -4 "$dir/report.txt" >&2
  done
  kill $pid
  wait $pid 2>/dev/null || true
  rm -rf "$dir"
}

# Four roles that reach unlike things, two on each engine: what a role may is the same code on both. FUZZ_ALL=1: all on both.
if [ "${1:-}" = postgres ]; then
  fuzz PostgreSQL "$KHUE_TEST_POSTGRES" "${FUZZ_ALL:+province_admin subject_teacher }principal guardian"
else
  scripts/with-postgres.sh "$0" postgres &
  other=$!
  fuzz SQLite "" "province_admin subject_teacher${FUZZ_ALL:+ principal guardian}"
  wait $other
fi
