#!/usr/bin/env bash
# Apache Airflow 2.11 for tests: see airflow.bash.
set -euo pipefail
source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/server.bash"
source "$here/airflow.bash"
obey "$@"
give
