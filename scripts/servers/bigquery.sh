#!/usr/bin/env bash
# A BigQuery emulator for tests (crucible, based on DuckDB): in a temporary folder, on loopback and a free port, until stdin
# ends. Its project "project" has the dataset "rows".
#
#   bigquery.sh
#   bigquery.sh check     only checks that it can run
#   bigquery.sh install   downloads it, once
#
# stdin   crash: simulate a power cut; start: restart it on the same port
# stdout  the value for BIGQUERY_EMULATOR_HOST, each time it is ready; "crashed" after a crash
set -euo pipefail
source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/server.bash"

crucible='crucible-emulator[server]==0.1.0a2'
home=$(home_of "$crucible")
check() { is_complete 'the emulator of BigQuery'; }
install() { once python_packages "$home" "$crucible"; }
obey "$@"
make_folder

port=$(free_ports 1)
address=127.0.0.1:$port
run() { exec "$home/bin/crucible" serve --dialect bigquery --port "$port" --database "$folder/data"; }
ready() { listens "$port"; }
start

node -e 'fetch(process.argv[1], { method: "POST", headers: { "content-type": "application/json" }, body: process.argv[2] })
  .then(({ ok }) => process.exit(ok ? 0 : 1))' "http://$address/bigquery/v2/projects/project/datasets" \
  '{"datasetReference":{"projectId":"project","datasetId":"rows"}}' || fail 'it could not make the dataset'
serve
