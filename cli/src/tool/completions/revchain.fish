
# Revisions, where a verb takes one.
function __fish_revchain_revisions
    printf '%s\t%s\n' head 'The newest revision' base 'Before the first revision'
    revchain completions revisions 2>/dev/null
end
complete -c revchain -n "__fish_revchain_using_subcommand upgrade downgrade plan show stamp edit rebase schema diff diagram" -f -k -a "(__fish_revchain_revisions)"
complete -c revchain -n "__fish_revchain_using_subcommand rebase" -l onto -r -f -k -a "(__fish_revchain_revisions)"

# What clap leaves out: values that are no flag's.
complete -c revchain -n "__fish_revchain_using_subcommand completions" -f -a "bash zsh fish"
complete -c revchain -n "__fish_revchain_using_subcommand explain" -f -a "(revchain explain 2>/dev/null | string replace -r '^(\S+)\s+' '\$1\t')"

# `cargo revchain`: from there on these completions.
function __fish_revchain_behind_cargo
    set -l words (commandline -opc)
    set -e words[1]
    string match -q -- '+*' "$words[1]"; and set -e words[1]
    test "$words[1]" = revchain; and string escape -- $words
end
complete -c cargo -n "__fish_revchain_behind_cargo >/dev/null" -f -a "(complete -C (string join ' ' -- (__fish_revchain_behind_cargo) (commandline -ct)))"
