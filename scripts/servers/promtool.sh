#!/usr/bin/env bash
# promtool, which checks and tests Prometheus rules, and checks metrics. Not a server: it prints the path of the program, and
# exits.
#
#   promtool.sh
#   promtool.sh check     only checks that it is installed
#   promtool.sh install   downloads it from Debian, once, into its own folder
set -euo pipefail
source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/server.bash"

home=$(home_of promtool-of-debian)
fetch() {
  cd -- "$home"
  has apt-get dpkg-deb || fail 'it comes from Debian, by apt-get'
  # Only root can update the package lists.
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
