#!/usr/bin/env bash
# Other people's clients of AWS for tests, aws-cli and boto3. It is no server: it prints the folder of their programs, aws and
# python3, and ends.
#
#   aws-clients.sh
#   aws-clients.sh check     only says whether they are there
#   aws-clients.sh install   fetches them, once
set -euo pipefail
source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/server.bash"

clients=(awscli==1.46.3 'boto3[crt]==1.44.8')
home=$(home_of "${clients[@]}")
check() { is_complete 'aws-cli'; }
install() { once python_packages "$home" "${clients[@]}"; }
obey "$@"

echo "$home/bin"
