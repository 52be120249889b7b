#!/usr/bin/env bash
# An S3 server for tests, versitygw: on loopback and a free port, until stdin ends. Buckets are folders, objects are files.
#
#   versitygw.sh [FOLDER]   with the buckets in FOLDER; in a temporary one by default
#   versitygw.sh check      only checks that it can run
#   versitygw.sh install    builds it, once, which takes minutes
#
# stdin   crash: stop it with SIGKILL; start: restart it on the same port
# stdout  its address, with the access key and secret, each time it is ready; "crashed" after a crash
set -euo pipefail
source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/server.bash"

module=github.com/versity/versitygw/cmd/versitygw@v1.8.0
home=$(home_of "$module")
build() { GOBIN=$home CGO_ENABLED=0 go install "$module" >&2 || fail 'versitygw cannot be built (see above)'; }
check() { is_complete versitygw; }
install() {
  find_go
  once build
}
obey "$@"
make_folder

port=$(free_ports 1)
address=http://etl:secret-of-etl@127.0.0.1:$port
buckets=${1:-$folder/buckets}
mkdir -p -- "$buckets" "$folder/metadata"
export ROOT_ACCESS_KEY=etl ROOT_SECRET_KEY=secret-of-etl
run() { exec "$home/versitygw" --port "127.0.0.1:$port" --quiet posix --sidecar "$folder/metadata" "$buckets"; }
ready() { listens "$port"; }
start
serve
