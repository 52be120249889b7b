#!/usr/bin/env bash
# Apache Kafka for tests: in a temporary folder, on loopback and free ports, until stdin ends.
#
#   kafka.sh [BROKERS]   number of brokers: 1, or 3, each with a replica of every message
#   kafka.sh check       only checks that it can run
#   kafka.sh install     downloads what it and its tests need, once; as root also programs
#   kafka.sh home        prints the folder of Kafka's libraries, which include its own commands
#
# stdin   crash [N]: kill broker N, or the only one; start [N]: restart it; stop [N] and continue [N]: SIGSTOP and SIGCONT
# stdout  once all are ready: the addresses of the brokers, then those that require user etl and password secret
#         (SASL/PLAIN); "crashed", "started", "stopped", "continued"
set -euo pipefail
source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/server.bash"

pom=$here/kafka/pom.xml
home=$(home_of "$(<"$pom")")
check() {
  has java kcat || fail 'no Java or no kcat is installed (scripts/servers/kafka.sh install)'
  is_complete Kafka
}
install() {
  has java || packages openjdk-17-jre-headless
  has kcat || packages kcat
  once maven_libraries "$home" "$pom"
}
obey "$@"
if [[ ${1-} == home ]]; then
  echo "$home"
  exit
fi
brokers=${1:-1}
make_folder

ports=($(free_ports $((3 * brokers))))
list() { # the ports of one kind, of all brokers, each behind a text
  local kind=$1 text= node
  for ((node = 0; node < brokers; node++)); do text+=,${2//N/$((node + 1))}127.0.0.1:${ports[node * 3 + kind]}; done
  echo "${text#,}"
}
address="$(list 0 '') $(list 1 '')"
started=started

configure() { # NODE
  local node=$1 at=$((($1 - 1) * 3))
  cat >"$folder/$node.properties" <<CONFIG
process.roles=broker,controller
node.id=$node
controller.quorum.voters=$(list 2 N@)
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:${ports[at]},SASL_PLAINTEXT://127.0.0.1:${ports[at + 1]},CONTROLLER://127.0.0.1:${ports[at + 2]}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
sasl.enabled.mechanisms=PLAIN
listener.name.sasl_plaintext.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_etl="secret";
log.dirs=$folder/data$node
offsets.topic.num.partitions=1
offsets.topic.replication.factor=$brokers
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
default.replication.factor=$brokers
min.insync.replicas=$((brokers > 1 ? 2 : 1))
group.initial.rebalance.delay.ms=0
broker.session.timeout.ms=1500
broker.heartbeat.interval.ms=300
group.min.session.timeout.ms=500
auto.create.topics.enable=false
log.retention.ms=-1
CONFIG
}
cat >"$folder/log4j2.properties" <<'CONFIG'
rootLogger.level=info
rootLogger.appenderRef.out.ref=out
appender.out.type=Console
appender.out.name=out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=%m%n
CONFIG

java=(java -Xmx384m "${quick_java[@]}" -cp "$home/*")
run() { exec "${java[@]}" -Dlog4j2.configurationFile="$folder/log4j2.properties" kafka.Kafka "$folder/$1.properties"; }
ready() { logged 'Kafka Server started' "$1"; }
for ((node = 1; node <= brokers; node++)); do
  configure "$node"
  "${java[@]}" kafka.tools.StorageTool format -t AAAAAAAAAAAAAAAAAAAAAQ -c "$folder/$node.properties" \
    >"$folder/format.log" 2>&1 || fail "$(last_line "$folder/format.log")"
  launch "$node"
done
for ((node = 1; node <= brokers; node++)); do await "$node"; done
serve
