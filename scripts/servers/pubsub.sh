#!/usr/bin/env bash
# A Pub/Sub server for tests: Google's own fake for Go (pstest), on loopback and a free port, until stdin ends. It keeps
# all in memory, so that it cannot crash and come back: tests break the connection to it instead.
#
# stdout  HOST:PORT, for PUBSUB_EMULATOR_HOST, when it is ready
#
# With the word check it only says whether it can; with the word install it builds the server, which takes some minutes.
set -euo pipefail

fail() { echo "pubsub.sh: $*" >&2; exit 69; }

PATH=$PATH:/usr/local/go/bin
cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/etlutils-servers/pubsub
version=v2.9.0
program=$cache/$version/pubsub-server

install() {
  [[ ! -x $program ]] || return 0
  command -v go >/dev/null || fail 'Go is not installed, which builds the server (https://go.dev/dl)'
  mkdir -p -- "$cache"
  exec {lock}>"$cache/lock"
  flock "$lock"
  [[ ! -x $program ]] || return 0
  local build=$cache/build
  rm -rf -- "$build"
  mkdir -- "$build"
  cat >"$build/main.go" <<'END'
package main

import (
	"fmt"
	"io"
	"os"

	"cloud.google.com/go/pubsub/v2/pstest"
)

func main() {
	server := pstest.NewServer()
	fmt.Println(server.Addr)
	io.Copy(io.Discard, os.Stdin)
	os.Exit(0)
}
END
  (
    cd -- "$build"
    go mod init pubsub-server
    go get "cloud.google.com/go/pubsub/v2@$version"
    go mod tidy
    go build -trimpath -ldflags=-s -o pubsub-server .
  ) >"$cache/log" 2>&1 {lock}>&- || fail "cannot be built: $(tail -n 1 "$cache/log")"
  mkdir -p -- "$cache/$version"
  mv -- "$build/pubsub-server" "$program"
  rm -rf -- "$build"
}

case ${1-} in
  install) install; exit 0 ;;
  check) [[ -x $program ]] || fail 'the server is not built (scripts/servers/pubsub.sh install)'; exit 0 ;;
esac
[[ -x $program ]] || fail 'the server is not built (scripts/servers/pubsub.sh install)'
exec "$program"
