#!/usr/bin/env bash
#
# Weather over a queue: one producer, and consumer groups that each get every message. One filters hot readings into a queue of
# their own, which a third group reports; one keeps a chart up to date.
#
# Settings, all from the environment:
#   ETL_HOME  where its files are kept       (default: ~/etl)
#   SENSORS   the sensors, separated by spaces   (default: sim:attic sim:cellar)
#   FROM, TO  the simulated time             (default: the last two days, a reading every 10 minutes)
#   HOT       the limit of the filter, in °C (default: 14)
#   QUEUE     the queue of all readings      (default: weather.queue in ETL_HOME)
#   EXTREME   the queue of hot readings      (default: extreme.queue in ETL_HOME)
#   STORE     where statistics are loaded    (default: stats.db in ETL_HOME)
#
# With live sensors, run each of these lines on its own, with --every 1m instead of --from, and without --exit-when-empty.
# Exit status: that of the first step that failed (see README, "Exit status").

set -euo pipefail

# Find the tools next to this script, wherever and through whatever link it is called.
script=$(readlink -f -- "${BASH_SOURCE[0]}")
PATH=$(dirname -- "$script")/../bin:$PATH
command -v jq >/dev/null || { echo 'weather_over_queue.sh: the filter is jq, which is not installed' >&2; exit 69; }

ETL_HOME=${ETL_HOME:-${HOME:?neither ETL_HOME nor HOME is set}/etl}
mkdir -p -- "$ETL_HOME"
cd -- "$ETL_HOME"
weather=${QUEUE:-weather.queue}
export EXTREME=${EXTREME:-extreme.queue} HOT=${HOT:-14} ETL_STORE=${STORE:-stats.db}
to=${TO:-$(date -u +%Y-%m-%dT%H:00:00Z)}
from=${FROM:-$(date -u -d '2 days ago' +%Y-%m-%dT%H:00:00Z)}

# Step 1. The queues. They keep messages for a week after all groups have taken them, for groups that start later.
queue-make "$weather" --keep 7d
queue-make "$EXTREME" --keep 7d

# Step 2. Producer. The key of a message is its sensor: readings of one sensor stay in order.
read -r -a sensors <<<"${SENSORS:-sim:attic sim:cellar}"
for sensor in "${sensors[@]}"; do
  get-temp "$sensor" --from "$from" --to "$to" --every 10m --json | queue-put "$weather" --key sensor
done

# Step 3. Filter. A batch is acknowledged once its hot readings are in the other queue.
queue-take "$weather" --group extreme --batch 100 --exit-when-empty -- \
  bash -o pipefail -c 'jq -c "select(.value > $HOT)" | queue-put "$EXTREME" --key sensor'

# Step 4. Chart: the last two days in a buffer, hourly rows in the store.
queue-take "$weather" --group chart --batch 1000 --exit-when-empty -- \
  bash -o pipefail -c 'buffer-tail --unique --last 2d weather.log | get-stats --window 1h --stats last_time --label-unit °C | load-stats'

# Step 5. Report: all hot readings the first time, then the new ones.
queue-take "$EXTREME" --group report --from beginning --exit-when-empty
