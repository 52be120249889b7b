# Bash completion of etlutils: source this file. From bash 3.2 on; before 4 it also offers files where nothing fits.

# Completes options after a dash, the values of options, operands, and the command behind --.
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
  # To readline --to=x is three words.
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
    # To readline a word also ends at a colon: what is offered goes behind it.
    typed=${COMP_LINE:0:COMP_POINT} typed=${typed##*[[:space:]]}
    # NAME=SENSOR
    typed=${typed#"${typed%%[=:]*}="}
    _etlutils_offer "$typed"
    [[ $typed != *:* ]] || _etlutils_shorten "${typed%"${typed##*:}"}"
    [[ ${#COMPREPLY[@]} != 1 || ${COMPREPLY[0]} != *[:/] ]] || _etlutils_compopt -o nospace
  fi
}

# Offers what of $REPLY begins with a word: words, and @file and the like, one per line. With @list it offers them behind
# a comma, too.
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
  # Not by compgen -W, which would expand what a header says.
  for offer in ${words[@]+"${words[@]}"}; do
    [[ $earlier$offer != "$1"* ]] || COMPREPLY+=("$earlier$offer")
  done
  # Alone they are left to readline, which knows how to quote their names.
  if ! $files; then
    _etlutils_compopt +o default +o bashdefault
  elif ((${#COMPREPLY[@]} > 0)); then
    _etlutils_compopt -o filenames
    COMPREPLY+=($(compgen -f -- "$1"))
  fi
}

# Leaves of all that is offered what stands behind a beginning.
_etlutils_shorten() { # BEGINNING
  local offer offers=(${COMPREPLY[@]+"${COMPREPLY[@]}"})
  COMPREPLY=()
  for offer in ${offers[@]+"${offers[@]}"}; do
    [[ $offer == "$1" ]] || COMPREPLY+=("${offer#"$1"}")
  done
}

# The command and its arguments, as its own completion has them: that of etlutils, or any by the package bash-completion.
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

# The columns of the first file that is named. Nothing is read but the beginning of a regular file that is not empty, as
# those of /proc seem to be.
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
