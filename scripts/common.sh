# Sourced by the other scripts: words for people, and what a machine may lack.

export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$HOME/.cache/khue/target}"
CACHE="${KHUE_CACHE:-$HOME/.cache/khue}"
mkdir -p "$CACHE/bin"
export PATH="$CACHE/bin:$PATH"

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
die() { printf 'khue: %s\n' "$*" >&2; exit 1; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

apt_install() {
  say "installing $*"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

need() { command -v "$1" >/dev/null || die "$1 is missing: $2"; }
needs_for_building() {
  need cargo "install Rust with rustup (https://rustup.rs)"
  need gcc "apt-get install gcc"
  need node "install Node.js 20 or later"
  need npm "install npm"
}
