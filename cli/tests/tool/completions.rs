//! `completions`, in the shells themselves: each reads its script, and is asked what could follow some words.

use std::collections::BTreeSet;
use std::env;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::project::{Project, revision_text, run};

/// What is typed, what must be offered, and what must not.
#[rustfmt::skip]
const TYPED: &[(&str, &[&str], &[&str])] = &[
    ("revchain up", &["upgrade"], &["downgrade"]),
    ("revchain ", &["init", "revision", "rebase", "verify", "explain", "upgrade", "status", "ensure-version"], &["bash"]),
    ("revchain upgrade --d", &["--dry-run", "--dialect"], &["--purge"]),
    ("revchain stamp --p", &["--purge"], &["--dry-run"]),
    ("revchain upgrade --sql --dialect ", &["postgres", "mysql", "sqlite"], &["b2"]),
    ("revchain upgrade --sql --dialect my", &["mysql"], &["postgres"]),
    ("revchain init --dialects p", &["postgres"], &["mysql"]),
    ("revchain revision --format ", &["sql", "rust"], &["bash"]),
    ("revchain completions ", &["bash", "zsh", "fish"], &["revisions"]),
    ("revchain explain RC10", &["RC101", "RC108"], &["RC201"]),
    ("revchain upgrade b", &["b2", "base"], &["a1", "head"]),
    ("revchain downgrade ", &["a1", "b2", "base"], &[]),
    ("revchain show a", &["a1"], &["b2"]),
    ("revchain plan h", &["head"], &[]),
    ("revchain stamp a", &["a1"], &[]),
    ("revchain edit b", &["b2"], &[]),
    ("revchain rebase c", &["c3"], &["a1"]),
    ("revchain rebase c3 --onto b", &["b2"], &["a1"]),
    ("revchain schema a", &["a1"], &["b2"]),
    ("revchain diff a1 b", &["b2", "base"], &["a1"]),
    ("revchain diagram --format ", &["svg", "mermaid"], &["a1"]),
    ("revchain diagram --dialect my", &["mysql"], &["a1"]),
    ("revchain -q upgrade --url sqlite:app.db a", &["a1"], &["b2"]),
    ("revchain verify a", &[], &["a1"]),
    ("cargo revchain up", &["upgrade"], &["update", "downgrade"]),
    ("cargo revchain upgrade --sql --dialect my", &["mysql"], &[]),
    ("cargo revchain show a", &["a1"], &["add"]),
    ("cargo +nightly revchain ver", &["verify"], &["version"]),
    // What cargo had of its own is still there.
    ("cargo ru", &["run"], &["revchain"]),
];

/// Answers for cargo, in a shell that has none: `run` and, in zsh, the call that cargo's own completions make.
const CARGO_IN_BASH: &str =
    "_cargo() { COMPREPLY=( $(compgen -W 'run build update' -- \"$2\") ); }\ncomplete -F _cargo cargo\n";
const CARGO_IN_ZSH: &str = "_cargo() {
    local ret=1
    [[ $words[2] == +* ]] && { words[2]=(); (( CURRENT-- )) }
    if (( CURRENT == 2 )); then compadd run build update; return; fi
    shift words; (( CURRENT-- ))
    _call_function ret _cargo-${words[1]}
    return ret
}
compdef _cargo cargo
";

const BASH: &str = r#"
source ./script
offered() {
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
    local function="$(complete -p "$1" | sed 's/.* -F \([^ ]*\) .*/\1/')"
    "$function" "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
    printf '%s\n' "${COMPREPLY[@]}" "=="
}
while IFS= read -r line; do
    words=($line); [[ "$line" == *" " ]] && words+=("")
    offered "${words[@]}"
done < typed
"#;

/// The lines are typed into a shell of its own, at a terminal that `zpty` makes: what could follow is known nowhere else.
/// Its `compadd` prints what it would add.
const ZSH: &str = r#"
zmodload zsh/zpty || exit 2
zpty shell "zsh -f -i" || exit 2
zpty -w shell "source $PWD/inside"
until [[ $line == *ready* ]]; do zpty -r shell line || exit 2; done
while IFS= read -r typed; do
    zpty -w -n shell "$typed"$'\t'
    zpty -r -m shell answer '*=begin=*=end=*' || exit 2
    answer=${answer##*=begin=}
    print -r -- "${${answer%%=end=*}//$'\r'/}"
    print '=='
done < typed
zpty -d shell
"#;

const INSIDE_ZSH: &str = r#"
PS1= RPS1=
stty -echo
autoload -U compinit && compinit -D -u
source ./script
zstyle ':completion:*' list-grouped false
zstyle ':completion:*' insert-tab false
compadd() {
    if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd "$@"; return; fi
    local -a hits
    builtin compadd -O hits "$@"
    (( $#hits )) && print -rl -- "" $hits
    builtin compadd "$@"
}
begin-offer() { print -r -- "=begin="; }
end-offer() { print -r -- "=end="; compstate[insert]=; compstate[list]=; }
offer() { compprefuncs=(begin-offer); comppostfuncs=(end-offer); zle complete-word; BUFFER=; zle -R; }
zle -N offer
bindkey '^I' offer
print ready
"#;

const FISH: &str = r#"
source ./script
while read -l line
    complete -C "$line"
    echo ==
end < typed
"#;

#[test]
fn bash_completes() {
    answers("bash", BASH, &["--norc", "--noprofile"]);
}

#[test]
fn zsh_completes() {
    answers("zsh", ZSH, &["-f"]);
}

#[test]
fn fish_completes() {
    answers("fish", FISH, &[]);
}

fn answers(shell: &str, driver: &str, flags: &[&str]) {
    if !is_installed(shell) {
        return;
    }
    // A directory with two heads: who has to rebase needs the ids more than anybody.
    let project = Project::new(&["a1 -> base", "b2 -> a1"]);
    project.write("migrations/versions/c3_x.sql", &revision_text("c3", "a1"));
    let script = project.run(&["completions", shell]).done();
    let (cargo, script) = match shell {
        "bash" => (CARGO_IN_BASH, script),
        // Fish brings completions for cargo.
        "fish" => ("", script),
        _ => (CARGO_IN_ZSH, script),
    };
    project.write("script", &format!("{cargo}{script}"));
    project.write("inside", INSIDE_ZSH);
    project.write("driver", driver);
    project.write("typed", &TYPED.iter().map(|(typed, ..)| format!("{typed}\n")).collect::<String>());

    let tool = Path::new(env!("CARGO_BIN_EXE_revchain")).parent().unwrap();
    let path = env::join_paths([tool.to_owned()].into_iter().chain(env::split_paths(&env::var_os("PATH").unwrap())));
    let mut command = Command::new(shell);
    command.args(flags).arg("driver").current_dir(project.root()).stdin(Stdio::null());
    command.env("PATH", path.unwrap()).env("HOME", project.root()).env("TERM", "dumb");
    command.env_remove("REVCHAIN_CONFIG").env_remove("BASH_ENV").env_remove("ZDOTDIR").env_remove("XDG_CONFIG_HOME");
    let said = run(&mut command);
    assert!(said.code == 0 && (said.stderr.is_empty() || shell == "zsh"), "{shell}: {said:#?}");

    let offers: Vec<BTreeSet<&str>> = said.stdout.split("==\n").map(offered).collect();
    assert_eq!(offers.len(), TYPED.len() + 1, "{shell}: {said:#?}");
    let mut wrong = Vec::new();
    for ((typed, expected, unwanted), offer) in TYPED.iter().zip(&offers) {
        for word in expected.iter().filter(|word| !offer.contains(**word)) {
            wrong.push(format!("`{typed}` is not offered `{word}`, but {offer:?}"));
        }
        for word in unwanted.iter().filter(|word| offer.contains(**word)) {
            wrong.push(format!("`{typed}` is offered `{word}`"));
        }
    }
    assert!(wrong.is_empty(), "{shell}:\n{}", wrong.join("\n"));
}

/// A word a line; fish puts a description behind it.
fn offered(text: &str) -> BTreeSet<&str> {
    text.lines().filter_map(|line| line.split('\t').next()).map(str::trim).collect()
}

/// Where it is not this says so, and under `CI=true` fails.
fn is_installed(shell: &str) -> bool {
    let mut command = Command::new(shell);
    let there = command.arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    if !there {
        assert_ne!(
            env::var("CI").as_deref(),
            Ok("true"),
            "{shell} is missing, and under CI=true nothing is skipped: `cargo xtask test --install` fetches it"
        );
        // Not eprintln!, which the test harness would keep to itself.
        let _ = writeln!(std::io::stderr(), "SKIPPED: {shell} is not installed; its completions are not tested");
    }
    there
}

/// The scripts may be read twice, and where nothing else is.
#[test]
fn a_script_may_be_read_twice() {
    if !is_installed("bash") {
        return;
    }
    let project = Project::empty();
    project.write("script", &project.run(&["completions", "bash"]).done());
    let mut command = Command::new("bash");
    command.args([
        "--norc",
        "--noprofile",
        "-euc",
        "source ./script; source ./script; complete -p revchain; complete -p cargo",
    ]);
    let said = run(command.current_dir(project.root()));
    assert_eq!(said.stderr, "");
    let said = said.done();
    assert!(said.contains("-F _revchain_revisions revchain") && said.contains("-F _revchain_cargo cargo"), "{said}");
}
