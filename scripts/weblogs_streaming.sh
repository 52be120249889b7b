#!/usr/bin/env bash
#
# Web logs as they arrive: lines go into a queue, and from there in batches, as rows, into a table; on one machine or on a
# cluster, depending only on the addresses. It can be killed and restarted at any moment: the next run takes what is left in the
# queue, and a redelivered batch creates no duplicate rows.
#
# Settings, all from the environment:
#   ETL_HOME  where its files are kept       (default: ~/etl)
#   QUEUE     the queue of lines             (default: logs.queue in ETL_HOME; or kafka://..., sqs://NAME, pubsub://...)
#   STORE     the database                   (default: logs.db in ETL_HOME; or postgres://..., bigquery://PROJECT/DATASET)
#   RATE      generated lines per second     (default: 50)
#   LINES     end after this many lines      (default: none, until Ctrl-C)
#   BATCH     maximum lines per batch        (default: 500)
#
# truth.json in ETL_HOME has the exact counts of the lines of the last run.
# Exit status: that of the first step that failed (see README, "Exit status").

set -euo pipefail

# Find the tools next to this script, wherever and through whatever link it is called.
script=$(readlink -f -- "${BASH_SOURCE[0]}")
PATH=$(dirname -- "$script")/../bin:$PATH

ETL_HOME=${ETL_HOME:-${HOME:?neither ETL_HOME nor HOME is set}/etl}
mkdir -p -- "$ETL_HOME"
cd -- "$ETL_HOME"
queue=${QUEUE:-logs.queue}
export ETL_STORE=${STORE:-logs.db}

# Step 1. Create the queue, unless it exists.
queue-make "$queue"

# Step 2. Queue to table. An envelope has its message's id, which is the key of the row: a batch that is redelivered because its
# acknowledgement was lost replaces its own rows.
queue-take "$queue" --batch "${BATCH:-500}" --linger 5s ${LINES:+--count "$LINES"} --envelope -- \
  bash -o pipefail -c 'parse-log --envelope --schema bigquery |
    load-rows --table logs --key message_id --types message_id=text' &
taker=$!
putter=''
finish() {
  trap '' EXIT
  for child in $taker $putter; do kill "$child" 2>/dev/null || true; done
  for child in $taker $putter; do wait "$child" || true; done
}
trap finish EXIT
trap 'exit 129' HUP; trap 'exit 130' INT; trap 'exit 143' TERM

# Step 3. Lines to queue. For a real log: tail -n +1 -F access.log | queue-put "$queue"
log-gen --rate "${RATE:-50}" ${LINES:+--lines "$LINES"} --truth truth.json | queue-put "$queue" &
putter=$!

# Step 4. Wait until both have ended, or one has failed.
wait -n
wait -n
