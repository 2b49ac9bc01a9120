# Completion of devlake-shell for bash: source this file, or put it into
# /usr/share/bash-completion/completions/devlake-shell.
_devlake_shell() {
  local line word
  COMPREPLY=()
  # bash takes '=' and ':' for words of their own; the program wants the words as they were typed.
  local typed="${COMP_LINE:0:COMP_POINT}"
  local -a words
  IFS=$' \t\n' read -r -a words <<<"$typed"
  [[ $typed == *[[:space:]] ]] && words+=("")
  local current="${words[${#words[@]} - 1]}"
  while IFS= read -r line; do
    word="${line%%$'\t'*}"
    # What stands before the last '=' or ':' is on the line already.
    local prefix="${current%"${current##*[=:]}"}"
    [[ $COMP_WORDBREAKS == *:* || $COMP_WORDBREAKS == *=* ]] && word="${word#"$prefix"}"
    case "$word" in
      */ | *: | *=) compopt -o nospace 2>/dev/null ;;
    esac
    COMPREPLY+=("$(printf '%q' "$word")")
  done < <("${words[0]}" __complete "${words[@]:1}" 2>/dev/null)
}
complete -F _devlake_shell devlake-shell
