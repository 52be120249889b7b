# Shared by the scripts of this folder: each sources it, and defines only what is specific to its server.
#
# A script defines
#   check      fails, with the reason, if the server cannot run here
#   install    installs what check needs; called if check fails
#   run        becomes the server (exec); its output goes to a log
#   ready      whether the server accepts work
#   address    what to print each time it is ready
#   started    what to print instead after a restart (optional)
#   power_cut  the signal that simulates a power cut (optional; default KILL)
# and calls
#   obey "$@"                     handles the words check and install; otherwise returns if the server can run
#   make_folder                   sets folder, a temporary one; it is removed, and servers are killed, when the script ends
#   start                         starts the server, and waits until it is ready
#   serve                         prints the address, obeys stdin, and returns at its end
# There can be several servers: run and ready get a number, which start, crash and the commands on stdin take; default 1.

here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
name=$(basename -- "$(readlink -f -- "${BASH_SOURCE[1]}")")
cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/etlutils-servers
servers=()

fail() { echo "$name: $*" >&2; exit 69; }

# --- the words check and install

obey() { # [WORD]
  [[ ${1-} != install ]] || install_alone
  check
  case ${1-} in check | install) exit ;; esac
}

install_alone() {
  if (check) 2>/dev/null; then return; fi
  mkdir -p -- "$cache" || fail "cannot make the cache folder $cache"
  # Concurrent installs wait, and may find everything done. One lock for all scripts, because apt-get does not wait.
  exec 9>"$cache/lock"
  flock 9
  if ! (check) 2>/dev/null; then install; fi
}

has() { # PROGRAM...
  local program
  for program; do command -v "$program" >/dev/null || return 1; done
}

packages() { # DEBIAN_PACKAGE...
  ((EUID == 0)) || fail "only root can install packages (apt-get install $*)"
  export DEBIAN_FRONTEND=noninteractive
  # 9>&-: a server started by a package must not hold the lock.
  { apt-get update -q && apt-get install -q -y --no-install-recommends "$@"; } >&2 9>&- || fail "apt-get install $* failed"
}

# The folder for something made from this; another version has another folder.
home_of() { # WHAT...
  echo "$cache/${name%.sh}/$(printf '%s\n' "$@" | sha256sum | cut -c 1-16)"
}

# Fills $home by a command, and marks it as complete.
once() { # COMMAND WORD...
  [[ ! -e $home/complete ]] || return 0
  rm -rf -- "$home"
  mkdir -p -- "$home"
  "$@"
  touch -- "$home/complete"
}

is_complete() { # WHAT
  [[ -e $home/complete ]] || fail "$1 is not installed (scripts/servers/$name install)"
}

python_packages() { # FOLDER PACKAGE...
  python3 -c 'import ensurepip' 2>/dev/null || packages python3-venv
  python3 -m venv -- "$1" >&2 || fail 'python3 could not make an environment'
  "$1/bin/pip" install --quiet --disable-pip-version-check "${@:2}" >&2 || fail "pip could not install ${*:2}"
}

maven_libraries() { # FOLDER POM
  has mvn || packages maven
  mvn -B -q -f "$2" dependency:copy-dependencies -DoutputDirectory="$1" -DincludeScope=runtime >&2 ||
    fail "Maven could not fetch what $2 names"
}

find_go() {
  PATH=$PATH:/usr/local/go/bin
  has go || fail 'Go, which builds the server, is not installed (https://go.dev/dl)'
}

# --- the server

make_folder() {
  folder=$(mktemp -d)
  trap clean_up EXIT
  trap 'exit 143' TERM INT HUP
  # Servers that are killed leave their temporary files behind.
  export TMPDIR=$folder
  quick_java=(-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData "-Djava.io.tmpdir=$folder")
}

clean_up() {
  trap '' TERM INT HUP
  local number
  for number in "${!servers[@]}"; do crash "$number"; done
  rm -rf -- "$folder"
}

free_ports() { # COUNT
  node "$here/free-ports.js" "$1"
}

listens() { # PORT...
  local port
  for port; do (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || return 1; done
}

logged() { # TEXT [NUMBER]
  grep -q -- "$1" "$folder/log${2:-1}"
}

last_line() { # FILE
  tail -n 1 -- "$1"
}

launch() { # [NUMBER]
  local number=${1:-1}
  # The log of the previous run must not make it look ready.
  : >"$folder/log$number"
  run "$number" </dev/null >>"$folder/log$number" 2>&1 &
  servers[number]=$!
}

await() { # [NUMBER]
  local number=${1:-1}
  until ready "$number"; do
    must_live "$number"
    sleep 0.05
  done
  # Another program may have answered on its port.
  must_live "$number"
}

must_live() { # NUMBER
  kill -0 "${servers[$1]}" 2>/dev/null || fail "$(last_line "$folder/log$1")"
}

start() { # [NUMBER]
  launch "$@"
  await "$@"
}

crash() { # [NUMBER]
  local number=${1:-1}
  [[ -n ${servers[number]-} ]] || return 0
  kill "-${power_cut:-KILL}" "${servers[number]}" 2>/dev/null || true
  wait "${servers[number]}" 2>/dev/null || true
  servers[number]=
}

serve() {
  local command number
  echo "$address"
  while read -r command number; do
    number=${number:-1}
    case $command in
      crash) crash "$number"; echo crashed ;;
      start) start "$number"; echo "${started-$address}" ;;
      stop) kill -STOP "${servers[number]}"; echo stopped ;;
      continue) kill -CONT "${servers[number]}"; echo continued ;;
    esac
  done
}
