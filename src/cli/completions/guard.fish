# Completes guard in fish: `guard completions fish | source`, or as a file in fish's completions folder.
function __guard_complete
    set -l words (commandline --tokenize --current-process --cut-at-cursor)
    set -l last (commandline --current-token --cut-at-cursor)
    set -l lines
    if test -n "$last"
        set lines (command guard complete -- $words[2..-1] $last 2>/dev/null)
    else
        set lines (command guard complete --fresh -- $words[2..-1] 2>/dev/null)
    end
    switch "$lines[1]"
        case :files
            __fish_complete_path $last
        case :folders
            __fish_complete_directories $last
        case '*'
            test (count $lines) -gt 0; and printf '%s\n' $lines
    end
end
complete --command guard --no-files --keep-order --arguments '(__guard_complete)'
