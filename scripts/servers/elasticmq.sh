#!/usr/bin/env bash
# An SQS server for tests, ElasticMQ, with the limits of AWS: on loopback and a free port, until stdin ends. It checks no
# credentials.
#
#   elasticmq.sh [durable]  durable: it has its messages also after a crash, and is slower
#   elasticmq.sh check      only says whether it can
#   elasticmq.sh install    fetches it, once
#
# stdin   crash: stop it as kill -9 does; start: start it again
# stdout  its address, each time that it is ready; "crashed" when it is
set -euo pipefail

fail() { echo "elasticmq.sh: $*" >&2; exit 69; }

pom=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/elasticmq/pom.xml
home=${XDG_CACHE_HOME:-$HOME/.cache}/etlutils-servers/elasticmq
libraries=$home/$(sha256sum "$pom" | cut -c 1-12)

install() {
  [[ ! -d $libraries ]] || return 0
  command -v mvn >/dev/null || fail 'no Maven is installed (apt-get install maven)'
  mkdir -p -- "$home"
  part=$(mktemp -d -- "$home/part.XXXXXX")
  mvn -B -q -f "$pom" dependency:copy-dependencies -DoutputDirectory="$part/libraries" -DincludeScope=runtime >&2 ||
    { rm -rf -- "$part"; fail 'Maven could not fetch ElasticMQ'; }
  # Another one may have been faster.
  mv -T -- "$part/libraries" "$libraries" 2>/dev/null || true
  rm -rf -- "$part"
}

command -v java >/dev/null || fail 'no Java is installed (apt-get install openjdk-17-jre-headless)'
if [[ ${1-} == install ]]; then
  install
  exit
fi
[[ -d $libraries ]] || fail 'ElasticMQ is not installed (scripts/servers/elasticmq.sh install)'
[[ ${1-} != check ]] || exit 0
durable=false
[[ ${1-} != durable ]] || durable=true

folder=$(mktemp -d)
cleanup() {
  trap '' EXIT
  crash
  rm -rf -- "$folder"
}
crash() {
  [[ -z ${server-} ]] && return
  kill -KILL "$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
  server=
}
trap cleanup EXIT
trap 'exit 143' TERM INT HUP

port=$(node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})')
cat >"$folder/config" <<END
include classpath("application.conf")
node-address { protocol = http, host = "127.0.0.1", port = $port, context-path = "" }
rest-sqs { enabled = true, bind-port = $port, bind-hostname = "127.0.0.1", sqs-limits = strict }
rest-stats.enabled = false
aws { region = us-east-1, accountId = 000000000000 }
queues-storage { enabled = $durable, path = "$folder/queues" }
messages-storage { enabled = $durable, driver-class = "org.h2.Driver", uri = "jdbc:h2:$folder/messages;WRITE_DELAY=0", username = "", password = "" }
END

start() {
  : >"$folder/log"
  java -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dconfig.file="$folder/config" \
    -cp "$libraries/*" org.elasticmq.server.Main </dev/null >>"$folder/log" 2>&1 &
  server=$!
  until grep -qs 'started in' "$folder/log"; do
    kill -0 "$server" 2>/dev/null || fail "$(tail -n 1 "$folder/log")"
    sleep 0.05
  done
  echo "http://127.0.0.1:$port"
}

start
while read -r command; do
  case $command in
    crash) crash && echo crashed ;;
    start) start ;;
  esac
done
