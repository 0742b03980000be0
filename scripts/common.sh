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

# Run FILE ARGS…: quiet while it goes well, all of its words when it does not.
need() { command -v "$1" >/dev/null || die "$1 is missing: $2"; }
needs_for_building() {
  need cargo "install Rust with rustup (https://rustup.rs)"
  need gcc "apt-get install gcc"
  need node "install Node.js 20 or later"
  need npm "install npm"
}

# Waits until a server answers, or says why it does not.
wait_for() {
  local url=$1 pid=$2 i
  for i in $(seq 1 300); do
    if curl -fsS -o /dev/null "$url" 2>/dev/null; then return 0; fi
    kill -0 "$pid" 2>/dev/null || die "the server ended before it answered"
    sleep 0.1
  done
  die "no answer from $url"
}
