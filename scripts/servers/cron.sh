#!/usr/bin/env bash
# Records the behaviour of Debian's cron, for the fixtures in test/schedule/oracle. due, run and live need root.
#
#   cron.sh check|install
#   cron.sh due ZONE FROM MINUTES <CRONTAB   the start times of jobs (lines of five fields) from FROM on: lines of TIME and FIELDS
#   cron.sh run <CRONTAB                     what commands write into the folder $OUT: lines of FILE and JSON text
#   cron.sh live CRONTAB                     runs a crontab in real time, until stdin ends
#   cron.sh syntax <LINES                    each line, after "+ " if `crontab -n` accepts it, after "- " if not
#
# FROM is in UTC, such as 2026-03-29T00:50. cron runs with a clock 30 times as fast, in a mount namespace with its own spool.
# Jobs do not inherit that clock, so each records the time in /proc/uptime.

set -euo pipefail
# shellcheck source=scripts/servers/server.bash
. "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/server.bash"

speed=30

check() {
  has cron crontab faketime unshare || fail "cron and faketime are not installed: run scripts/servers/$name install"
}

install() { packages cron faketime; }

# Runs cron under a wrapper, such as faketime, with the crontab $folder/spool/root.
run_cron() { # UNTIL WRAPPER...; UNTIL is a command
  ((EUID == 0)) || fail "only root can run cron"
  mkdir -p -- "$folder/cron.d" "$folder/run"
  : >"$folder/system"
  chmod 600 "$folder/spool/root"
  # shellcheck disable=SC2016
  unshare -m bash -euc '
    folder=$1 until=$2; shift 2
    mount --bind "$folder/spool" /var/spool/cron/crontabs
    mount --bind "$folder/cron.d" /etc/cron.d
    mount --bind "$folder/run" /run
    mount --bind "$folder/system" /etc/crontab
    read -r up rest </proc/uptime
    echo "$up" >"$folder/up"
    "$@" cron -f >"$folder/log" 2>&1 &
    $until
    kill "$(cat /run/crond.pid)"
    wait || true
  ' cron "$folder" "$@"
}

due() { # ZONE FROM MINUTES
  local zone=$1 start shown line later
  start=$(date -u -d "${2}Z" +%s)
  shown=$(TZ=$zone date -d "@$start" '+%F %T')
  # faketime parses local time; of an ambiguous one it would take the later.
  for later in 1800 3600; do
    [[ $(TZ=$zone date -d "@$((start + later))" '+%F %T') != "$shown" ]] || fail "$zone has $shown twice: start earlier"
  done
  {
    echo SHELL=/bin/sh
    grep -v '^#' | while IFS= read -r line; do
      echo "$line read -r up rest </proc/uptime; echo \"\$up $line\" >>$folder/out"
    done
  } >"$folder/spool/root"
  run_cron "sleep $(($3 * 60 / speed))" env "TZ=$zone" faketime -f "@$shown x$speed"
  awk -v up="$(cat "$folder/up")" -v start="$start" -v speed="$speed" '{
    time = int((start + ($1 - up) * speed) / 60) * 60
    print strftime("%Y-%m-%dT%H:%MZ", time, 1), substr($0, index($0, " ") + 1)
  }' "$folder/out" | LC_ALL=C sort -u
}

run() {
  mkdir -- "$folder/written"
  { echo "OUT=$folder/written"; cat; } >"$folder/spool/root"
  run_cron 'sleep 10' faketime -f "@2026-01-01 00:00:30 x$speed"
  cd -- "$folder/written"
  node -e '
    const fs = require("node:fs");
    for (const name of fs.readdirSync(".").sort()) console.log(name, JSON.stringify(fs.readFileSync(name, "utf8")));
  '
}

live() { # CRONTAB
  cp -- "$1" "$folder/spool/root"
  run_cron 'cat' env
}

syntax() {
  local line
  while IFS= read -r line; do
    printf '%s\n' "$line" >"$folder/line"
    if crontab -n "$folder/line" >/dev/null 2>&1; then printf '+ %s\n' "$line"; else printf -- '- %s\n' "$line"; fi
  done
}

obey "${1-}"
make_folder
mkdir -- "$folder/spool"
case ${1-} in
  due | run | live | syntax) "$@" ;;
  *) fail "write check, install, due, run, live or syntax" ;;
esac
