#!/usr/bin/env bash
# Runs a command with a private PostgreSQL: a cluster in a temporary folder on a free port, started before it and gone after it.
# Sets KHUE_TEST_POSTGRES to its URL.   scripts/with-postgres.sh [--durable] COMMAND…
# Without --durable it does not wait for the disk: made for tests, never for measuring.
set -euo pipefail

durable=off
if [ "${1:-}" = --durable ]; then durable=on; shift; fi

. "$(dirname "$0")/common.sh"

find_bin() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1; }
bin=$(find_bin || true)
if [ -z "$bin" ] || [ ! -x "$bin/initdb" ]; then
  apt_install postgresql
  bin=$(find_bin)
fi

dir=$(mktemp -d "${TMPDIR:-/tmp}/khue-pg.XXXXXX")
# PostgreSQL refuses to run as root.
if [ "$(id -u)" = 0 ]; then
  chown postgres "$dir"
  run() { setpriv --reuid=postgres --regid=postgres --clear-groups env HOME="$dir" "$@"; }
else
  run() { "$@"; }
fi
cleanup() {
  run "$bin/pg_ctl" -D "$dir/data" -m immediate -w stop >/dev/null 2>&1 || true
  rm -rf "$dir"
}
trap cleanup EXIT

port=$(python3 - <<'P' 2>/dev/null || node -e 'const s=require("net").createServer();s.listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})'
import socket
s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])
P
)
cd "$dir"
run "$bin/initdb" -D "$dir/data" -U khue -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$dir/initdb.log" 2>&1 || { cat "$dir/initdb.log" >&2; exit 1; }
run "$bin/pg_ctl" -D "$dir/data" -w -l "$dir/server.log" \
  -o "-p $port -k $dir -c listen_addresses=127.0.0.1 -c fsync=$durable -c synchronous_commit=on -c full_page_writes=$durable -c max_connections=300 -c shared_buffers=256MB" \
  start >/dev/null || { cat "$dir/server.log" >&2; exit 1; }
cd - >/dev/null
export KHUE_TEST_POSTGRES="postgres://khue@127.0.0.1:$port/postgres"
export KHUE_TEST_POSTGRES_DATA="$dir/data"
"$@"
