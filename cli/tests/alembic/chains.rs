//! Group B: which directories are a chain, and what is said of the others.

use crate::assert_complete;
use crate::transcript::{Played, play};

const LATER: &str =
    "nothing until the revision map is built, at whichever command does that first; here the compiler, too";

const ROWS: &[Played] = &[
    Played {
        name: "B-1",
        chain: "",
        does: "
            $ verify
            | migrations: an empty chain
            $ upgrade head
            $ history
            $ current
            $ heads
            $ stamp head
            $ downgrade base
            $ current --check-heads
            $ upgrade +1
            = 1
            ! Relative revision +1 didn't produce 1 migrations: there are none that way
            $ edit head
            = 1
            ! No revision files indicated by symbol 'head'",
        alembic: "",
    },
    Played {
        name: "B-2",
        chain: "a -> a",
        does: "
            % verify
            = 1
            ! [RC107] revision `a` follows itself
            ! has 1 error",
        alembic: LATER,
    },
    Played {
        name: "B-3",
        chain: "a -> a, b -> a, c -> b",
        does: "
            % verify
            = 1
            ! [RC107] revision `a` follows itself
            ! has 1 error",
        alembic: "",
    },
    Played {
        name: "B-4",
        chain: "a -> c, b -> a, c -> b",
        does: "
            % verify
            = 1
            ! [RC108] 3 revisions follow each other in a circle: a → c → b → a
            ! has 1 error",
        alembic: "the ids in alphabetical order",
    },
    Played {
        name: "B-5",
        chain: "a -> c, b -> a, c -> b, d -> base, e -> d",
        does: "
            % verify
            = 1
            ! [RC108] 3 revisions follow each other in a circle: a → c → b → a
            ! has 1 error",
        alembic: "",
    },
    Played {
        name: "B-6",
        chain: "a -> c, b -> a, c -> b, d -> c, e -> d",
        does: "
            % verify
            = 1
            ! [RC108] 3 revisions follow each other in a circle: a → c → b → a
            ! has 1 error",
        alembic: "names d and e as well, which are not in the circle",
    },
    Played {
        name: "B-7",
        chain: "user_foo -> base, user -> user_foo",
        does: "
            $ verify
            | migrations: 2 revisions from user_foo to user, sound on sqlite
            $ upgrade user_foo -q
            $ current
            | user_foo
            $ upgrade user -q
            $ current
            | user (head)
            $ downgrade user_ -q
            $ current
            | user_foo",
        alembic: "",
    },
    Played {
        name: "B-8",
        chain: "a -> base, b -> zzz",
        does: "
            % verify
            = 1
            ! [RC104] `b` follows `zzz`, which does not exist
            ! has 1 error
            % upgrade head
            = 1
            ! [RC104]
            0 app.db",
        alembic: "a KeyError's traceback",
    },
    Played {
        name: "B-9",
        chain: "b_one/b -> base, b_two/b -> base",
        does: "
            % verify
            = 1
            ! [RC101] revision `b` exists twice
            ! migrations/versions/b_one_x.sql
            ! migrations/versions/b_two_x.sql
            ! has 1 error
            % upgrade head
            = 1
            ! [RC101]",
        alembic: "a warning, and one of the two",
    },
    Played {
        name: "B-10",
        chain: "a -> base, b -> a, b2 -> a",
        does: "
            % verify
            = 1
            ! [RC103] 2 revisions follow `a`: `b2` and `b`
            ! has 1 error
            $ rebase b2
            ~ +-- down_revision: b
            $ verify
            | migrations: 3 revisions from a to b2, sound on sqlite",
        alembic: "two heads, which `upgrade head` refuses and `merge` joins",
    },
    Played {
        name: "B-11",
        chain: "a -> base, z -> base",
        does: "
            % verify
            = 1
            ! [RC105] 2 revisions open the chain: `a` and `z`
            ! has 1 error",
        alembic: "two bases, until something walks from one",
    },
    Played {
        name: "B-12",
        chain: "",
        does: "
            % revision --rev-id no-dashes
            = 2
            ! Character(s) '-' not allowed in revision identifier 'no-dashes'
            % revision --rev-id no@atsigns
            = 2
            ! Character(s) '@' not allowed in revision identifier 'no@atsigns'
            % revision --rev-id no:colons
            = 2
            ! Character(s) ':' not allowed in revision identifier 'no:colons'
            % revision --rev-id no+plussignseither
            = 2
            ! Character(s) '+' not allowed in revision identifier 'no+plussignseither'
            % revision --rev-id no@atsigns-ordashes
            = 2
            ! Character(s) '-, @' not allowed in revision identifier 'no@atsigns-ordashes'",
        alembic: "",
    },
    Played {
        name: "B-13",
        chain: "somelongername -> base, someothername -> somelongername",
        does: "
            % show some
            = 1
            ! Can't locate revision identified by 'some': 2 revisions start with it: `somelongername`, `someothername`
            ! type more of the id
            $ show somel
            ~ Rev: somelongername
            % show sos
            = 1
            ! Can't locate revision identified by 'sos': this chain has no such revision
            % show qprstuv
            = 1
            ! Can't locate revision identified by 'qprstuv': this chain has no such revision
            % show sonelonger
            = 1
            ! did you mean `somelongername`?",
        alembic: "the command line says only that it can't locate it, for whichever reason",
    },
    Played {
        name: "B-14",
        chain: "a -> base",
        does: "
            > migrations/versions/.#a_x.sql; left by an editor
            > migrations/versions/a_x.sql~; left by another
            > migrations/versions/README.md; for people
            $ verify
            | migrations: 1 revision from a to a, sound on sqlite
            > migrations/versions/deeper/b_x.sql; -- never read
            % verify
            = 1
            ! [RC004]
            ! has 1 error",
        alembic: "a folder is left out without a word, unless recursive_version_locations is set",
    },
    Played {
        name: "B-15",
        chain: "abcdef -> base, b -> abc",
        does: "
            % verify
            = 1
            ! [RC104] `b` follows `abc`, which does not exist
            ! did you mean `abcdef`",
        alembic: "not resolved either: a KeyError's traceback",
    },
];

pub(crate) fn names() -> Vec<&'static str> {
    ROWS.iter().map(|row| row.name).collect()
}

#[test]
fn every_vector_has_a_row() {
    assert_complete("B", 1..=15, ROWS.iter().map(|row| row.name));
}

#[test]
fn each_directory_is_judged() {
    play(ROWS);
}
