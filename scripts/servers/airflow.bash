# Shared by the scripts of both Apache Airflow versions, on top of server.bash. Airflow is not a server here: a folder with
# its own database, and a wrapper that runs programs in it, until stdin ends.
#
#   airflow-N.sh
#   airflow-N.sh check     only checks that it can run
#   airflow-N.sh install   downloads it, once
#
# stdout  the folder: put DAGs into its dags/, and run `FOLDER/with airflow dags test ...` or `FOLDER/with python FILE`

uv=uv==0.13.9
list=$here/${name%.sh}.txt
home=$(home_of "$uv" "$(<"$list")")

check() { is_complete "${name%.sh}"; }
install() { once make_home; }

make_home() {
  has python3.11 || packages python3.11
  python_packages "$home/uv" "$uv"
  "$home/uv/bin/uv" venv --quiet --python "$(type -P python3.11)" "$home/python" >&2 || fail 'uv could not make an environment'
  "$home/uv/bin/uv" pip install --quiet --python "$home/python" -r "$list" >&2 || fail "uv could not install $list"
  rm -rf -- "$home/uv"
  # Migrated once here, because it takes as long as a whole test.
  mkdir -- "$home/empty"
  surround "$home/empty"
  "$home/python/bin/airflow" db migrate >"$home/log" 2>&1 || fail "$(last_line "$home/log")"
}

# Sets Airflow's environment.
surround() { # FOLDER
  export AIRFLOW_HOME=$1 AIRFLOW__CORE__DAGS_FOLDER=$1/dags AIRFLOW__CORE__LOAD_EXAMPLES=False PATH=$home/python/bin:$PATH
  export AIRFLOW__LOGGING__LOGGING_LEVEL=WARNING
}

give() {
  make_folder
  mkdir -- "$folder/dags"
  cp -- "$home/empty/airflow.db" "$folder"
  {
    echo '#!/usr/bin/env bash'
    (surround "$folder" && declare -px AIRFLOW_HOME "${!AIRFLOW__@}")
    printf 'PATH=%q:$PATH exec "$@"\n' "$home/python/bin"
  } >"$folder/with"
  chmod +x "$folder/with"
  address=$folder
  serve
}
