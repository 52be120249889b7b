#!/usr/bin/env bash
# An SQS server for tests, ElasticMQ, with the limits of AWS: in a temporary folder, on loopback and a free port, until stdin
# ends. It accepts all credentials.
#
#   elasticmq.sh [durable]   durable: messages survive a crash; slower
#   elasticmq.sh check       only checks that it can run
#   elasticmq.sh install     downloads it, once
#
# stdin   crash: stop it with SIGKILL; start: restart it on the same port
# stdout  its address, each time it is ready; "crashed" after a crash
set -euo pipefail
source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/server.bash"

pom=$here/elasticmq/pom.xml
home=$(home_of "$(<"$pom")")
check() {
  has java || fail 'no Java is installed (scripts/servers/elasticmq.sh install)'
  is_complete ElasticMQ
}
install() {
  has java || packages openjdk-17-jre-headless
  once maven_libraries "$home/libraries" "$pom"
}
obey "$@"
durable=false
[[ ${1-} != durable ]] || durable=true
make_folder

port=$(free_ports 1)
address=http://127.0.0.1:$port
cat >"$folder/config" <<CONFIG
include classpath("application.conf")
node-address { protocol = http, host = "127.0.0.1", port = $port, context-path = "" }
rest-sqs { enabled = true, bind-port = $port, bind-hostname = "127.0.0.1", sqs-limits = strict }
rest-stats.enabled = false
aws { region = us-east-1, accountId = 000000000000 }
queues-storage { enabled = $durable, path = "$folder/queues" }
messages-storage { enabled = $durable, driver-class = "org.h2.Driver", uri = "jdbc:h2:$folder/messages;WRITE_DELAY=0", username = "", password = "" }
CONFIG

run() {
  exec java -Xmx256m "${quick_java[@]}" -Dconfig.file="$folder/config" -cp "$home/libraries/*" org.elasticmq.server.Main
}
ready() { logged 'started in'; }
start
serve
