# Zsh completion of etlutils: source this file after compinit, or put it into a folder of $fpath as _etlutils.

# Offers words, and kinds such as @file. With @list, also after a comma, and adds one.
_etlutils_offer() { # OFFER...
  local -a offered=("${(@)argv:#@*}")
  local offer found=1
  # NAME=SENSOR
  (( ! $argv[(I)@sensor] )) || compset -P '[^:=]#='
  local -a more
  [[ ${argv[(I)@list]} == 0 ]] || { compset -P '*,'; more=(-q -S ,) }
  compadd $more -- "${(@)offered:#*[:/]}" && found=0
  # No space after a scheme: more follows.
  compadd -S '' -- "${(@M)offered:#*[:/]}" && found=0
  for offer in "${(@M)argv:#@*}"; do
    case $offer in
      @file) _files && found=0 ;;
      @folder) _files -/ && found=0 ;;
      @column) _etlutils_columns $more && found=0 ;;
      @sensor) _etlutils_sensors && found=0 ;;
      @zone) _etlutils_zones && found=0 ;;
    esac
  done
  return found
}

# The sensors of this machine, with descriptions.
_etlutils_sensors() {
  local -a found=(${(f)"$(get-temp --list 2>/dev/null)"})
  local -a shown=("${(@)found/$'\t'/  -- }")
  compadd -l -d shown -- "${(@)found%%$'\t'*}"
}

_etlutils_zones() {
  compadd -- UTC ${(f)"$(awk '/^[^#]/ { print $3 }' /usr/share/zoneinfo/zone.tab 2>/dev/null)"}
}

# The columns of the first file in the command line. Only the beginning of regular, non-empty files is read; files in /proc
# look empty.
_etlutils_columns() {
  local word
  for word in "${(@Q)words[2,-1]}"; do
    word=${word/#\~\//$HOME/}
    [[ -f $word && -r $word && -s $word ]] || continue
    compadd "$@" -- ${(f)"$(head -c 65536 -- $word | tr '\r\000' '\n\n' | awk $_etlutils_header)"}
    return
  done
  return 1
}

# Completes the command after -- with its own completion; fails if there is none.
_etlutils_command() {
  local -i end=$words[(i)--]
  (( end < CURRENT )) || return 1
  shift $end words
  (( CURRENT -= end ))
  _normal
}
