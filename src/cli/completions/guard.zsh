#compdef guard
# Completes guard in zsh: `eval "$(guard completions zsh)"` after compinit, or as a file `_guard` in $fpath.
_guard() {
    local -a before values abouts fresh
    local line last=$PREFIX
    before=("${(@)words[2,CURRENT-1]}")
    if [[ -n $last ]]; then before+=("$last"); else fresh=(--fresh); fi
    for line in "${(@f)$(command guard complete $fresh -- "${(@)before}" 2>/dev/null)}"; do
        case $line in
            :files) _files; return ;;
            :folders) _files -/; return ;;
            ?*) values+=("${line%%$'\t'*}")
                abouts+=("${line%%$'\t'*}  ${line#*$'\t'}") ;;
        esac
    done
    (($#values)) && compadd -l -d abouts -a values
}
if [[ $funcstack[1] == _guard ]]; then
    _guard "$@"
elif (($+functions[compdef])); then
    compdef _guard guard
fi
