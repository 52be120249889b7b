#!/usr/bin/env bash
#
# Temperature ETL: take a reading of each sensor, keep the last hour of readings, summarise them, load the summary.
# Made for cron, every minute: silent when all went well, and running it again is safe at any time.
#
# Settings, all from the environment:
#   ETL_HOME         where its files are kept               (default: ~/etl)
#   GET_TEMP_SENSOR  where readings come from               (default: sim:, see get-temp --help)
#   ETL_LINES        how many readings are an hour          (default: 60, of one sensor; for several: 60 times their number)
#   ETL_STORE        where statistics are loaded            (default: stats.db in ETL_HOME)
#   ETL_AT           a time: take the reading of then       (default: now; for simulated and recorded sensors)
#
# Exit status: that of the first step that failed (see README, "Exit status"). What some sensors give is kept and loaded
# also when others fail; the status is that of these, if all else went well.

set -euo pipefail

# The tools are beside this script, wherever it is called from and by whatever link.
script=$(readlink -f -- "${BASH_SOURCE[0]}")
PATH=$(dirname -- "$script")/../bin:$PATH

ETL_HOME=${ETL_HOME:-${HOME:?neither ETL_HOME nor HOME is set}/etl}
mkdir -p -- "$ETL_HOME"
cd -- "$ETL_HOME"

# Step 1. Extract: a line for each reading, such as 2026-11-21T10:04:00Z,attic,21.35. The status 69 or 75 says that a sensor
# has none. By any other one the lines may not be whole.
failed=0
readings=$(get-temp ${ETL_AT:+--at "$ETL_AT"}) || failed=$?
if [[ -z $readings || ! $failed =~ ^(0|69|75)$ ]]; then exit "$failed"; fi

# Step 2. Keep every reading for good, in one log per month. The month is that of the first one.
log=readings-${readings:0:7}.log
buffer-tail --unique --lines all "$log" <<<"$readings" >/dev/null

# Step 3. Keep the last readings, one hour, in a buffer: those of the logs that it does not hold yet. So it follows from
# the logs, and when a run is killed before this step, the next one adds its readings too.
lines=${ETL_LINES:-60}
last_readings() {
  local previous='' other
  for other in readings-????-??.log; do
    if [[ $other < $log ]]; then previous=$other; fi
  done
  # In the first hour of a month. Here buffer-tail is a filter that leaves out half a line, which a crash may have left;
  # its status is 65 when there is nothing else.
  if [[ -n $previous && $(tail -n "$lines" -- "$log" | wc -l) -lt $lines ]]; then
    buffer-tail --quiet --lines "$lines" <"$previous" || [[ $? -eq 65 ]]
  fi
  tail -n "$lines" -- "$log"
}
last_readings | tail -n "$lines" | buffer-tail --unique --lines "$lines" temperature.log >/dev/null

# Step 4. Transform: minimum, maximum, average and last reading, with its time, of the rolling hour (all) and of the clock
# hours in it (1h).
get-stats --window all --window 1h --stats last,last_time --label-unit °C --output temp_stats.csv temperature.log

# Step 5. Load. A row never replaces one that counts more readings. While the store is down, rows wait in the spool.
load-stats --to "${ETL_STORE:-stats.db}" --spool spool temp_stats.csv

exit "$failed"
