# fish completion for incident: incident completion fish | source
function __incident_completion
    set -l line (commandline -cp)
    set -l program (commandline -op)[1]
    $program "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
end
complete -c incident -a '(__incident_completion)'
