#!/usr/bin/env bash
# moto, an SQS and an S3 server for tests: on loopback and a free port, until stdin ends. It keeps what it has in memory.
#
#   moto.sh [strict]   strict: it knows no credentials, and refuses all
#   moto.sh check      only says whether it can
#   moto.sh install    fetches it, and boto3, once
#   moto.sh python     prints the path of a Python that has boto3
#
# stdout  its address when it is ready
set -euo pipefail

fail() { echo "moto.sh: $*" >&2; exit 69; }

packages=('moto[server,s3,sqs]==5.2.5' boto3==1.44.8)
home=${XDG_CACHE_HOME:-$HOME/.cache}/etlutils-servers/moto
environment=$home/$(printf '%s\n' "${packages[@]}" | sha256sum | cut -c 1-12)

install() {
  [[ ! -e $environment/complete ]] || return 0
  command -v python3 >/dev/null || fail 'no Python is installed (apt-get install python3-venv)'
  mkdir -p -- "$home"
  # A virtual environment cannot be moved: of two at once the second one waits.
  exec 9>"$home/lock"
  flock 9
  [[ ! -e $environment/complete ]] || return 0
  python3 -m venv --clear "$environment" >&2 || fail 'no virtual environment of Python (apt-get install python3-venv)'
  "$environment/bin/pip" install -q --disable-pip-version-check "${packages[@]}" >&2 || fail 'pip could not fetch moto'
  touch -- "$environment/complete"
}

if [[ ${1-} == install ]]; then
  install
  exit
fi
[[ -e $environment/complete ]] || fail 'moto is not installed (scripts/servers/moto.sh install)'
case ${1-} in
  check) exit 0 ;;
  python)
    echo "$environment/bin/python"
    exit 0
    ;;
  strict) export INITIAL_NO_AUTH_ACTION_COUNT=0 ;;
esac

folder=$(mktemp -d)
cleanup() {
  trap '' EXIT
  [[ -z ${server-} ]] || kill -KILL "$server" 2>/dev/null || true
  rm -rf -- "$folder"
}
trap cleanup EXIT
trap 'exit 143' TERM INT HUP

port=$(node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})')
"$environment/bin/moto_server" -H 127.0.0.1 -p "$port" </dev/null >"$folder/log" 2>&1 &
server=$!
until (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
  kill -0 "$server" 2>/dev/null || fail "$(tail -n 1 "$folder/log")"
  sleep 0.05
done
echo "http://127.0.0.1:$port"
while read -r _; do :; done
