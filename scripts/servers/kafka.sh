#!/usr/bin/env bash
# Apache Kafka for tests: in a temporary folder, on loopback and free ports, until stdin ends.
#
# kafka.sh [BROKERS]   how many brokers: 1, or 3, of which each has a copy of every message
# kafka.sh check       only says whether it can run
# kafka.sh install     fetches what it and its tests need, once; as root also programs
# kafka.sh home        prints the folder of what is fetched: libraries/ has Kafka's own commands, python/ another client
#
# stdin   crash [N]: kill broker N, or the only one; start [N]: start it again; stop [N] and continue [N]: as signals do
# stdout  when all are ready: the addresses of the brokers, then those that want user etl and password secret (SASL/PLAIN);
#         "crashed", "started", "stopped", "continued"
set -euo pipefail

fail() { echo "kafka.sh: $*" >&2; exit 69; }

pom=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/kafka/pom.xml
python=kafka-python==2.2.15
cache=${XDG_CACHE_HOME:-$HOME/.cache}/etlutils-servers/kafka
home=$cache/$({ cat -- "$pom"; echo "$python"; } | sha256sum | cut -c 1-12)

install() {
  local missing=()
  command -v java >/dev/null || missing+=(openjdk-17-jre-headless)
  command -v kcat >/dev/null || missing+=(kcat)
  [[ -d $home ]] || command -v mvn >/dev/null || missing+=(maven)
  ((${#missing[@]} == 0)) || apt-get install -q -y --no-install-recommends "${missing[@]}" >&2 ||
    fail "not installed: ${missing[*]} (apt-get install ${missing[*]})"
  [[ ! -d $home ]] || return 0
  mkdir -p -- "$cache"
  part=$(mktemp -d -- "$cache/part.XXXXXX")
  trap 'rm -rf -- "$part"' EXIT
  mvn -B -q -f "$pom" dependency:copy-dependencies -DoutputDirectory="$part/libraries" -DincludeScope=runtime >&2 ||
    fail 'Maven could not fetch Kafka'
  python3 -m pip install -q --no-deps --target "$part/python" "$python" >&2 || fail "pip could not fetch $python"
  # Another one may have been faster.
  mv -T -- "$part" "$home" 2>/dev/null || [[ -d $home ]]
}

case ${1-} in
  install) install; exit ;;
  home) echo "$home"; exit ;;
esac
for program in java kcat; do command -v "$program" >/dev/null || fail "no $program (scripts/servers/kafka.sh install)"; done
[[ -d $home ]] || fail 'Kafka is not fetched (scripts/servers/kafka.sh install)'
[[ ${1-} != check ]] || exit 0
libraries=$home/libraries
brokers=${1:-1}

folder=$(mktemp -d)
servers=()
cleanup() {
  trap '' EXIT
  for node in "${!servers[@]}"; do crash "$node"; done
  rm -rf -- "$folder"
}
crash() {
  [[ -n ${servers[$1]-} ]] || return 0
  kill -KILL "${servers[$1]}" 2>/dev/null || true
  wait "${servers[$1]}" 2>/dev/null || true
  servers[$1]=
}
trap cleanup EXIT
trap 'exit 143' TERM INT HUP

# Ports that stay free for a moment: all are taken before any is given back.
mapfile -t ports < <(node -e '
  const servers = Array.from({ length: 3 * process.argv[1] }, () => require("net").createServer().listen(0, "127.0.0.1"));
  setTimeout(() => { for (const each of servers) { console.log(each.address().port); each.close(); } }, 50);' "$brokers")

list() { # the ports of one kind, of all brokers, each behind a text
  local kind=$1 text= node
  for ((node = 0; node < brokers; node++)); do text+=,${2//N/$((node + 1))}127.0.0.1:${ports[node * 3 + kind]}; done
  echo "${text#,}"
}

configure() {
  local node=$1 at=$((($1 - 1) * 3))
  cat >"$folder/$node.properties" <<END
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
END
}

kafka() {
  java -Xmx384m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$libraries/*" "$@"
}

start() { # does not wait
  local node=$1
  : >"$folder/$node.log"
  java -Xmx384m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dlog4j2.configurationFile="$folder/log4j2.properties" \
    -cp "$libraries/*" kafka.Kafka "$folder/$node.properties" </dev/null >>"$folder/$node.log" 2>&1 &
  servers[$node]=$!
}
ready() {
  until grep -qs 'Kafka Server started' "$folder/$1.log"; do
    kill -0 "${servers[$1]}" 2>/dev/null || fail "$(tail -n 1 "$folder/$1.log")"
    sleep 0.05
  done
}

cat >"$folder/log4j2.properties" <<'END'
rootLogger.level=info
rootLogger.appenderRef.out.ref=out
appender.out.type=Console
appender.out.name=out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=%m%n
END
for ((node = 1; node <= brokers; node++)); do
  configure "$node"
  kafka kafka.tools.StorageTool format -t AAAAAAAAAAAAAAAAAAAAAQ -c "$folder/$node.properties" >"$folder/$node.log" 2>&1 ||
    fail "$(tail -n 1 "$folder/$node.log")"
  start "$node"
done
for ((node = 1; node <= brokers; node++)); do ready "$node"; done
echo "$(list 0 '') $(list 1 '')"
while read -r command node; do
  node=${node:-1}
  case $command in
    crash) crash "$node"; echo crashed ;;
    stop) kill -STOP "${servers[$node]}"; echo stopped ;;
    continue) kill -CONT "${servers[$node]}"; echo continued ;;
    start) start "$node"; ready "$node"; echo started ;;
  esac
done
