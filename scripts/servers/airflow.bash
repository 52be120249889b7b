# What the scripts of both versions of Apache Airflow have in common, behind server.bash. Airflow is no server here: a folder
# with a database of its own, and a program that runs others in it, until stdin ends.
#
#   airflow-N.sh
#   airflow-N.sh check     only says whether it can run
#   airflow-N.sh install   fetches it, once
#
# stdout  the folder: DAGs go into its dags/, and `FOLDER/with airflow dags test ...` or `FOLDER/with python FILE` runs there

uv=uv==0.13.9
list=$here/${name%.sh}.txt
home=$(home_of "$uv" "$(<"$list")")

check() { is_complete "${name%.sh}"; }
install() { once make_home; }

make_home() {
  has python3.11 || packages python3.11
  python_packages "$home/uv" "$uv"
  "$home/uv/bin/uv" venv --quiet --python "$(type -P python3.11)" "$home/python" >&2 || fail 'uv makes no environment'
  "$home/uv/bin/uv" pip install --quiet --python "$home/python" -r "$list" >&2 || fail "uv could not install $list"
  rm -rf -- "$home/uv"
  # It takes as long as all that uses a database.
  mkdir -- "$home/empty"
  surround "$home/empty"
  "$home/python/bin/airflow" db migrate >"$home/log" 2>&1 || fail "$(last_line "$home/log")"
}

# Sets what Airflow goes by.
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
