#!/usr/bin/env bash
# An emulator of BigQuery for tests (crucible, with DuckDB inside): on loopback and a free port, until stdin ends. In its
# project "project" it has the dataset "rows".
#
# stdin   crash: stop it as a power cut would; start: start it again, on the same port
# stdout  what BIGQUERY_EMULATOR_HOST must be, each time that it is ready; "crashed" when it is
#
# With the word check it only says whether it can; with the word install it installs what it needs, once.
set -euo pipefail

VERSION=0.1.0a2
home=${XDG_CACHE_HOME:-$HOME/.cache}/etlutils-servers/bigquery
venv=$home/crucible-$VERSION

fail() { echo "bigquery.sh: $*" >&2; exit 69; }

if [[ ${1-} == install && ! -x $venv/bin/crucible ]]; then
  command -v python3 >/dev/null || fail 'no Python is installed (apt-get install python3 python3-venv)'
  mkdir -p -- "$home"
  exec 9>"$home/lock"
  flock 9
  if [[ ! -x $venv/bin/crucible ]]; then
    rm -rf -- "$venv"
    python3 -m venv "$venv" >&2 || fail 'cannot make a Python environment (apt-get install python3-venv)'
    "$venv/bin/pip" install --quiet --disable-pip-version-check "crucible-emulator[server]==$VERSION" >&2 ||
      fail 'pip failed'
  fi
fi
[[ -x $venv/bin/crucible ]] || fail "no emulator of BigQuery is installed (scripts/servers/bigquery.sh install)"
[[ ${1-} != check && ${1-} != install ]] || exit 0

folder=$(mktemp -d)
server=
crash() {
  [[ -n $server ]] || return 0
  kill -KILL "$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
  server=
}
cleanup() {
  trap '' EXIT
  crash
  rm -rf -- "$folder"
}
trap cleanup EXIT
trap 'exit 143' TERM INT HUP

port=$(node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})')

start() {
  "$venv/bin/crucible" serve --dialect bigquery --port "$port" --database "$folder/data" </dev/null >>"$folder/log" 2>&1 &
  server=$!
  until (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
    kill -0 "$server" 2>/dev/null || fail "$(tail -n 1 "$folder/log")"
    sleep 0.05
  done
}
address="127.0.0.1:$port"

start
node -e 'fetch(process.argv[1], { method: "POST", headers: { "content-type": "application/json" }, body: process.argv[2] })
  .then(({ ok }) => process.exit(ok ? 0 : 1))' "http://$address/bigquery/v2/projects/project/datasets" \
  '{"datasetReference":{"projectId":"project","datasetId":"rows"}}' || fail 'it makes no dataset'
echo "$address"
while read -r command; do
  case $command in
    crash) crash && echo crashed ;;
    start) start && echo "$address" ;;
  esac
done
