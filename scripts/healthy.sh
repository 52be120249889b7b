#!/usr/bin/env bash
# Checks that serve-stats responds, as the HEALTHCHECK of the Docker image; any other program counts as healthy. The port is the
# --port in the command line of the container's first process, or 8080.
# usage: healthy.sh [CMDLINE]    the file with the command line (default: /proc/1/cmdline)
set -euo pipefail

command=$(tr '\0' ' ' <"${1:-/proc/1/cmdline}")
[[ $command == *serve-stats* ]] || exit 0
port=8080
if [[ $command =~ serve-stats.*\ --port[=\ ]([0-9]+) ]]; then port=${BASH_REMATCH[1]}; fi
exec 3<>"/dev/tcp/127.0.0.1/$port"
printf 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
read -r _ status _ <&3
[[ $status == 200 ]]
