# Completes guard in bash: `eval "$(guard completions bash)"`, or as a file in bash-completion's folder.
_guard() {
    local line=${COMP_LINE:0:COMP_POINT} words=() word joined='' last i fresh=()
    # bash splits words at `=` and `:`; put them together again.
    for ((i = 1; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if ((${#words[@]})) && { [[ $word == [=:]* ]] || [[ $joined ]]; }; then
            if ((i == COMP_CWORD)) && [[ $line == *[[:space:]] ]]; then
                words+=("")
            else
                words[${#words[@]} - 1]+=$word
            fi
        else
            words+=("$word")
        fi
        joined=''
        [[ $word == *[=:] ]] && joined=yes
    done
    last=${words[${#words[@]} - 1]}
    [[ $last ]] || { fresh=(--fresh); unset 'words[${#words[@]}-1]'; }
    # What bash keeps of the word: all up to the last sign at which it splits.
    local kept='' candidate
    [[ $COMP_WORDBREAKS == *=* && $last == *=* ]] && kept=${last%"${last##*=}"}
    [[ $COMP_WORDBREAKS == *:* && $last == *:* && ${#kept} -lt ${#last} ]] &&
        [[ ${last##*:} != *=* ]] && kept=${last%"${last##*:}"}
    COMPREPLY=()
    while IFS=$'\t' read -r candidate _; do
        case $candidate in
            :files) compopt -o filenames 2>/dev/null
                while IFS= read -r candidate; do COMPREPLY+=("$candidate"); done \
                    < <(compgen -f -- "${last#"$kept"}") ;;
            :folders) compopt -o filenames 2>/dev/null
                while IFS= read -r candidate; do COMPREPLY+=("$candidate"); done \
                    < <(compgen -d -- "${last#"$kept"}") ;;
            ?*) COMPREPLY+=("${candidate#"$kept"}") ;;
        esac
    done < <(command guard complete "${fresh[@]}" -- "${words[@]}" 2>/dev/null)
}
complete -F _guard guard
