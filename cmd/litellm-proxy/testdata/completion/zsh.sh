# Completes each argument, a command line, with a zsh that believes to be at a terminal, and prints "> LINE" and the
# candidates. They are caught in compadd, which every completion ends in.
zmodload zsh/zpty
out=$PWD/candidates
: > $out
zpty z zsh -f -i
{
    print -r -- 'PS1= PS2= RPS1=; unset zle_bracketed_paste; unsetopt beep; autoload -Uz compinit; compinit -u -D'
    print -r -- 'source <(litellm-proxy completion zsh)'
    print -r -- "caught=${(q)out}"
    print -r -- 'compadd() {
        local -a hits
        if [[ ${@[1,(i)(-|--)]} != *-(O|A|D)\ * ]]; then
            builtin compadd -A hits "$@"
            (( $#hits )) && print -rl -- $hits >> $caught
        fi
        builtin compadd "$@"
    }'
    print -r -- 'ended() { print -r -- "<" >> $caught; compstate[insert]=; compstate[list]=; }'
    print -r -- 'whole() { compprefuncs=() comppostfuncs=(ended); _main_complete; }; zle -C whole complete-word whole'
    print -r -- 'bindkey -e; bindkey "^I" whole; print -r -- "ready" >> $caught'
} > setup.zsh
zpty -w z 'source ./setup.zsh'
await() { # await PATTERN N: until the file has N lines of it
    repeat 400; do
        [[ $(grep -c -- $1 $out) -ge $2 ]] && return
        zpty -r -t z discard
        sleep 0.02
    done
    print -u2 "zsh did not answer"
    exit 1
}
await '^ready$' 1
n=0
for line in "$@"; do
    print -r -- "> $line" >> $out
    zpty -w -n z $'\C-u'"$line"$'\t'
    await '^<$' $((++n))
done
zpty -d z
grep -v -e '^<$' -e '^ready$' $out
