#!/usr/bin/env bash
# Other people's clients of AWS for tests, aws-cli and boto3. It is no server: it prints the folder of their programs, aws and
# python3, and ends.
#
#   aws-clients.sh check     only says whether they are there
#   aws-clients.sh install   fetches them, once
set -euo pipefail

clients=(awscli==1.46.3 'boto3[crt]==1.44.8')
home=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/etlutils-servers/aws-clients
folder=$home/$(printf '%s\n' "${clients[@]}" | cksum | cut -d ' ' -f 1)

fail() { echo "aws-clients.sh: $*" >&2; exit 69; }

install() {
  [[ ! -e $folder/complete ]] || return 0
  command -v python3 >/dev/null || fail 'no Python is installed (apt-get install python3-venv)'
  mkdir -p -- "$home"
  # Of two at once the second one waits.
  exec 8>"$home/lock"
  flock 8
  [[ ! -e $folder/complete ]] || return 0
  rm -rf -- "$folder"
  python3 -m venv -- "$folder" >&2 || fail 'python3 makes no environments (apt-get install python3-venv)'
  "$folder/bin/pip" install --quiet --disable-pip-version-check "${clients[@]}" >&2 || fail 'pip has failed (see above)'
  touch -- "$folder/complete"
}

case ${1-} in
  install)
    install
    exit 0
    ;;
  check)
    [[ -e $folder/complete ]] || fail 'aws-cli and boto3 are not installed (scripts/servers/aws-clients.sh install)'
    exit 0
    ;;
esac
"$0" check
echo "$folder/bin"
