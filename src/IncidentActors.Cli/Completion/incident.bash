# bash completion for incident: source <(incident completion bash)
_incident_completion() {
  local words="${COMP_LINE:0:COMP_POINT}" current="${COMP_WORDS[COMP_CWORD]}" word
  COMPREPLY=()
  # Bash parts words at : and =, so what is offered is cut to the word that is being written.
  local whole="${words##*[[:space:]]}"
  while IFS= read -r word; do
    [[ $word == "$whole"* ]] && COMPREPLY+=("${word:$((${#whole} - ${#current}))}")
  done < <("${COMP_WORDS[0]}" "[suggest:${#words}]" "$words" 2>/dev/null)
  [[ ${COMPREPLY[0]-} == *: || ${COMPREPLY[0]-} == *@ ]] && compopt -o nospace
  return 0
}
complete -o default -F _incident_completion incident ./incident
