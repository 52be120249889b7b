# Prints bash's offers for a line, one per line, then a line with the completion options.
# usage: bash completion.bash FILE LINE
source "$1"
COMP_LINE=$2 COMP_POINT=${#2} COMPREPLY=() settings=()
compopt() { settings+=("$@"); }
# Splits words like readline.
IFS=$'\n' read -r -d '' -a COMP_WORDS < <(grep -oE '[^[:space:]=:]+|[=:]+' <<<"$2")
[[ $2 != *[[:space:]] ]] || COMP_WORDS+=('')
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
word=${COMP_WORDS[COMP_CWORD]}
_etlutils "${COMP_WORDS[0]}" "${word#[=:]}" "${COMP_WORDS[COMP_CWORD - 1]}"
((${#COMPREPLY[@]} == 0)) || printf '%s\n' "${COMPREPLY[@]}"
printf '[%s]\n' "${settings[*]}"
