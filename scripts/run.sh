#!/usr/bin/env bash
# `make run`: builds what is needed, fills an empty database, serves. A second run keeps the data.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/common.sh
needs_for_building
DATA="${DATA:-./data}"
PORT="${PORT:-8080}"

say "1/3 the pages (SPA)"
scripts/spa-build.sh --release
say "2/3 the server; the first time takes some minutes"
# As the tests build it: `make test` after `make run` compiles no library again. For real use there is `make release`.
cargo build -p api --bin khue
khue="$CARGO_TARGET_DIR/debug/khue"

if [ ! -e "$DATA/khue.db" ]; then
  say "3/3 a school to look around in: classes, learners, marks of semester I"
  mkdir -p "$DATA"
  # Only a whole demo is kept.
  "$khue" demo --size school --marks semester1 --data "$DATA/making" > "$DATA/demo-accounts.txt"
  mv "$DATA/making"/* "$DATA/" && rmdir "$DATA/making"
else
  say "3/3 the data in $DATA are kept"
fi

echo
[ -e "$DATA/demo-accounts.txt" ] && cat "$DATA/demo-accounts.txt"
echo
echo "  Khuê: http://127.0.0.1:$PORT   API: /api/v1   Tài liệu API: /docs   (Ctrl+C để dừng)"
echo
# Signing can be tried: certificates of no legal force, marked so.
export KHUE__SIGNING__TRIAL="${KHUE__SIGNING__TRIAL:-true}"
exec "$khue" serve --data "$DATA" --port "$PORT"
