#!/usr/bin/env bash
# Whether serve-stats answers in a container, for the HEALTHCHECK of its image. What else runs there is taken for well.
# It is asked at the port of its --port, else at 8080, as the first process of the container was started.
# usage: healthy.sh [CMDLINE]    the file that says how (default: /proc/1/cmdline)
set -euo pipefail

command=$(tr '\0' ' ' <"${1:-/proc/1/cmdline}")
[[ $command == *serve-stats* ]] || exit 0
port=8080
if [[ $command =~ serve-stats.*\ --port[=\ ]([0-9]+) ]]; then port=${BASH_REMATCH[1]}; fi
exec 3<>"/dev/tcp/127.0.0.1/$port"
printf 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
read -r _ status _ <&3
[[ $status == 200 ]]
