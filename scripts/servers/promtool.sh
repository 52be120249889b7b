#!/usr/bin/env bash
# promtool, which checks and tries rules of Prometheus, and checks metrics. It is no server: it prints
# the path of the program, and ends.
#
#   promtool.sh
#   promtool.sh check     only says whether it is there
#   promtool.sh install   fetches it, once: that of Debian, into a folder of its own
set -euo pipefail
source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/server.bash"

home=$(home_of promtool-of-debian)
fetch() {
  cd -- "$home"
  has apt-get dpkg-deb || fail 'it comes from Debian, by apt-get'
  # Only root can bring the lists up to date.
  ((EUID != 0)) || apt-get update -q >&2 || true
  { apt-get download -q prometheus && dpkg-deb -x prometheus_*.deb .; } >&2 ||
    fail 'it cannot be fetched (see above)'
  mv -- usr/bin/promtool .
  rm -rf -- usr etc lib var prometheus_*.deb
}
check() { is_complete promtool; }
install() { once fetch; }
obey "$@"

echo "$home/promtool"
