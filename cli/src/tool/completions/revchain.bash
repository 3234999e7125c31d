
# Revisions, where a verb takes one.
_revchain_revisions() {
    local word verb=""
    _revchain "$@"
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case "$word" in
            upgrade|downgrade|plan|show|stamp|edit|rebase|schema|diff|diagram) verb="$word"; break ;;
        esac
    done
    # A `-` begins a flag, and behind one stands its value.
    case "$3" in --onto) ;; -q|-v|--quiet|--verbose|--json|--sql|--dry-run|--purge) ;; -*) return ;; esac
    if [[ -n "$verb" && "$2" != -* ]]; then
        COMPREPLY+=( $(compgen -W "head base $(revchain completions revisions 2>/dev/null | cut -f 1)" -- "$2") )
    fi
}

# `cargo revchain`: from there on these completions, before it those that cargo has.
_revchain_cargo() {
    local at=1
    [[ "${COMP_WORDS[1]}" == +* ]] && at=2
    if [[ "${COMP_WORDS[at]}" == revchain ]] && (( COMP_CWORD > at )); then
        COMP_WORDS=( "${COMP_WORDS[@]:at}" )
        (( COMP_CWORD -= at ))
        _revchain_revisions revchain "$2" "$3"
    elif [[ -n "${_revchain_cargo_before-}" ]]; then
        "$_revchain_cargo_before" "$@"
    fi
}

if [[ "${BASH_VERSINFO[0]}" -eq 4 && "${BASH_VERSINFO[1]}" -ge 4 || "${BASH_VERSINFO[0]}" -gt 4 ]]; then
    complete -F _revchain_revisions -o nosort -o bashdefault -o default revchain
else
    complete -F _revchain_revisions -o bashdefault -o default revchain
fi
if [[ "$(complete -p cargo 2>/dev/null || true)" != *" _revchain_cargo "* ]]; then
    # What bash-completion would load when it is first needed.
    complete -p cargo >/dev/null 2>&1 || _comp_load cargo >/dev/null 2>&1 || _completion_loader cargo >/dev/null 2>&1 || true
    _revchain_cargo_before="$(complete -p cargo 2>/dev/null | sed -n 's/.* -F \([^ ]*\) .*/\1/p')"
    complete -F _revchain_cargo -o bashdefault -o default cargo
fi
