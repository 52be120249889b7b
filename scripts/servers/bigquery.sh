#!/usr/bin/env bash
# An emulator of BigQuery for tests (crucible, with DuckDB inside): in a temporary folder, on loopback and a free port, until
# stdin ends. In its project "project" it has the dataset "rows".
#
#   bigquery.sh
#   bigquery.sh check     only says whether it can run
#   bigquery.sh install   fetches it, once
#
# stdin   crash: stop it as a power cut would; start: start it again, on the same port
# stdout  what BIGQUERY_EMULATOR_HOST must be, each time that it is ready; "crashed" when it is
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
  '{"datasetReference":{"projectId":"project","datasetId":"rows"}}' || fail 'it makes no dataset'
serve
