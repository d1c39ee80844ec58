#compdef incident
# zsh completion for incident: source <(incident completion zsh)
_incident() {
  local line="${(j: :)words[1,CURRENT]}"
  local -a found
  found=("${(@f)$("${words[1]}" "[suggest:${#line}]" "$line" 2>/dev/null)}")
  found=(${found:#})
  (( ${#found} )) && compadd -- "${found[@]}" || _files
}
compdef _incident incident ./incident
