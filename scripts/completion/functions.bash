# Bash completion of etlutils: source this file. Needs bash 3.2; before bash 4 it also offers files where nothing matches.

# Completes options after a dash, the values of options, operands, and the command after --.
_etlutils() {
  local tool=${1##*/} word=$2 before=$3 typed REPLY= at
  COMPREPLY=()
  if _etlutils_runs "$tool"; then
    for ((at = 1; at < COMP_CWORD; at++)); do
      [[ ${COMP_WORDS[at]} == -- ]] || continue
      _etlutils_command $((at + 1)) "$word"
      return
    done
  fi
  # readline splits --to=x into three words.
  if [[ ${COMP_WORDS[COMP_CWORD]} == = ]]; then
    word='' before=${COMP_WORDS[COMP_CWORD - 1]}
  elif [[ $before == = ]]; then
    before=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  if [[ $before == -* ]] && _etlutils_value "$tool" "$before"; then
    _etlutils_offer "$word"
  elif [[ $word == -* ]]; then
    _etlutils_options "$tool"
    _etlutils_offer "$word"
    [[ ${#COMPREPLY[@]} != 1 || ${COMPREPLY[0]} != *= ]] || _etlutils_compopt -o nospace
  else
    _etlutils_operand "$tool"
    # readline also splits words at colons, so only the part after the last colon may be offered.
    typed=${COMP_LINE:0:COMP_POINT} typed=${typed##*[[:space:]]}
    # NAME=SENSOR
    typed=${typed#"${typed%%[=:]*}="}
    _etlutils_offer "$typed"
    [[ $typed != *:* ]] || _etlutils_shorten "${typed%"${typed##*:}"}"
    [[ ${#COMPREPLY[@]} != 1 || ${COMPREPLY[0]} != *[:/] ]] || _etlutils_compopt -o nospace
  fi
}

# Offers the matches in $REPLY, one word per line, or kinds such as @file. With @list, also after a comma.
_etlutils_offer() { # WORD
  local IFS=$'\n' offer earlier= words=() files=false
  for offer in $REPLY; do
    case $offer in
      @file) files=true ;;
      @list)
        [[ $1 != *,* ]] || earlier=${1%,*},
        _etlutils_compopt -o nospace
        ;;
      @folder) _etlutils_compopt -o dirnames ;;
      @column) words+=($(_etlutils_columns)) ;;
      @sensor) words+=($(get-temp --list 2>/dev/null | cut -f 1)) ;;
      @zone) words+=(UTC $(awk '/^[^#]/ { print $3 }' /usr/share/zoneinfo/zone.tab 2>/dev/null)) ;;
      *) words+=("$offer") ;;
    esac
  done
  # Not with compgen -W, which would expand untrusted column names.
  for offer in ${words[@]+"${words[@]}"}; do
    [[ $earlier$offer != "$1"* ]] || COMPREPLY+=("$earlier$offer")
  done
  # Files alone are left to readline, which quotes their names.
  if ! $files; then
    _etlutils_compopt +o default +o bashdefault
  elif ((${#COMPREPLY[@]} > 0)); then
    _etlutils_compopt -o filenames
    COMPREPLY+=($(compgen -f -- "$1"))
  fi
}

# Strips a prefix from all offers.
_etlutils_shorten() { # BEGINNING
  local offer offers=(${COMPREPLY[@]+"${COMPREPLY[@]}"})
  COMPREPLY=()
  for offer in ${offers[@]+"${offers[@]}"}; do
    [[ $offer == "$1" ]] || COMPREPLY+=("${offer#"$1"}")
  done
}

# Completes the command and its arguments with its own completion, from etlutils or the bash-completion package.
_etlutils_command() { # INDEX WORD
  local at=$1
  if ((COMP_CWORD > at)) && [[ $(complete -p "${COMP_WORDS[at]}" 2>/dev/null) == *' _etlutils '* ]]; then
    COMP_WORDS=("${COMP_WORDS[@]:at}") COMP_CWORD=$((COMP_CWORD - at))
    _etlutils "${COMP_WORDS[0]}" "$2" "${COMP_WORDS[COMP_CWORD - 1]}"
  elif declare -F _command_offset >/dev/null; then
    _command_offset "$at"
  elif ((COMP_CWORD == at)); then
    COMPREPLY=($(compgen -c -- "$2"))
  fi
}

# The columns of the first file in the command line. Only the beginning of regular, non-empty files is read; files in /proc
# look empty.
_etlutils_columns() {
  local word
  for word in "${COMP_WORDS[@]:1}"; do
    word=${word//[\\\"\']/}
    word=${word/#\~\//$HOME/}
    [[ -f $word && -r $word && -s $word ]] || continue
    head -c 65536 -- "$word" | tr '\r\000' '\n\n' | awk "$_etlutils_header" | while IFS= read -r word; do printf '%q\n' "$word"; done
    return
  done
}

_etlutils_compopt() {
  if type compopt &>/dev/null; then compopt "$@" 2>/dev/null; fi
}
