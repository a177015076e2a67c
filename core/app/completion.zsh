#compdef litellm-proxy
# zsh completion for litellm-proxy
_litellm_proxy() {
    local -a candidates before
    local line text note files=
    before=("${(@Q)words[2,CURRENT-1]}")
    while IFS= read -r line; do
        if [[ $line == ":files" ]]; then files=1; continue; fi
        text=${line%%$'\t'*}
        note=${line#*$'\t'}
        candidates+=("${text//:/\\:}:$note")
    done < <("${(Q)words[1]}" __complete "${before[@]}" "${(Q)PREFIX}" 2>/dev/null)
    if [[ $PREFIX == --*=* ]]; then compset -P '*='; fi
    (( ${#candidates} )) && _describe -V 'litellm-proxy' candidates
    [[ -n $files ]] && _files
}
if [[ $funcstack[1] == _litellm_proxy ]]; then
    _litellm_proxy "$@"
else
    compdef _litellm_proxy litellm-proxy
fi
