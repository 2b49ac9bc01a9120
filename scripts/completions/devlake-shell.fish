# Completion of devlake-shell for fish: put this file into ~/.config/fish/completions.
function __devlake_shell_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    $words[1] __complete $words[2..-1] $current 2>/dev/null
end
complete -c devlake-shell -f -a '(__devlake_shell_complete)'
