/^[ \t]*$/ { next }
/[\001-\010\016-\037]/ { exit }
/^[{]/ {
  while (match($0, /"[^"]*" *:/)) {
    name = substr($0, RSTART + 1)
    sub(/".*/, "", name)
    print name
    $0 = substr($0, RSTART + RLENGTH)
  }
  exit
}
{
  sub(/^\357\273\277/, "")
  gsub(/"/, "")
  count = split($0, names, /[,;|\t]/)
  for (at = 1; at <= count; at++) if (names[at] ~ /^[-+]?[0-9.]+$/) numbered = 1
  for (at = 1; at <= count; at++) if (numbered || names[at] != "") print numbered ? at : names[at]
  exit
}
