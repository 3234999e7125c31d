//! Alembic's messages: what is said here where Alembic says one, and what there is no occasion to say.

use crate::transcript::{Played, play};
use crate::{assert_complete, chains, paths, scripts, verbs};

const ROWS: &[Played] = &[
    Played {
        name: "M-1",
        chain: "",
        does: "
            > other/revchain.toml; # nothing
            % verify --config other
            = 1
            ! [RC001]",
        alembic: "Path doesn't exist: …  Please use the 'init' command to create a new scripts folder.",
    },
    Played {
        name: "M-2",
        chain: "",
        does: "
            % verify --config nowhere/revchain.toml
            = 1
            ! --config names `nowhere/revchain.toml`, which does not exist",
        alembic: "No 'script_location' key found in configuration., also where the file is not there",
    },
    Played {
        name: "M-3",
        chain: "",
        does: "
            > alembic.ini; [alembic]
            % verify --config alembic.ini
            = 1
            ! --config names `alembic.ini`, which is no `revchain.toml`",
        alembic: "No config file '…' found, or file has no '[alembic]' section",
    },
    Played {
        name: "M-6",
        chain: "aa1 -> base, aa2 -> aa1",
        does: "
            % upgrade zz
            = 1
            ! Can't locate revision identified by 'zz': this chain has no such revision
            % upgrade aa
            = 1
            ! Can't locate revision identified by 'aa': 2 revisions start with it
            $ stamp head -q
            : app.db; UPDATE alembic_version SET version_num = 'old'
            % upgrade head
            = 1
            ! Can't locate revision identified by 'old': the database's",
        alembic: "the first half for all three",
    },
    Played {
        name: "M-49",
        chain: "{a} -> base",
        does: "
            % stamp head --sql --purge
            = 2
            ! the argument '--sql' cannot be used with '--purge'
            % stamp {a} {a} --sql
            = 2
            ! unexpected argument",
        alembic: "Stamp operation with --sql only supports a single starting revision at a time; Can't use --purge with --sql mode",
    },
    Played {
        name: "M-51",
        chain: "",
        does: "
            > migrations/versions/{a}_x.sql; -- a\\n-- down_revision: base\\n-- @upgrade\\n-- @downgrade\\n
            % verify
            = 1
            ! [RC010]
            ! migrations/versions/{a}_x.sql",
        alembic: "Could not determine revision id from filename …",
    },
    Played {
        name: "M-52",
        chain: "",
        does: "
            > migrations/versions/{a}_x.sql; -- a\\n-- revision: {a}\\n-- @upgrade\\nSELECT 'open;\\n-- @downgrade\\n
            % verify
            = 1
            ! [RC010]
            ! [RC201]
            ! migrations/versions/{a}_x.sql:4",
        alembic: "tracebacks: AttributeError, SyntaxError",
    },
    Played {
        name: "M-53",
        chain: "{a} -> base, {b} -> {a}, {c} -> {a}",
        does: "
            % revision -m more
            = 1
            ! [RC103]
            ! no revision was written",
        alembic: "Multiple heads are present; please specify the head revision on which the new revision should be based, or perform a merge.",
    },
    Played {
        name: "M-54",
        chain: "",
        does: "
            > migrations/revchain.toml; [revision]\\ntemplate = 'mine'\\n
            > migrations/mine; -- ${massage}\\n-- revision: ${revision}\\n
            % revision -m more
            = 1
            ! did you mean `${message}`?
            > migrations/revchain.toml; [revision]\\ntimezone = 'fake'\\n
            % revision -m more
            = 1
            ! Can't locate timezone: fake, which `timezone` in migrations/revchain.toml names; nothing was written
            ! write `utc`, an offset such as `+02:00`, or a name such as `Europe/Berlin`
            > migrations/revchain.toml; [revision]\\ntimezone = 'europe/berln'\\n
            % revision -m more
            = 1
            ! Can't locate timezone: europe/berln
            ! did you mean `Europe/Berlin`?
            > migrations/revchain.toml; [revision]\\ntimezone = 'asia/kolkata'\\n
            $ revision --rev-id {a}
            | migrations/versions/{a}_.sql
            $ show {a}
            ~ +05:30",
        alembic: "Can't locate timezone: fake; Template rendering failed; see … for a template-oriented traceback.",
    },
    Played {
        name: "M-55",
        chain: "",
        does: "
            > migrations/revchain.toml; [[revision.hooks]]\\n
            % revision -m more
            = 1
            ! [RC032] this hook has no `command`
            > migrations/revchain.toml; [[revision.hooks]]\\ncommand = ['./neither']\\n
            % revision -m more
            = 1
            ! the hook `./neither` cannot run",
        alembic: "Key '….type' (or 'type' in toml) is required for post write hook '…'; Could not find entrypoint …",
    },
    Played {
        name: "M-56",
        chain: "{a} -> base",
        does: "
            % init migrations
            = 1
            ! Directory migrations already exists and is not empty",
        alembic: "",
    },
    Played {
        name: "M-61",
        chain: "",
        does: "
            > migrations/revchain.toml; dialects = [
            % verify
            = 1
            ! [RC030]
            > migrations/revchain.toml; dialect = ['sqlite']
            % verify
            = 1
            ! [RC031]
            ! did you mean `dialects`?
            > migrations/revchain.toml; transaction = 'never'
            % verify
            = 1
            ! [RC032]",
        alembic: "Incorrect TOML format; unknown keys are passed over",
    },
];

/// The message, and the rows that show what is said here.
#[rustfmt::skip]
const ELSEWHERE: &[(&str, &str)] = &[
    ("M-7", "B-13"), ("M-8", "B-13"), ("M-11", "C-5"), ("M-12", "B-10"), ("M-13", "B-10"), ("M-14", "B-11"),
    ("M-16", "A-17"), ("M-17", "B-10"), ("M-18", "A-8"), ("M-19", "A-23"), ("M-20", "B-11"), ("M-21", "C-10"),
    ("M-23", "B-4"), ("M-24", "B-2"), ("M-26", "B-9"), ("M-27", "B-8"), ("M-28", "B-12"), ("M-30", "C-10"),
    ("M-31", "C-11"), ("M-32", "C-10"), ("M-37", "D-13"), ("M-38", "C-6"), ("M-47", "C-13"), ("M-50", "C-12"),
    // `an_editor_must_be_there`, in the tests of the tool.
    ("M-62", "C-12"),
];

/// The messages that nobody can be told here, and why.
#[rustfmt::skip]
const NEVER: &[(&str, &str)] = &[
    ("M-4, M-5", "there is one versions directory"),
    ("M-9, M-10, M-15, M-22, M-25", "a chain has no branches: `@` is refused, a fork too"),
    ("M-29, M-57", "what types say"),
    ("M-33, M-34, M-35, M-36, M-48, M-60", "no models are read yet"),
    ("M-39, M-40, M-41, M-42, M-43, M-44, M-45, M-46, M-58, M-59", "operations: a revision is SQL"),
];

pub(crate) fn names() -> Vec<&'static str> {
    ROWS.iter().map(|row| row.name).collect()
}

#[test]
fn every_message_has_a_row() {
    let elsewhere = ELSEWHERE.iter().chain(NEVER).map(|row| row.0);
    assert_complete("M", 1..=62, ROWS.iter().map(|row| row.name).chain(elsewhere));
    let known = [chains::names(), paths::names(), verbs::names(), scripts::names()].concat();
    for (message, row) in ELSEWHERE {
        assert!(known.contains(row), "{message}: there is no row {row}");
    }
}

#[test]
fn what_is_said_instead() {
    play(ROWS);
}
