# Prints what zsh offers for a line after Tab, one per line.
# usage: zsh -f completion.zsh FILE LINE
zmodload zsh/zpty
zpty shell "TERM=dumb PS1= zsh -f -i"
tell() { zpty -w shell $1; }
await() { zpty -r -m shell seen "*$1*"; }
tell "autoload -Uz compinit && compinit -u -D && source ${(q)1}"
# Each match is printed as it is added.
tell 'compadd() {
  if [[ ${@[1,(i)(-|--)]} != *-(O|A|D)* ]]; then
    local -a found
    builtin compadd -A found "$@"
    print -rl -- "match:"${^found}
  fi
  builtin compadd "$@"
}'
tell 'finish() { print -r -- "the ""end"; exit }; comppostfuncs=(finish); bindkey "^I" complete-word'
tell 'print is""ready'
await isready
zpty -w -n shell "$2"$'\t'
await 'the end'
zpty -d shell
print -r -- $seen | tr -d '\r' | sed -n 's/.*match://p'
