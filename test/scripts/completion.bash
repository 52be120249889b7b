# Prints what the completion of bash offers for a line, one per line, then a line with how it would go on without that.
# usage: bash completion.bash FILE LINE
source "$1"
COMP_LINE=$2 COMP_POINT=${#2} COMPREPLY=() settings=()
compopt() { settings+=("$@"); }
# As readline does it.
IFS=$'\n' read -r -d '' -a COMP_WORDS < <(grep -oE '[^[:space:]=:]+|[=:]+' <<<"$2")
[[ $2 != *[[:space:]] ]] || COMP_WORDS+=('')
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
word=${COMP_WORDS[COMP_CWORD]}
_etlutils "${COMP_WORDS[0]}" "${word#[=:]}" "${COMP_WORDS[COMP_CWORD - 1]}"
((${#COMPREPLY[@]} == 0)) || printf '%s\n' "${COMPREPLY[@]}"
printf '[%s]\n' "${settings[*]}"
