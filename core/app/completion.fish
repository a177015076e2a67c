# fish completion for litellm-proxy
function __litellm_proxy_complete
    set -l tokens (commandline -opc)
    set -l current (commandline -ct)
    set -l prefix ''
    if string match -qr '^--[^=]+=' -- $current
        set prefix (string replace -r '=.*' '=' -- $current)
    end
    for line in ($tokens[1] __complete $tokens[2..-1] "$current" 2>/dev/null)
        if test "$line" = ':files'
            __fish_complete_path (string replace -- "$prefix" '' "$current")
        else
            echo "$prefix$line"
        end
    end
end
complete -c litellm-proxy -f -a '(__litellm_proxy_complete)'
