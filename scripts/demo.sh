#!/usr/bin/env bash
#
# npm start: the temperature ETL on a simulated sensor, in ./demo. Can be run again.

set -euo pipefail

root=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/..
root=$(cd -- "$root" && pwd)
PATH=$root/bin:$PATH
export ETL_HOME=$root/demo GET_TEMP_SENSOR=sim:attic
unset ETL_STORE ETL_AT
mkdir -p -- "$ETL_HOME"
cd -- "$ETL_HOME"

# A day of readings, one a minute, into the log of each month.
get-temp --last 1d --every 1m |
  awk '{ print | ("buffer-tail --unique --lines all readings-" substr($0, 1, 7) ".log >/dev/null") }'

# The last hour of them into the buffer, and all clock hours into the store.
cat readings-*.log | buffer-tail --lines 60 temperature.log >/dev/null
get-stats --window 1h readings-*.log | load-stats

# What cron does every minute, for this minute.
ETL_AT=$(date -u +%Y-%m-%dT%H:%M:00Z) "$root/scripts/Temperature_ETL.sh"

cat readings-*.log | buffer-tail --lines 1440 | get-stats --window 1h --expect 1m --table

cat <<END

The readings are in demo/readings-*.log, the last hour in demo/temperature.log, the rows in table stats of demo/stats.db.
Run it every minute: crontab.example shows the line. Your own sensor: GET_TEMP_SENSOR=hwmon: (see bin/get-temp --help).
Ask something else: bin/get-stats -w 6h --stats stddev,p95 --table demo/readings-*.log
END
