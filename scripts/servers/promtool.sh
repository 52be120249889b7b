#!/usr/bin/env bash
# promtool, which checks and tries rules of Prometheus, and checks metrics. It is no server: it ends by itself.
#
#   promtool.sh WORD...   as promtool
#   promtool.sh check     only says whether it can run (promtool's own check has more words)
#   promtool.sh install   fetches it, once: that of Debian, which is not installed
set -euo pipefail
source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/server.bash"

home=$(home_of promtool-of-debian)
fetch() {
  cd -- "$home"
  has apt-get dpkg-deb || fail 'it is fetched from Debian, by apt-get'
  { apt-get update -q || true; apt-get download -q prometheus && dpkg-deb -x prometheus_*.deb .; } >&2 ||
    fail 'it cannot be fetched (see above)'
  mv -- usr/bin/promtool .
  rm -rf -- usr etc lib var prometheus_*.deb
}
check() { is_complete promtool; }
install() { once fetch; }
(($# > 1)) || obey "$@"
check
exec "$home/promtool" "$@"
