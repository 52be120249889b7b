# Zsh completion of etlutils: source this file after compinit, or put it as _etlutils into a folder of $fpath.

# Offers words, and @file and the like. With @list it offers them behind a comma, too, and one behind them.
_etlutils_offer() { # OFFER...
  local -a offered=("${(@)argv:#@*}")
  local offer found=1
  # NAME=SENSOR
  (( ! $argv[(I)@sensor] )) || compset -P '[^:=]#='
  local -a more
  [[ ${argv[(I)@list]} == 0 ]] || { compset -P '*,'; more=(-q -S ,) }
  compadd $more -- "${(@)offered:#*[:/]}" && found=0
  # More is to follow behind a scheme.
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

# The sensors of this machine, with what they are.
_etlutils_sensors() {
  local -a found=(${(f)"$(get-temp --list 2>/dev/null)"})
  local -a shown=("${(@)found/$'\t'/  -- }")
  compadd -l -d shown -- "${(@)found%%$'\t'*}"
}

_etlutils_zones() {
  compadd -- UTC ${(f)"$(awk '/^[^#]/ { print $3 }' /usr/share/zoneinfo/zone.tab 2>/dev/null)"}
}

# The columns of the first file that is named. Nothing is read but the beginning of a regular file that is not empty, as
# those of /proc seem to be.
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

# The command behind --, as its own completion has it; fails without one.
_etlutils_command() {
  local -i end=$words[(i)--]
  (( end < CURRENT )) || return 1
  shift $end words
  (( CURRENT -= end ))
  _normal
}
