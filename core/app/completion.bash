# bash completion for litellm-proxy
_litellm_proxy() {
    local cur words line text files=
    # COMP_WORDBREAKS splits at "=" and ":"; take the words as the program will see them.
    words=("${COMP_WORDS[@]:1:COMP_CWORD}")
    local joined=() w
    for w in "${words[@]}"; do
        if [[ ${#joined[@]} -gt 0 && ( $w == "=" || ${joined[-1]} == *= && ${joined[-1]} == --* ) ]]; then
            joined[-1]+=$w
        else
            joined+=("$w")
        fi
    done
    cur=${joined[-1]}
    COMPREPLY=()
    while IFS= read -r line; do
        if [[ $line == ":files" ]]; then files=1; continue; fi
        text=${line%%$'\t'*}
        COMPREPLY+=("$text")
    done < <("${COMP_WORDS[0]}" __complete "${joined[@]}" 2>/dev/null)
    if [[ -n $files ]]; then
        while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "${cur#--*=}")
        compopt -o filenames 2>/dev/null
    fi
}
complete -F _litellm_proxy litellm-proxy
