#!/usr/bin/env bash
#
# Temperature ETL: take a reading, keep the last hour of readings, summarise them, load the summary.
# Made for cron, every minute: silent when all went well, and running it again is safe at any time.
#
# Settings, all from the environment:
#   ETL_HOME         where its files are kept               (default: ~/etl)
#   GET_TEMP_SENSOR  where readings come from               (default: sim:, see get-temp --help)
#   ETL_STORE        where statistics are loaded            (default: stats.db in ETL_HOME)
#   ETL_AT           a time: take the reading of then       (default: now; for simulated and recorded sensors)
#
# Exit status: that of the first step that failed (see README, "Exit status").

set -euo pipefail

# The tools are beside this script, wherever it is called from and by whatever link.
script=$(readlink -f -- "${BASH_SOURCE[0]}")
PATH=$(dirname -- "$script")/../bin:$PATH

ETL_HOME=${ETL_HOME:-${HOME:?neither ETL_HOME nor HOME is set}/etl}
mkdir -p -- "$ETL_HOME"
cd -- "$ETL_HOME"

# Step 1. Extract: one reading, such as 2026-11-21T10:04:00Z,attic,21.35
reading=$(get-temp ${ETL_AT:+--at "$ETL_AT"})

# Step 2. Keep every reading for good, in one log per month. The month is the reading's own.
log=readings-${reading:0:7}.log
buffer-tail --unique --lines all "$log" <<<"$reading" >/dev/null

# Step 3. Keep the last 60 readings, one hour, in a buffer: those of the logs that it does not hold yet. So it follows from
# the logs, and when a run is killed before this step, the next one adds its reading too.
last_readings() {
  local previous='' other
  for other in readings-????-??.log; do
    if [[ $other < $log ]]; then previous=$other; fi
  done
  # In the first hour of a month. Here buffer-tail is a filter that leaves out half a line, which a crash may have left;
  # its status is 65 when there is nothing else.
  if [[ -n $previous && $(tail -n 60 -- "$log" | wc -l) -lt 60 ]]; then
    buffer-tail --quiet --lines 60 <"$previous" || [[ $? -eq 65 ]]
  fi
  tail -n 60 -- "$log"
}
last_readings | tail -n 60 | buffer-tail --unique --lines 60 temperature.log >/dev/null

# Step 4. Transform: minimum, maximum, average and last reading, with its time, of the rolling hour (all) and of the clock
# hours in it (1h).
get-stats --window all --window 1h --stats last,last_time --label-unit °C --output temp_stats.csv temperature.log

# Step 5. Load. A row never replaces one that counts more readings. While the store is down, rows wait in the spool.
load-stats --to "${ETL_STORE:-stats.db}" --spool spool temp_stats.csv
