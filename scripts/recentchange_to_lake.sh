#!/usr/bin/env bash
#
# From a live stream to a data lake: recent changes of a wiki, through a durable queue, in batches of 100, into CSV files.
# It may be killed at any moment and started again: each change is in the lake once, with a queue in a file; with an engine that
# does not know ids, each message of the queue is.
#
# Settings, all from the environment:
#   ETL_HOME  where its files are kept       (default: ~/etl)
#   EVENTS    the stream                     (default: 1000 invented changes of a server of its own, then it ends)
#   QUEUE     the queue between              (default: rc.queue in ETL_HOME); one on a server is made before, by queue-make
#   LAKE      where the files go             (default: lake/recentchange/ in ETL_HOME)
#
# On the real stream, until Ctrl-C, with an address at which Wikimedia can reach you:
#   ETL_USER_AGENT='my-wiki-lake/1.0 (me@example.org)' EVENTS=https://stream.wikimedia.org/v2/stream/recentchange recentchange_to_lake.sh
#
# Exit status: that of the first step that failed (see README, "Exit status").

set -euo pipefail

# The tools are beside this script, wherever it is called from and by whatever link.
script=$(readlink -f -- "${BASH_SOURCE[0]}")
PATH=$(dirname -- "$script")/../bin:$PATH

ETL_HOME=${ETL_HOME:-${HOME:?neither ETL_HOME nor HOME is set}/etl}
mkdir -p -- "$ETL_HOME"
cd -- "$ETL_HOME"
queue=${QUEUE:-rc.queue}
lake=${LAKE:-lake/recentchange/}

if [[ -z ${EVENTS:-} ]]; then
  coproc source { exec node "$(dirname -- "$script")/servers/sample-source.js"; }
  read -r EVENTS <&"${source[0]}"
  EVENTS+=/recentchange
  # It is another stream each time, and begins anew.
  rm -f rc.state
fi

# Step 1. Stream to queue. The state moves on when queue-put has stored a batch. What comes twice after a crash has the same id:
# a file knows those that were put before; on other engines such a change is a second message, with its id.
ids=(--id meta.id)
[[ $queue != *://* ]] || ids=()
get-events "$EVENTS" --state rc.state -- queue-put "$queue" "${ids[@]}" &
events=$!
trap 'kill "$events" ${taker:-} 2>/dev/null || true' EXIT
trap 'exit 129' HUP; trap 'exit 130' INT; trap 'exit 143' TERM

# Step 2. Queue to lake, as long as the stream goes on. An object's name follows from its first message: written twice, it
# lands on itself.
take=(queue-take "$queue" --batch 100)
into=(-- lake-put "$lake" --csv --fields id,type,namespace,title,comment,timestamp,user,bot)
"${take[@]}" --linger 1m "${into[@]}" >>objects.txt &
taker=$!
status=0
wait "$events" || status=$?

# Step 3. The stream has ended: the rest.
kill "$taker" 2>/dev/null || true
wait "$taker" || [[ $? -eq 143 ]]
"${take[@]}" --linger 0 --exit-when-empty "${into[@]}" >>objects.txt
exit "$status"
