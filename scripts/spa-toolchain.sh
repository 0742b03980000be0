# Sourced by the spa-*.sh scripts: a Rust that can compile for the browser, and the frontend's own target folder.
#
# `wasm_cargo COMMAND …` runs cargo for wasm32-unknown-unknown. Where rustup can add the target, that is all; where it cannot
# reach its host, Debian's own Rust brings the sources of the standard library and builds it for the target.

# Never the server's folder: the two compilers would throw away each other's work.
SPA_TARGET="${KHUE_SPA_TARGET_DIR:-$CACHE/spa-target}"
SPA_TRIPLE=wasm32-unknown-unknown
# Leptos then makes one kind of view of every page: smaller, and quicker to compile.
export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="--cfg=erase_components"

rustup_has_wasm() { command -v rustup >/dev/null && rustup target list --installed 2>/dev/null | grep -qx "$SPA_TRIPLE"; }
debian_has_wasm() { [ -x /usr/bin/rustc ] && [ -x /usr/bin/cargo ] && [ -d /usr/lib/rustlib/src/rust/library/std ]; }

# Sets SPA_RUST to `rustup` or `debian`, after installing what is missing.
find_wasm_rust() {
  if rustup_has_wasm; then SPA_RUST=rustup; return; fi
  if debian_has_wasm; then SPA_RUST=debian; return; fi
  if command -v rustup >/dev/null; then
    say "adding the browser target to Rust (rustup target add $SPA_TRIPLE)"
    if timeout 90 rustup target add "$SPA_TRIPLE" >/dev/null 2>&1; then SPA_RUST=rustup; return; fi
    say "rustup cannot fetch it here: using the distribution's Rust, which builds the target's standard library itself"
  fi
  command -v apt-get >/dev/null || die "no Rust for $SPA_TRIPLE: run 'rustup target add $SPA_TRIPLE'"
  apt_install rustc-web cargo-web rust-web-src
  debian_has_wasm || die "the distribution's Rust has no sources of the standard library"
  SPA_RUST=debian
}

wasm_cargo() {
  if [ "$SPA_RUST" = rustup ]; then
    CARGO_TARGET_DIR="$SPA_TARGET" cargo "$@" --target "$SPA_TRIPLE"
    return
  fi
  local linker
  linker="$(rustc --print sysroot 2>/dev/null)/lib/rustlib/$(rustc -vV | sed -n 's/^host: //p')/bin/rust-lld"
  [ -x "$linker" ] || linker=$(ls /usr/lib/llvm-*/bin/lld /usr/bin/rust-lld /usr/lib/rustlib/*/bin/rust-lld 2>/dev/null | head -1)
  [ -n "$linker" ] || die "no linker for WebAssembly (rust-lld)"
  # -Zbuild-std is the one unstable option; the code itself stays on stable Rust.
  env CARGO_TARGET_DIR="$SPA_TARGET" RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc \
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER="$linker" \
    /usr/bin/cargo "$@" --target "$SPA_TRIPLE" -Zbuild-std=std,panic_abort
}

# npm's packages, when the lock file is newer than what is installed.
npm_packages() {
  (
    cd frontend
    if [ node_modules/.package-lock.json -nt package-lock.json ]; then exit 0; fi
    say "npm ci: wasm-opt and the fonts (the lock file holds their hashes)"
    npm ci --no-audit --no-fund --silent
    touch node_modules/.package-lock.json
  )
}
