#!/usr/bin/env bash
# A StatsD server for tests, Prometheus' statsd_exporter: on loopback and free ports, until stdin ends.
#
#   statsd-exporter.sh
#   statsd-exporter.sh check     only checks that it can run
#   statsd-exporter.sh install   builds it, once
#
# stdout  HOST:PORT for packets, and the address of its metrics, once it is ready
set -euo pipefail
source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/server.bash"

module=github.com/prometheus/statsd_exporter@v0.28.0
home=$(home_of "$module")
build() { GOBIN=$home CGO_ENABLED=0 go install "$module" >&2 || fail 'it cannot be built (see above)'; }
check() { is_complete statsd_exporter; }
install() {
  find_go
  once build
}
obey "$@"
make_folder

read -r packets web < <(free_ports 2)
address="127.0.0.1:$packets http://127.0.0.1:$web/metrics"
run() {
  exec "$home/statsd_exporter" --statsd.listen-udp="127.0.0.1:$packets" --statsd.listen-tcp= \
    --web.listen-address="127.0.0.1:$web" --statsd.event-flush-interval=10ms
}
ready() { listens "$web"; }
start
serve
