# Revisions, where a verb takes one.
(( $+functions[_revchain_revisions] )) ||
_revchain_revisions() {
    local id message
    local -a revisions
    revisions=('head:the newest revision' 'base:before the first revision')
    while IFS=$'\t' read -r id message; do
        revisions+=("$id:$message")
    done < <(revchain completions revisions 2>/dev/null)
    _describe -V -t revisions revision revisions
}

# `cargo revchain`: cargo's own completions look for this function.
(( $+functions[_cargo-revchain] )) ||
_cargo-revchain() {
    _revchain "$@"
}

