#!/usr/bin/env bash
#
# npm start: the temperature ETL with three simulated sensors, in ./demo, and its live chart. Safe to repeat.
#
#   --once       back-fill a day, run the job once, and exit
#   --port PORT  port of the chart (default: $PORT, or 8080); if it is in use, the next free one

set -euo pipefail

root=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/..
root=$(cd -- "$root" && pwd)
PATH=$root/bin:$PATH
demo=${DEMO_HOME:-$root/demo}
port=${PORT:-8080}
once=no
unset ETL_AT ETL_TOKEN

while (($# > 0)); do
  case $1 in
    --once) once=yes ;;
    --port) port=${2:?--port needs a number} && shift ;;
    --port=*) port=${1#*=} ;;
    *) printf 'demo.sh: unknown option: %s\n' "$1" >&2 && exit 64 ;;
  esac
  shift
done
if [[ ! $port =~ ^[0-9]{1,5}$ ]]; then
  printf 'demo.sh: not a port: %s\n' "$port" >&2
  exit 64
fi

# Each sensor has its own folder, as if on its own machine; they share the store.
export ETL_STORE=$demo/stats.db
sensors=('sim:attic' 'sim:cellar?mean=11&swing=1.5&noise=0.1' 'sim:garden?mean=8&swing=14&noise=1')
folders=("$demo" "$demo/cellar" "$demo/garden")
mkdir -p -- "${folders[@]}"
cd -- "$demo"

# Back-fills a sensor's last day, as if the job had run every minute.
back_fill() {
  # A reading per minute, into the log of its month.
  get-temp --last 1d --every 1m "$1" |
    awk '{ print | ("buffer-tail --unique --lines all readings-" substr($0, 1, 7) ".log >/dev/null") }'
  # The last hour into the buffer, and all clock hours into the store.
  cat readings-*.log | buffer-tail --lines 60 temperature.log >/dev/null
  get-stats --window 1h --stats last,last_time --label-unit °C readings-*.log | load-stats --to "$ETL_STORE"
  # The rolling hours. A full one ends with its last reading, where the window of the previous minute ended.
  get-stats --window 1h --slide 1m --stats last,last_time --label-unit °C readings-*.log | awk -F, -v OFS=, '
    NR == 1 { print }
    $5 == 60 { print $1, "all", $3, end, $5, $6, $7, $8, $9, $10, $11 }
    { end = $4 }' | load-stats --to "$ETL_STORE"
}

# Runs the job for this minute, as cron would.
run_job() {
  local at
  at=$(date -u +%Y-%m-%dT%H:%M:00Z)
  for i in "${!sensors[@]}"; do
    ETL_AT=$at ETL_HOME=${folders[i]} GET_TEMP_SENSOR=${sensors[i]} "$root/scripts/Temperature_ETL.sh" || failed=$?
  done
}

for i in "${!sensors[@]}"; do
  (cd -- "${folders[i]}" && back_fill "${sensors[i]}")
done
failed=0
run_job
((failed == 0)) || exit "$failed"

cat readings-*.log | buffer-tail --lines 1440 | get-stats --window 1h --expect 1m --table

cat <<END

The readings are in demo/readings-*.log, the last hour in demo/temperature.log, the rows in table stats of demo/stats.db.
Run it every minute: crontab.example shows the line. Your own sensor: GET_TEMP_SENSOR=hwmon: (see bin/get-temp --help).
Ask something else: bin/get-stats -w 6h --stats stddev,p95 --table demo/readings-*.log
END
[[ $once == no ]] || exit 0

# The job as a crontab line, for every minute. An unescaped percent sign would end the command.
job() {
  local setting
  printf '\n#: name=%s timeout=50s retries=2 retry-delay=5s\n* * * * *  ' "$1"
  for setting in "ETL_STORE=$ETL_STORE" "ETL_HOME=$2" "GET_TEMP_SENSOR=$3"; do
    setting=$(printf '%q=%q ' "${setting%%=*}" "${setting#*=}")
    printf '%s' "${setting//%/\\%}"
  done
  setting=$(printf '%q' "$root/scripts/Temperature_ETL.sh")
  printf '%s\n' "${setting//%/\\%}"
}
{
  printf '# Made by npm start. bin/schedule runs it: bin/runs --ledger demo/runs.db shows how.\n'
  job attic "${folders[0]}" "${sensors[0]}"
  job cellar "${folders[1]}" "${sensors[1]}"
  job garden "${folders[2]}" "${sensors[2]}"
} >crontab

# However this script ends, it also ends the schedule and the server, which first completes the requests it has accepted.
server='' schedule='' nap=''
finish() {
  trap '' INT TERM HUP
  for child in $nap $schedule $server; do kill "$child" 2>/dev/null || true; done
  for child in $nap $schedule $server; do wait "$child" 2>/dev/null || true; done
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

# First, because a second demo fails here, with a message that says who is running.
schedule --ledger runs.db crontab &
schedule=$!

for ((last = port + 20; port < last; port++)); do
  exec {from_server}< <(exec serve-stats --port "$port" --ledger runs.db "$ETL_STORE")
  server=$!
  if read -r url <&"$from_server"; then break; fi
  status=0
  wait "$server" || status=$?
  server=''
  # Retry only if the port is in use.
  ((status == 75)) || exit "$status"
done
[[ $server != '' ]] || exit 75
kill -0 "$schedule" 2>/dev/null || exit 75

printf '\nThe live chart is at %s, and a reading of each sensor is added every minute, until Ctrl-C.\n' "$url"
while kill -0 "$schedule" 2>/dev/null && kill -0 "$server" 2>/dev/null; do
  # In the background, so that signals are handled at once.
  sleep 1 &
  nap=$!
  wait "$nap" || true
done
echo 'demo.sh: the schedule or the server has ended' >&2
exit 70
