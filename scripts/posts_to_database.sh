#!/usr/bin/env bash
#
# Importer and transformer: the response of an API goes raw into a lake, a notice of it into a queue, and its rows into a table.
# Made for cron: what one run cannot finish, because the database or the machine is down, the next one does.
#
# Settings, all from the environment:
#   ETL_HOME  where its files are kept       (default: ~/etl)
#   POSTS     the API                        (default: 100 generated posts from a local server)
#   LAKE      where the raw answers go       (default: raw/posts/ in ETL_HOME)
#   QUEUE     the notices                    (default: posts.queue in ETL_HOME)
#   STORE     the database                   (default: blog.db in ETL_HOME; or postgres://...)
#
# Exit status: that of the first step that failed (see README, "Exit status").

set -euo pipefail

# Find the tools next to this script, wherever and through whatever link it is called.
script=$(readlink -f -- "${BASH_SOURCE[0]}")
PATH=$(dirname -- "$script")/../bin:$PATH

ETL_HOME=${ETL_HOME:-${HOME:?neither ETL_HOME nor HOME is set}/etl}
mkdir -p -- "$ETL_HOME"
cd -- "$ETL_HOME"
queue=${QUEUE:-posts.queue}
export ETL_STORE=${STORE:-blog.db}

if [[ -z ${POSTS:-} ]]; then
  coproc source { exec node "$(dirname -- "$script")/servers/sample-source.js"; }
  read -r POSTS <&"${source[0]}"
  POSTS+=/posts
fi

# Step 1. Importer. Whatever fails, a response is in the lake as a whole or not at all, and its notice follows it. The same
# response again is the same object, and its notice changes nothing in the table. All notices have one key, so that they stay in
# order on sqs://posts.fifo too.
queue-put "$queue" --group-id posts -- lake-put "${LAKE:-raw/posts/}" -- curl --fail --silent --show-error --max-time 60 "$POSTS"

# Step 2. Transformer. A notice is acknowledged once its rows are in the table. A bad one becomes a dead letter: see
# queue-take 'posts.queue#dead' --peek --envelope.
queue-take "$queue" --exit-when-empty --strict -- \
  bash -o pipefail -c 'lake-get - | load-rows --table posts --key id'
