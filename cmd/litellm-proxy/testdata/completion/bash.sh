# Completes each argument, a command line, with bash, and prints "> LINE" and the candidates. A line is cut as readline
# cuts it: at spaces, and around "=" and ":".
eval "$(litellm-proxy completion bash)"
for line in "$@"; do
    printf '> %s\n' "$line"
    spaced=${line//=/ = }
    read -r -a COMP_WORDS <<<"${spaced//:/ : }"
    if [[ $line == *[\ =:] ]]; then COMP_WORDS+=(""); fi
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    _litellm_proxy
    for word in "${COMPREPLY[@]}"; do printf '%s\n' "$word"; done
done
