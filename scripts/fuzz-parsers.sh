#!/usr/bin/env bash
# `make fuzz`: libFuzzer over every parser of files from outside, from the samples of the project as seeds.
#   scripts/fuzz-parsers.sh [--runs N | --seconds N] [--light] [TARGET …]
# --light takes only those that do not need the database's libraries and the typesetter, which take minutes to compile.
# What makes a parser fall is kept in tests/fuzz/artifacts. With the same number of runs each run does the same.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/common.sh
limit="-max_total_time=60" targets=()
light=(transcript_file pdf detached_signature time_stamp certificate revocation_list revocation_answer)
heavy=(pkcs12 class_list workbook transfer_package exit_archive)
while [ $# -gt 0 ]; do
  case "$1" in
    --runs) limit="-runs=$2"; shift ;;
    --seconds) limit="-max_total_time=$2"; shift ;;
    --light) targets+=("${light[@]}") ;;
    *) targets+=("$1") ;;
  esac
  shift
done
[ ${#targets[@]} -gt 0 ] || targets=("${light[@]}" "${heavy[@]}")
features="" profile=release
for target in "${targets[@]}"; do
  case " ${heavy[*]} " in *" $target "*) features=heavy profile=heavy ;; esac
done
command -v g++ >/dev/null || apt_install g++

# A folder apart, and of this checkout alone: nothing of it may go into other programs. The flags are those of cargo-fuzz, without its sanitizer, which
# needs a nightly compiler; overflows and broken assertions still end a run.
export CARGO_TARGET_DIR="$PWD/tests/fuzz/target"
flags="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4"
flags+=" -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table"
flags+=" -Cllvm-args=-sanitizer-coverage-trace-compares"
host=$(rustc -vV | sed -n 's/^host: //p')
say "building the fuzz targets"
# With a target named, the flags are not for build scripts and macros.
RUSTFLAGS="$flags" cargo build -q --profile "$profile" --target "$host" --manifest-path tests/fuzz/Cargo.toml --features "$features" \
  $(printf -- '--bin %s ' "${targets[@]}")

seeds=$(mktemp -d)
trap 'rm -rf "$seeds"' EXIT
for target in "${light[@]}" "${heavy[@]}"; do mkdir -p "$seeds/$target"; done
cp docs/samples/hoc-ba.xml docs/samples/hoc-ba.pdf "$seeds/transcript_file/"
cp docs/samples/hoc-ba.pdf "$seeds/pdf/"
cp docs/samples/trust/* "$seeds/certificate/"
cp tests/fixtures/class-lists/* "$seeds/class_list/"
cp tests/fixtures/class-lists/*.xlsx "$seeds/workbook/"
# A package and an export of one file each, with manifests that say so.
if command -v python3 >/dev/null; then
  python3 - "$seeds" << 'PACKED'
import hashlib, json, sys, zipfile
seeds, part = sys.argv[1], b'{}'
def pack(path, files):
    with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as packed:
        for name, text in files.items():
            packed.writestr(name, text)
sha256, none = hashlib.sha256(part).hexdigest(), '00000000-0000-0000-0000-000000000000'
package = {'format': 'khue-transfer/1', 'id': none, 'made_at': '2026-06-01T00:00:00Z', 'from': {'code': 'A', 'name': 'A', 'place': ''},
           'to_school': 'B', 'reason': 'c', 'files': [{'name': 'record.json', 'size': len(part), 'sha256': sha256}]}
pack(seeds + '/transfer_package/one.zip', {'manifest.json': json.dumps(package), 'manifest.p7s': b'0', 'record.json': part})
export = {'format': 'khue-exit/2', 'school': {'id': none, 'code': 'A', 'name': 'A'}, 'log': None, 'lock': {'derivation': 'a', 'check': 'b'},
          'files': [{'path': 'schema.json', 'bytes': len(part), 'sha256': sha256}], 'left_out': [], 'secrets': []}
pack(seeds + '/exit_archive/one.zip', {'manifest.json': json.dumps(export), 'schema.json': part})
PACKED
fi
# DER of what openssl makes of the same kinds.
if command -v openssl >/dev/null; then
  (
    cd "$seeds"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out cert.pem -days 30 -subj "/CN=Khue" 2>/dev/null
    openssl x509 -in cert.pem -outform DER -out certificate/self.der
    printf manifest > manifest
    openssl cms -sign -binary -in manifest -signer cert.pem -inkey key.pem -outform DER -out detached_signature/seal.der 2>/dev/null
    cp detached_signature/seal.der time_stamp/
    openssl pkcs12 -export -in cert.pem -inkey key.pem -passout "pass:mật khẩu" -out pkcs12/store.p12
    : > index.txt
    printf '[ca]\ndefault_ca=c\n[c]\ndatabase=index.txt\ndefault_md=sha256\ncrlnumber=n\n' > ca.cnf
    echo 01 > n
    openssl ca -gencrl -config ca.cnf -cert cert.pem -keyfile key.pem -crldays 30 -out crl.pem 2>/dev/null
    openssl crl -in crl.pem -outform DER -out revocation_list/list.der
    cp crl.pem revocation_list/
    openssl ocsp -issuer cert.pem -serial 1 -no_nonce -reqout asked.der 2>/dev/null
    openssl ocsp -index index.txt -CA cert.pem -rsigner cert.pem -rkey key.pem -reqin asked.der -ndays 7 -respout revocation_answer/unknown.der >/dev/null 2>&1
  )
fi

mkdir -p tests/fuzz/artifacts
for target in "${targets[@]}"; do
  say "fuzzing $target"
  program="$CARGO_TARGET_DIR/$host/$profile/$target"
  if ! "$program" "$seeds/$target" -seed=1 "$limit" -timeout=10 -rss_limit_mb=2048 -max_len=262144 -print_final_stats=1 \
    -artifact_prefix="tests/fuzz/artifacts/$target-" > "$seeds/$target.log" 2>&1; then
    tail -40 "$seeds/$target.log" >&2
    die "$target fell; what made it fall is in tests/fuzz/artifacts"
  fi
  grep -E 'stat::number_of_executed_units|cov:' "$seeds/$target.log" | tail -2 | tr '\n' ' ' >&2
  echo >&2
done
