#!/usr/bin/env bash
# An S3 server for tests, versitygw: on loopback and a free port, until stdin ends. A bucket is a folder in a folder, an
# object a file in it.
#
#   versitygw.sh [FOLDER]   with the buckets in FOLDER; in a temporary one by default
#   versitygw.sh check      only says whether it can
#   versitygw.sh install    builds it, which takes minutes, once
#
# stdin   crash: stop it as kill -9 does; start: start it again
# stdout  its address, with the key and its secret, each time that it is ready; "crashed" when it is
set -euo pipefail

version=v1.8.0
home=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/etlutils-servers/versitygw
program=$home/versitygw-$version

fail() { echo "versitygw.sh: $*" >&2; exit 69; }

install() {
  [[ ! -x $program ]] || return 0
  PATH=$PATH:/usr/local/go/bin
  command -v go >/dev/null || fail 'no Go is installed (https://go.dev/dl/)'
  mkdir -p -- "$home"
  # Of two at once each builds its own, and the second one replaces the first.
  local built
  built=$(mktemp -d -- "$home/build-XXXXXX")
  # shellcheck disable=SC2064
  trap "rm -rf -- '$built'" EXIT
  GOBIN=$built CGO_ENABLED=0 go install "github.com/versity/versitygw/cmd/versitygw@$version" >&2 ||
    fail "versitygw $version cannot be built (see above)"
  mv -f -- "$built/versitygw" "$program"
}

case ${1-} in
  install)
    install
    exit 0
    ;;
  check)
    [[ -x $program ]] || fail "versitygw is not installed (scripts/servers/versitygw.sh install)"
    exit 0
    ;;
esac
"$0" check

temporary=$(mktemp -d)
folder=${1:-$temporary/buckets}
mkdir -p -- "$folder" "$temporary/metadata"
cleanup() {
  trap '' EXIT
  crash
  rm -rf -- "$temporary"
}
crash() {
  [[ -z ${server-} ]] && return
  kill -KILL "$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
  server=
}
trap cleanup EXIT
trap 'exit 143' TERM INT HUP

port=$(node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})')
start() {
  ROOT_ACCESS_KEY=etl ROOT_SECRET_KEY=secret-of-etl "$program" --port "127.0.0.1:$port" --quiet \
    posix --sidecar "$temporary/metadata" "$folder" </dev/null >>"$temporary/log" 2>&1 &
  server=$!
  until (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
    kill -0 "$server" 2>/dev/null || fail "$(tail -n 1 "$temporary/log")"
    sleep 0.02
  done
  echo "http://etl:secret-of-etl@127.0.0.1:$port"
}

start
while read -r command; do
  case $command in
    crash) crash && echo crashed ;;
    start) start ;;
  esac
done
