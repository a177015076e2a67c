# Completes each argument, a command line, with fish, and prints "> LINE" and the candidates.
litellm-proxy completion fish | source
for line in $argv
    echo "> $line"
    complete -C $line | string replace -r '\t.*' ''
end
exit 0
