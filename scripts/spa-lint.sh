#!/usr/bin/env bash
# Formatting, lints and unit tests of the pages.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/common.sh
. scripts/spa-toolchain.sh

say "SPA: formatting"
cargo fmt --manifest-path frontend/Cargo.toml --all --check

# The pages compile on the host too, and with rustup's clippy there the lints need no second toolchain.
export CARGO_TARGET_DIR="$SPA_TARGET/host"
say "SPA: clippy"
cargo clippy -q --locked --manifest-path frontend/Cargo.toml --workspace --all-targets -- -D warnings
say "SPA: unit tests"
cargo test -q --locked --manifest-path frontend/Cargo.toml -p khue-spa
say "SPA: style sheets name colours in tokens.css alone, and no page sets a style attribute"
if grep -nE '#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(' frontend/styles/*.css | grep -v '^frontend/styles/tokens.css'; then die "a colour outside tokens.css"; fi
if grep -rnE '[[:space:]]style="' frontend/src frontend/index.html; then die "a style attribute: the content security policy refuses it"; fi
