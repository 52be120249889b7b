#!/usr/bin/env bash
#
# Web logs as they arrive: lines into a queue, and from there in batches, as rows, into a table. The same on one machine and
# on a cluster, by the addresses alone. It may be killed at any moment and started again: what is in the queue by then is
# taken by the next run, and a batch that comes twice makes no row twice.
#
# Settings, all from the environment:
#   ETL_HOME  where its files are kept       (default: ~/etl)
#   QUEUE     the queue of lines             (default: logs.queue in ETL_HOME; or kafka://..., sqs://NAME, pubsub://...)
#   STORE     the database                   (default: logs.db in ETL_HOME; or postgres://..., bigquery://PROJECT/DATASET)
#   RATE      invented lines per second      (default: 50)
#   LINES     end after this many lines      (default: none, until Ctrl-C)
#   BATCH     the most lines of a batch      (default: 500)
#
# truth.json in ETL_HOME has the exact counts of the lines of the last run.
# Exit status: that of the first step that failed (see README, "Exit status").

set -euo pipefail

# The tools are beside this script, wherever it is called from and by whatever link.
script=$(readlink -f -- "${BASH_SOURCE[0]}")
PATH=$(dirname -- "$script")/../bin:$PATH

ETL_HOME=${ETL_HOME:-${HOME:?neither ETL_HOME nor HOME is set}/etl}
mkdir -p -- "$ETL_HOME"
cd -- "$ETL_HOME"
queue=${QUEUE:-logs.queue}
export ETL_STORE=${STORE:-logs.db}

# Step 1. The queue, if it is missing. One that is there stays as it is.
queue-make "$queue"

# Step 2. Queue to table. An envelope has the id of its message, which is the key of its row: a batch that is repeated, since
# its acknowledgement was lost, lands on itself.
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

# Step 3. Lines to queue. A real log comes with: tail -n +1 -F access.log | queue-put "$queue"
log-gen --rate "${RATE:-50}" ${LINES:+--lines "$LINES"} --truth truth.json | queue-put "$queue" &
putter=$!

# Step 4. Until both have ended, or one has failed.
wait -n
wait -n
