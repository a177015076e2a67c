# bash completion for litellm-proxy; works from bash 3.2 on
_litellm_proxy() {
    local line files= w n joined
    joined=()
    COMPREPLY=()
    # COMP_WORDBREAKS splits at "="; take the words as the program will see them, without quotes.
    for w in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
        w=${w//[\"\'\\]/}
        n=${#joined[@]}
        if [[ $n -gt 0 && ( $w == "=" || ${joined[n-1]} == --*= ) ]]; then
            joined[n-1]+=$w
        else
            joined[n]=$w
        fi
    done
    while IFS= read -r line; do
        if [[ $line == ":files" ]]; then files=1; continue; fi
        COMPREPLY+=("${line%%$'\t'*}")
    done < <("${COMP_WORDS[0]}" __complete "${joined[@]}" 2>/dev/null)
    if [[ -n $files ]]; then
        w=${joined[${#joined[@]}-1]}
        while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "${w#--*=}")
        compopt -o filenames 2>/dev/null
    fi
}
complete -F _litellm_proxy litellm-proxy
