#!/usr/bin/env bash
# Keeps the caches from filling the disk. Each checkout and each change leaves its own build of the project's crates in the shared
# target folders, and cargo never takes one away: those go, the dependencies stay. Where too little is free even then, all of it goes.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/common.sh
. scripts/spa-toolchain.sh
# What a build from nothing takes, with the databases of its tests.
WANTED_GIB=25

free_gib() { echo $(($(df --output=avail -k "$CACHE" | tail -1) / 1048576)); }

# `clean MANIFEST FOLDER`: what was built of the members of a workspace, and all that is kept for the next incremental build.
clean() {
  local manifest=$1 members
  export CARGO_TARGET_DIR=$2
  [ -d "$CARGO_TARGET_DIR/debug" ] || return 0
  rm -rf "$CARGO_TARGET_DIR"/*/incremental
  members=$(cargo metadata --no-deps --format-version 1 --manifest-path "$manifest" |
    node -e 'for (const p of JSON.parse(require("fs").readFileSync(0)).packages) console.log("-p", p.name)')
  # shellcheck disable=SC2086 # one word each
  cargo clean -q --manifest-path "$manifest" $members
}

before=$(free_gib)
(clean Cargo.toml "$CARGO_TARGET_DIR")
(clean frontend/Cargo.toml "$SPA_TARGET/host")
if [ "$(free_gib)" -lt "$WANTED_GIB" ]; then
  # Only what lies in the cache: a folder that somebody named is theirs.
  case "$CARGO_TARGET_DIR" in "$CACHE"/*) rm -rf "$CARGO_TARGET_DIR" ;; esac
  rm -rf "$CACHE"/spa-target "$CACHE"/bench
fi
say "caches: $before GiB were free, now $(free_gib)"
