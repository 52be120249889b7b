#!/usr/bin/env bash
# An MQTT broker for tests: in a temporary folder, on loopback and free ports, until stdin ends.
#
# stdin   crash: stop it as a power cut would; start: start it again, on the same ports
# stdout  its addresses, each time that it is ready: of MQTT, and of MQTT over TLS; the file with the certificate of its
#         own making; "crashed" when it is
#
# The user etl with the password s3:cret may do everything; without a password all topics but those below private/.
# With the word check it only says whether it can; with the word install it installs what it needs.
set -euo pipefail

fail() { echo "mosquitto.sh: $*" >&2; exit 69; }

PATH=$PATH:/usr/sbin
missing() {
  for program in mosquitto mosquitto_passwd mosquitto_pub openssl; do command -v "$program" || return 0; done >/dev/null
  return 1
}
if [[ ${1-} == install ]] && missing; then
  ((EUID == 0)) || fail 'only root can install packages'
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update && apt-get install -y --no-install-recommends mosquitto mosquitto-clients openssl; } >&2 ||
    fail 'apt-get failed'
fi
! missing || fail 'no MQTT broker is installed (apt-get install mosquitto mosquitto-clients openssl)'
[[ ${1-} != check && ${1-} != install ]] || exit 0

folder=$(mktemp -d)
server=
crash() {
  [[ -n $server ]] || return 0
  kill -KILL "$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
  server=
}
cleanup() {
  trap '' EXIT
  crash
  rm -rf -- "$folder"
}
trap cleanup EXIT
trap 'exit 143' TERM INT HUP

free_port() {
  node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})'
}
port=$(free_port)
tls_port=$(free_port)

cd -- "$folder"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost \
  -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout key.pem -out certificate.pem 2>/dev/null
mosquitto_passwd -b -c passwords etl s3:cret 2>/dev/null
printf 'topic readwrite #\ntopic deny private/#\nuser etl\ntopic readwrite #\n' >access
cat >configuration <<END
persistence true
persistence_location $folder/
autosave_interval 1
autosave_on_changes true
allow_anonymous true
password_file $folder/passwords
acl_file $folder/access
listener $port 127.0.0.1
listener $tls_port 127.0.0.1
certfile $folder/certificate.pem
keyfile $folder/key.pem
END
((EUID != 0)) || echo 'user root' >>configuration
chmod 600 passwords access

start() {
  mosquitto -c configuration </dev/null >>log 2>&1 &
  server=$!
  until (: <"/dev/tcp/127.0.0.1/$port" && : <"/dev/tcp/127.0.0.1/$tls_port") 2>/dev/null; do
    kill -0 "$server" 2>/dev/null || fail "$(tail -n 1 log)"
    sleep 0.05
  done
  echo "mqtt://127.0.0.1:$port mqtts://127.0.0.1:$tls_port $folder/certificate.pem"
}

start
while read -r command; do
  case $command in
    crash) crash && echo crashed ;;
    start) start ;;
  esac
done
