# Sourced by the other scripts: words for people, and what a machine may lack.

export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$HOME/.cache/khue/target}"
CACHE="${KHUE_CACHE:-$HOME/.cache/khue}"
mkdir -p "$CACHE/bin"
export PATH="$CACHE/bin:$PATH"

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
die() { printf 'khue: %s\n' "$*" >&2; exit 1; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

# One at a time, whoever asks.
apt_install() (
  exec 8> "$CACHE/apt.lock"
  flock 8
  say "installing $*"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
)

need() { command -v "$1" >/dev/null || die "$1 is missing: $2"; }
# One target folder may serve several checkouts, and cargo knows their members apart by age alone: what another checkout built
# later would be taken for this one's. So the members are built anew where the last build was somebody else's.
own_target() {
  local mark="$CARGO_TARGET_DIR/.checkout" here
  here=$(pwd -P)
  [ "$(cat "$mark" 2>/dev/null)" = "$here" ] && return
  mkdir -p "$CARGO_TARGET_DIR"
  find crates migrations tests -name '*.rs' -path '*/src/*' -exec touch {} +
  printf '%s' "$here" > "$mark"
}
# A folder for what lives as long as one command: in memory where there is room, for the thousands of small files of a test run.
quick_tmp() {
  local free
  free=$(df --output=avail -k /dev/shm 2>/dev/null | tail -1 || true)
  if [ -w /dev/shm ] && [ "${free:-0}" -gt 4000000 ]; then TMPDIR=$(mktemp -d /dev/shm/khue-XXXXXX); else TMPDIR=$(mktemp -d); fi
  # The database server of the tests may run as another user.
  chmod 755 "$TMPDIR"
  export TMPDIR
}
needs_for_building() {
  own_target
  need cargo "install Rust with rustup (https://rustup.rs)"
  need gcc "apt-get install gcc"
  need node "install Node.js 20 or later"
  need npm "install npm"
}
