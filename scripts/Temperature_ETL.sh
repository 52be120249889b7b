#!/usr/bin/env bash
#
# Temperature ETL: read each sensor, keep the last hour of readings, summarise them, load the summary.
# Made for cron, every minute: silent if all goes well, and safe to repeat at any time.
#
# Settings, all from the environment:
#   ETL_HOME         where its files are kept               (default: ~/etl)
#   GET_TEMP_SENSOR  where readings come from               (default: sim:, see get-temp --help)
#   ETL_LINES        readings per hour, of all sensors      (default: 60, for one sensor)
#   ETL_STORE        where statistics are loaded            (default: stats.db in ETL_HOME)
#   ETL_AT           the time to take the reading for       (default: now; others need a simulated or recorded sensor)
#
# Exit status: that of the first step that failed (see README, "Exit status"). If some sensors fail, the readings of the others
# are kept and loaded anyway, and the status is that of get-temp.

set -euo pipefail

# Find the tools next to this script, wherever and through whatever link it is called.
script=$(readlink -f -- "${BASH_SOURCE[0]}")
PATH=$(dirname -- "$script")/../bin:$PATH

ETL_HOME=${ETL_HOME:-${HOME:?neither ETL_HOME nor HOME is set}/etl}
mkdir -p -- "$ETL_HOME"
cd -- "$ETL_HOME"

# Step 1. Extract: a line per reading, such as 2026-11-21T10:04:00Z,attic,21.35. Statuses 69 and 75 mean that a sensor has no
# reading; after any other failure the lines may be incomplete.
failed=0
readings=$(get-temp ${ETL_AT:+--at "$ETL_AT"}) || failed=$?
if [[ -z $readings || ! $failed =~ ^(0|69|75)$ ]]; then exit "$failed"; fi

# Step 2. Archive all readings, in one log per month: that of the first reading.
log=readings-${readings:0:7}.log
buffer-tail --unique --lines all "$log" <<<"$readings" >/dev/null

# Step 3. Buffer the last hour of readings, taken from the logs: if a run is killed before this step, the next one adds its
# readings too.
lines=${ETL_LINES:-60}
last_readings() {
  local previous='' other
  for other in readings-????-??.log; do
    if [[ $other < $log ]]; then previous=$other; fi
  done
  # In the first hour of a month. As a filter, buffer-tail drops an incomplete line, which a crash may have left; its status is 65
  # if there is nothing else.
  if [[ -n $previous && $(tail -n "$lines" -- "$log" | wc -l) -lt $lines ]]; then
    buffer-tail --quiet --lines "$lines" <"$previous" || [[ $? -eq 65 ]]
  fi
  tail -n "$lines" -- "$log"
}
last_readings | tail -n "$lines" | buffer-tail --unique --lines "$lines" temperature.log >/dev/null

# Step 4. Transform: minimum, maximum, average, and the last reading with its time, for the rolling hour (all) and for clock hours
# (1h).
get-stats --window all --window 1h --stats last,last_time --label-unit °C --output temp_stats.csv temperature.log

# Step 5. Load. A row never replaces one with more readings. While the store is down, rows wait in the spool.
load-stats --to "${ETL_STORE:-stats.db}" --spool spool temp_stats.csv

exit "$failed"
