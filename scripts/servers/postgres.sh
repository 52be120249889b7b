#!/usr/bin/env bash
# A Postgres server for tests: in a temporary folder, on loopback and a free port, until stdin ends.
#
# stdin   crash: stop it as a power cut would; start: start it again
# stdout  its address, each time that it is ready; "crashed" when it is
#
# With the word check it only says whether it can; with install, as root, it installs what is missing.
set -euo pipefail

fail() { echo "postgres.sh: $*" >&2; exit 69; }

initdb=$(command -v initdb || printf '%s\n' /usr/lib/postgresql/*/bin/initdb | sort -V | tail -n 1)
if [[ ${1-} == install ]]; then
  [[ -x $initdb ]] || apt-get install -q -y --no-install-recommends postgresql
  exit 0
fi
programs=$(dirname -- "$(readlink -f -- "$initdb")")
[[ -x $programs/initdb && -x $programs/postgres ]] || fail 'no PostgreSQL server is installed (apt-get install postgresql)'
[[ ${1-} != check ]] || exit 0

# It refuses to run as root.
as=()
if ((EUID == 0)); then
  user=$(id -u postgres 2>/dev/null || id -u nobody)
  as=(setpriv "--reuid=$user" "--regid=$(id -g "$user" 2>/dev/null || id -g nobody)" --clear-groups)
fi

folder=$(mktemp -d)
cleanup() {
  trap '' EXIT
  crash
  rm -rf -- "$folder"
}
crash() {
  [[ -z ${server-} ]] && return
  kill -QUIT "$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
  server=
  rm -f -- "$folder/data/postmaster.pid"
}
trap cleanup EXIT
trap 'exit 143' TERM INT HUP

port=$(node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})')
echo secret >"$folder/password"
((EUID != 0)) || chown -R "$user" "$folder"

start() {
  "${as[@]}" "$programs/postgres" -D "$folder/data" -p "$port" -k "$folder" \
    -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=100 </dev/null >>"$folder/log" 2>&1 &
  server=$!
  until grep -qs ready "$folder/data/postmaster.pid"; do
    kill -0 "$server" 2>/dev/null || fail "$(tail -n 1 "$folder/log")"
    sleep 0.05
  done
  echo "postgres://etl:secret@127.0.0.1:$port/postgres"
}

cd -- "$folder"
"${as[@]}" "$programs/initdb" -D "$folder/data" -U etl -A scram-sha-256 --pwfile="$folder/password" \
  --encoding=UTF8 --locale=C --no-sync >"$folder/log" 2>&1 || fail "$(tail -n 1 "$folder/log")"
start
while read -r command; do
  case $command in
    crash) crash && echo crashed ;;
    start) start ;;
  esac
done
