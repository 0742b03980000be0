#!/usr/bin/env bash
# Builds the pages into frontend/dist.
#   scripts/spa-build.sh [--release|--dev] [--force]
# --release (default): smallest. --dev: no link-time optimisation and no wasm-opt, for the loop of writing a page.
# Nothing is done where no input has changed. KHUE_SPA_TARGET_DIR: another folder for the compiler's output.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/common.sh
. scripts/spa-toolchain.sh

mode=release force=
for argument in "$@"; do
  case "$argument" in
    --release) mode=release ;;
    --dev) mode=dev ;;
    --force) force=1 ;;
    *) die "unknown option $argument; usage: scripts/spa-build.sh [--release|--dev] [--force]" ;;
  esac
done
[ "$mode" = release ] && profile=release || profile=wasm-dev

# Two builds at once would take each other's files.
exec 9> "$CACHE/spa-build.lock"
flock 9

inputs() {
  find frontend/src frontend/styles frontend/public frontend/tools crates/dto crates/regulations crates/transcript -type f -not -path '*/tests/*'
  printf '%s\n' frontend/index.html frontend/Cargo.toml frontend/Cargo.lock frontend/package-lock.json Cargo.toml \
    scripts/spa-build.sh scripts/spa-pack.mjs scripts/spa-programs.mjs scripts/spa-figures.mjs scripts/spa-toolchain.sh
}
stamp="$mode $(inputs | LC_ALL=C sort | tr '\n' '\0' | xargs -0 sha256sum | sha256sum | cut -d' ' -f1)"
stamp_file=frontend/node_modules/.spa-stamp
if [ -z "$force" ] && [ -e frontend/dist/index.html ] && [ "$(cat "$stamp_file" 2>/dev/null)" = "$stamp" ]; then
  say "the pages are up to date"
  exit 0
fi

needs_for_building
npm_packages
find_wasm_rust

# Built from this workspace, so that its version is the library's by the one lock file.
bindgen="$SPA_TARGET/host/tool/bindgen"
[ -x "$bindgen" ] || say "building the wasm-bindgen tool (once, under a minute)"
CARGO_TARGET_DIR="$SPA_TARGET/host" cargo build -q --locked --profile tool --manifest-path frontend/Cargo.toml -p bindgen

if [ -d "$SPA_TARGET/$SPA_TRIPLE/$profile" ]; then
  say "compiling the pages to WebAssembly ($mode)"
else
  say "compiling the pages to WebAssembly ($mode); the first time it takes two to four minutes"
fi
wasm_cargo build -q --locked --profile "$profile" --manifest-path frontend/Cargo.toml -p khue-spa

work="$SPA_TARGET/pack"
rm -rf "$work" && mkdir -p "$work"
for program in door family papers people office check; do
  "$bindgen" "$SPA_TARGET/$SPA_TRIPLE/$profile/$program.wasm" "$work" "$program"
done
"$bindgen" "$SPA_TARGET/$SPA_TRIPLE/$profile/khue-spa.wasm" "$work" khue

say "packing: $([ "$mode" = release ] && printf 'wasm-opt, ')content hashes, brotli, gzip"
node scripts/spa-pack.mjs "$mode" "$work" frontend frontend/dist
printf '%s' "$stamp" > "$stamp_file"
