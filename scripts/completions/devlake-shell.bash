# Completion of devlake-shell for bash: source this file, or put it into
# /usr/share/bash-completion/completions/devlake-shell.

# The words of a line as the program would get them, in `words`, and the quote that is open behind
# the last one, in `quote`. Nothing is expanded: what is typed is not to be run.
_devlake_shell_split() {
  local line=$1 word='' char i begun=''
  words=() quote=''
  for ((i = 0; i < ${#line}; i++)); do
    char=${line:i:1}
    case $quote:$char in
      \':\' | \":\") quote='' ;;
      :\\ | \":\\)
        ((i++))
        # Between double quotes a backslash protects these alone.
        [[ -z $quote || ${line:i:1} == [\$\`\"\\] ]] || word+=\\
        word+=${line:i:1} begun=1
        ;;
      :\' | :\") quote=$char begun=1 ;;
      :[[:space:]])
        [[ -z $word$begun ]] || words+=("$word")
        word='' begun=''
        ;;
      *) word+=$char ;;
    esac
  done
  words+=("$word")
}

_devlake_shell() {
  local line word prefix quote
  local -a words described=()
  COMPREPLY=()
  _devlake_shell_split "${COMP_LINE:0:COMP_POINT}"
  word=${words[${#words[@]} - 1]}
  # Outside quotes bash takes '=' and ':' for ends of words: what stands before is on the line.
  prefix=''
  if [[ -z $quote ]]; then
    [[ $COMP_WORDBREAKS != *=* || $word != *=* ]] || prefix=${word%"${word##*=}"}
    [[ $COMP_WORDBREAKS != *:* || $word != *:* ]] || prefix=${word%"${word##*:}"}
  fi
  while IFS= read -r line; do
    word=${line%%$'\t'*}
    word=${word#"$prefix"}
    case $word in
      */ | *: | *=) compopt -o nospace 2>/dev/null ;;
    esac
    case $quote in
      \') word=${word//\'/\'\\\'\'} ;;
      \")
        word=${word//\\/\\\\} word=${word//\"/\\\"}
        word=${word//\$/\\\$} word=${word//\`/\\\`}
        ;;
      *) printf -v word '%q' "$word" ;;
    esac
    COMPREPLY+=("$word")
    [[ $line == *$'\t'* ]] || line+=$'\t'
    described+=("$word  ${line#*$'\t'}")
  done < <("${words[0]}" __complete "${words[@]:1}" 2>/dev/null)
  # A list that is only shown (63 is its code) tells what the candidates are; it is inserted nowhere.
  [[ ${COMP_TYPE-} != 63 || ${#COMPREPLY[@]} -lt 2 ]] || COMPREPLY=("${described[@]}")
}
complete -F _devlake_shell devlake-shell
