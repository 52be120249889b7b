#!/usr/bin/env bash
#
# From a live stream to a data lake: recent changes of a wiki, through a durable queue, in batches of 100, into CSV files.
# It can be killed and restarted at any moment. With a file queue, each change reaches the lake exactly once; with an engine
# that does not detect repeats by id, each message of the queue does.
#
# Settings, all from the environment:
#   ETL_HOME  where its files are kept       (default: ~/etl)
#   EVENTS    the stream                     (default: 1000 generated changes from a local server, then it ends)
#   QUEUE     the queue in between           (default: rc.queue in ETL_HOME); create one on a server first, with queue-make
#   LAKE      where the files go             (default: lake/recentchange/ in ETL_HOME)
#
# For the real stream, until Ctrl-C, with a contact address for Wikimedia:
#   ETL_USER_AGENT='my-wiki-lake/1.0 (me@example.org)' EVENTS=https://stream.wikimedia.org/v2/stream/recentchange recentchange_to_lake.sh
#
# Exit status: that of the first step that failed (see README, "Exit status").

set -euo pipefail

# Find the tools next to this script, wherever and through whatever link it is called.
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
  # The local stream is a new one each time.
  rm -f rc.state
fi

# Step 1. Stream to queue. The state advances once queue-put has stored a batch. Repeats after a crash have the same id: a file
# queue drops them; on other engines a repeat is a second message with that id.
ids=(--id meta.id)
[[ $queue != *://* ]] || ids=()
get-events "$EVENTS" --state rc.state -- queue-put "$queue" "${ids[@]}" &
events=$!
trap 'kill "$events" ${taker:-} 2>/dev/null || true' EXIT
trap 'exit 129' HUP; trap 'exit 130' INT; trap 'exit 143' TERM

# Step 2. Queue to lake, while the stream continues. An object is named after its first message, so a repeat replaces itself.
take=(queue-take "$queue" --batch 100)
into=(-- lake-put "$lake" --csv --fields id,type,namespace,title,comment,timestamp,user,bot)
"${take[@]}" --linger 1m "${into[@]}" >>objects.txt &
taker=$!
status=0
wait -n "$events" "$taker" || status=$?
# The taker ends by itself only on failure.
! kill -0 "$events" 2>/dev/null || exit "$status"

# Step 3. The stream has ended: take the rest.
kill "$taker" 2>/dev/null || true
taken=0
wait "$taker" || taken=$?
[[ $taken -eq 0 || $taken -eq 143 ]] || exit "$taken"
"${take[@]}" --linger 0 --exit-when-empty "${into[@]}" >>objects.txt
exit "$status"
