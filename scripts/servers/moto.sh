#!/usr/bin/env bash
# moto, an SQS and S3 server for tests: in memory, on loopback and a free port, until stdin ends.
#
#   moto.sh [strict]   strict: refuses all credentials
#   moto.sh check      only checks that it can run
#   moto.sh install    downloads it, once
#
# stdout  its address, once it is ready
set -euo pipefail
source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/server.bash"

moto='moto[server,s3,sqs]==5.2.5'
home=$(home_of "$moto")
check() { is_complete moto; }
install() { once python_packages "$home" "$moto"; }
obey "$@"
[[ ${1-} != strict ]] || export INITIAL_NO_AUTH_ACTION_COUNT=0
make_folder

port=$(free_ports 1)
address=http://127.0.0.1:$port
run() { exec "$home/bin/moto_server" -H 127.0.0.1 -p "$port"; }
ready() { listens "$port"; }
start
serve
