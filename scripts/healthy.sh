#!/usr/bin/env bash
# Whether serve-stats answers in a container, for the HEALTHCHECK of its image. What else runs there is taken for well.
# usage: healthy.sh [PORT]
set -euo pipefail

[[ $(tr '\0' ' ' </proc/1/cmdline) == *serve-stats* ]] || exit 0
exec 3<>"/dev/tcp/127.0.0.1/${1:-8080}"
printf 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
read -r _ status _ <&3
[[ $status == 200 ]]
