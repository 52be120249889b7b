#!/usr/bin/env bash
# A Pub/Sub server for tests, Google's own fake in Go (pstest): on loopback and a free port, until stdin ends. It is in memory
# only, so it cannot be restarted after a crash: tests break the connection to it instead.
#
#   pubsub.sh
#   pubsub.sh check     only checks that it can run
#   pubsub.sh install   builds it, once, which takes minutes
#
# stdout  HOST:PORT, for PUBSUB_EMULATOR_HOST, once it is ready
set -euo pipefail
source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/server.bash"

module=cloud.google.com/go/pubsub/v2@v2.9.0
source=$here/pubsub/main.go
home=$(home_of "$module" "$(<"$source")")
build() {
  cd -- "$home"
  cp -- "$source" .
  { go mod init pubsub-server && go get "$module" && go mod tidy && go build -trimpath -ldflags=-s -o pubsub-server .; } >&2 ||
    fail 'the server cannot be built (see above)'
}
check() { is_complete 'the Pub/Sub server'; }
install() {
  find_go
  once build
}
obey "$@"

exec "$home/pubsub-server"
