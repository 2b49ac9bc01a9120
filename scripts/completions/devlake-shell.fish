# Completion of devlake-shell for fish: put this file into ~/.config/fish/completions.
function __devlake_shell_complete
    # Words before the cursor, and the one at it, without their quotes; its own may still be open.
    set -l words (commandline -opc)
    set -l typed (commandline -ct)
    set -l current (string unescape -- "$typed")
    or set current (string unescape -- "$typed'")
    or set current (string unescape -- "$typed\"")
    $words[1] __complete $words[2..-1] "$current" 2>/dev/null
end
complete -c devlake-shell -f -k -a '(__devlake_shell_complete)'
