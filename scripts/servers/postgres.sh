#!/usr/bin/env bash
# A Postgres server for tests: in a temporary folder, on loopback and a free port, until stdin ends.
#
#   postgres.sh
#   postgres.sh check     only checks that it can run
#   postgres.sh install   installs it; only as root
#
# stdin   crash: simulate a power cut; start: restart it on the same port
# stdout  its address, each time it is ready; "crashed" after a crash
set -euo pipefail
source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/server.bash"

check() {
  local initdb
  initdb=$(command -v initdb || printf '%s\n' /usr/lib/postgresql/*/bin/initdb | sort -V | tail -n 1)
  programs=$(dirname -- "$(readlink -f -- "$initdb")")
  [[ -x $programs/initdb && -x $programs/postgres ]] ||
    fail 'no PostgreSQL server is installed (apt-get install postgresql)'
}
install() { packages postgresql; }
obey "$@"
make_folder

port=$(free_ports 1)
address=postgres://etl:secret@127.0.0.1:$port/postgres
echo secret >"$folder/password"
# It refuses to run as root, and must be able to read the working directory.
as=()
if ((EUID == 0)); then
  user=$(id -u postgres 2>/dev/null || id -u nobody)
  as=(setpriv "--reuid=$user" "--regid=$(id -g "$user" 2>/dev/null || id -g nobody)" --clear-groups)
  chown -R "$user" "$folder"
fi
cd -- "$folder"
"${as[@]}" "$programs/initdb" -D "$folder/data" -U etl -A scram-sha-256 --pwfile="$folder/password" \
  --encoding=UTF8 --locale=C --no-sync >"$folder/initdb.log" 2>&1 || fail "$(last_line "$folder/initdb.log")"

run() {
  exec "${as[@]}" "$programs/postgres" -D "$folder/data" -p "$port" -k "$folder" \
    -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=100
}
ready() { logged 'ready to accept connections'; }
# An immediate shutdown; KILL would leave its workers behind.
power_cut=QUIT
start
serve
