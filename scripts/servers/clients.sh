#!/usr/bin/env bash
# Third-party clients of the servers, for tests: aws-cli, and boto3, kafka-python, psycopg2, prometheus_client and
# line_protocol_parser for Python. Not a server: it prints the folder of their programs, aws and python3, and exits.
#
#   clients.sh
#   clients.sh check     only checks that they are installed
#   clients.sh install   downloads them, once
set -euo pipefail
source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/server.bash"

clients=(awscli==1.46.3 'boto3[crt]==1.44.8' kafka-python==2.2.15 psycopg2-binary==2.9.13
  prometheus-client==0.26.0 line-protocol-parser==2.0.1)
home=$(home_of "${clients[@]}")
check() { is_complete 'a client'; }
install() { once python_packages "$home" "${clients[@]}"; }
obey "$@"

echo "$home/bin"
