# fish completion for litellm-proxy
function __litellm_proxy_complete
    set -l tokens (commandline -opc)
    set -l current (string trim -l -c '"\'' -- (commandline -ct))
    set -l prefix (string match -r '^--[^=]+=' -- $current)
    for line in ($tokens[1] __complete $tokens[2..-1] "$current" 2>/dev/null)
        if test "$line" = ':files'
            for path in (__fish_complete_path (string replace -- "$prefix" '' "$current"))
                echo "$prefix$path"
            end
        else
            echo "$prefix$line"
        end
    end
end
complete -c litellm-proxy -f -a '(__litellm_proxy_complete)'
