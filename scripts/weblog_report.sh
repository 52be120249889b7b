#!/usr/bin/env bash
#
# Web log report: requests and errors per hour, the most frequent paths and agents, and slowly growing 404s.
#
#   weblog_report.sh [LOG|DB]
#
# LOG is an access log in any format that parse-log recognises, compressed or not; the default is stdin. DB is a database with an
# access log loaded by load-rows: a SQLite file (read with sqlite3) or postgres://... (read with psql).
#
# Settings, all from the environment:
#   ETL_TABLE   the table of DB                      (default: logs)
#   ETL_TOP     how many paths and agents to show    (default: 10)
#
# Exit status: that of the first step that failed (see README, "Exit status").

set -euo pipefail

# Find the tools next to this script, wherever and through whatever link it is called.
script=$(readlink -f -- "${BASH_SOURCE[0]}")
PATH=$(dirname -- "$script")/../bin:$PATH
export LC_ALL=C

table=${ETL_TABLE:-logs}
top=${ETL_TOP:-10}
source=${1:--}

fail() { echo "weblog_report.sh: $2" >&2; exit "$1"; }
need() { command -v "$1" >/dev/null || fail 69 "a database of this kind is read with $1, which is not installed"; }
(($# <= 1)) || fail 64 "unexpected operand: \"$2\""
[[ $top =~ ^[1-9][0-9]{0,5}$ ]] || fail 64 "ETL_TOP is not a number: $top"

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
trap 'exit 129' HUP; trap 'exit 130' INT; trap 'exit 143' TERM

# Step 1. Extract: time,status,bytes,path,user_agent, sorted by time. Only the last two may be quoted.
is_sqlite() { [[ -f $1 ]] && [[ $(head -c 15 -- "$1" | tr -d '\0') == 'SQLite format 3' ]]; }
quoted=\"${table//\"/\"\"}\"
case $source in
  postgres://* | postgresql://*)
    need psql
    utc="to_char(time::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"
    psql -X --csv --tuples-only --set ON_ERROR_STOP=1 "$source" \
      -c "SELECT $utc, status, bytes, path, user_agent FROM $quoted ORDER BY time" ;;
  *)
    if is_sqlite "$source"; then
      need sqlite3
      [[ $source == -* ]] && source=./$source
      sqlite3 -readonly -csv -newline $'\n' "$source" \
        "SELECT time, status, bytes, path, user_agent FROM $quoted ORDER BY time"
    else
      parse-log --fields time,status,bytes,path,user_agent -- "$source" | tail -n +2
    fi ;;
esac >"$work/rows"

# Step 2. Split into files. A line that does not begin with a time continues a field with a line break.
awk -F, -v work="$work" '
  # Removes the first field from the rest of the line.
  function next_field(  field, end, quote) {
    if (rest !~ /^"/) {
      end = index(rest ",", ",")
      field = substr(rest, 1, end - 1)
    } else {
      # A doubled quote is a literal quote, not the end of the field.
      for (end = 2; (quote = index(substr(rest, end) "\"", "\"")) && substr(rest, end + quote, 1) == "\""; end += quote + 1);
      end += quote
      field = substr(rest, 2, end - 3)
      if (index(field, "\"")) gsub(/""/, "\"", field)
    }
    rest = substr(rest, end + 1)
    if (field ~ /[[:cntrl:]]/) gsub(/[[:cntrl:]]/, "?", field)
    return field == "" ? "-" : field
  }
  /^[0-9][0-9][0-9][0-9]-[0-9][0-9]-/ {
    bytes = $3 == "" ? 0 : $3
    print $1 ",requests," bytes > (work "/readings")
    if ($2 >= 400) print $1 ",errors," bytes > (work "/readings")
    rest = substr($0, length($1) + length($2) + length($3) + 4)
    path = next_field()
    print path > (work "/paths")
    print next_field() > (work "/agents")
    if ($2 == 404) print ++requests "\t" path > (work "/missing"); else requests++
  }
  END { print requests + 0 > (work "/count") }
' "$work/rows"
requests=$(<"$work/count")
((requests > 0)) || fail 66 'there are no requests'
touch "$work/missing"

# Step 3. Requests and errors per hour (UTC): each request is a reading whose value is its bytes.
echo 'Requests by the hour'
echo
get-stats --window 1h "$work/readings" | awk -F, '
  NR == 1 { next }
  $1 == "requests" { hours[++n] = $3; requests[$3] = $5; average[$3] = $8 }
  $1 == "errors" { errors[$3] = $5 }
  END {
    printf "%-20s  %10s  %10s  %7s  %14s\n", "hour", "requests", "errors", "errors%", "bytes/request"
    for (i = 1; i <= n; i++) {
      hour = hours[i]
      share = 100 * errors[hour] / requests[hour]
      printf "%-20s  %10d  %10d  %7.1f  %14.1f\n", hour, requests[hour], errors[hour], share, average[hour]
    }
  }'

# Step 4. The most frequent paths and agents.
most() {
  printf '\n%s\n\n%10s  %7s  %s\n' "$1" requests share "$2"
  sort -- "$work/$3" | uniq -c | sort -k1,1nr -k2 | awk -v top="$top" -v all="$requests" '
    NR <= top { count = $1; sub(/^ *[0-9]+ /, ""); printf "%10d  %6.1f%%  %s\n", count, 100 * count / all, $0 }'
}
most 'Top paths' path paths
most 'Top agents' agent agents

# Step 5. The slowest growth of 404s: paths that were missing more often in the second half of the requests than in the first,
# slowest first. Bursts are visible above; slow growth is not.
printf '\nSlowest growth of 404s\n\n%10s  %10s  %10s  %s\n' 'first half' 'second' growth path
awk -F'\t' -v half="$((requests / 2))" '
  { if ($1 <= half) first[$2]++; else second[$2]++ }
  END {
    for (path in second)
      if (second[path] > first[path])
        printf "%d\t%d\t%d\t%s\n", first[path], second[path], second[path] - first[path], path
  }' "$work/missing" | sort -t $'\t' -k3,3n -k2,2nr -k4 | awk -F'\t' -v top="$top" '
  NR <= top { printf "%10d  %10d  %10s  %s\n", $1, $2, "+" $3, $4 }'
