#!/usr/bin/env bash
# An MQTT broker for tests, Mosquitto: in a temporary folder, on loopback and free ports, until stdin ends. User etl with
# password s3:cret has full access; anonymous clients have access to all topics except those below private/.
#
#   mosquitto.sh
#   mosquitto.sh check     only checks that it can run
#   mosquitto.sh install   installs it; only as root
#
# stdin   crash: simulate a power cut; start: restart it on the same ports
# stdout  each time it is ready, its addresses for MQTT and for MQTT over TLS, and the file with its self-signed certificate,
#         beside which are log1 and, once it has saved messages, mosquitto.db; "crashed" after a crash
set -euo pipefail
source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/server.bash"

PATH=$PATH:/usr/sbin
debian=(mosquitto mosquitto-clients openssl)
check() {
  has mosquitto mosquitto_passwd mosquitto_pub openssl ||
    fail "no MQTT broker is installed (apt-get install ${debian[*]})"
}
install() { packages "${debian[@]}"; }
obey "$@"
make_folder

ports=($(free_ports 2))
address="mqtt://127.0.0.1:${ports[0]} mqtts://127.0.0.1:${ports[1]} $folder/certificate.pem"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost \
  -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout "$folder/key.pem" -out "$folder/certificate.pem" 2>/dev/null
mosquitto_passwd -b -c "$folder/passwords" etl s3:cret 2>/dev/null
printf 'topic readwrite #\ntopic deny private/#\nuser etl\ntopic readwrite #\n' >"$folder/access"
chmod 600 "$folder"/{passwords,access}
cat >"$folder/configuration" <<CONFIG
persistence true
persistence_location $folder/
autosave_interval 1
autosave_on_changes true
log_type all
allow_anonymous true
password_file $folder/passwords
acl_file $folder/access
listener ${ports[0]} 127.0.0.1
listener ${ports[1]} 127.0.0.1
certfile $folder/certificate.pem
keyfile $folder/key.pem
CONFIG
((EUID != 0)) || echo 'user root' >>"$folder/configuration"

run() { exec mosquitto -c "$folder/configuration"; }
ready() { listens "${ports[@]}"; }
start
serve
