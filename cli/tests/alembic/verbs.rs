//! Group C: what `history`, `show`, `current`, `stamp`, `edit` and `revision` say and do. Names at a fixed instant (C-14 to
//! C-16) are tested beside the code that makes them: the tool takes the time from the clock.

use crate::assert_complete;
use crate::transcript::{Played, play};

const ABC: &str = "{a} -> base, {b} -> {a}, {c} -> {b}";
const FIVE: &str = "{a} -> base, {b} -> {a}, {c} -> {b}, {d} -> {c}, {e} -> {d}";

const ROWS: &[Played] = &[
    Played {
        name: "C-1",
        chain: ABC,
        does: "
            $ history
            | {b} -> {c} (head), create c
            | {a} -> {b}, create b
            | <base> -> {a}, create a
            0 app.db",
        alembic: "",
    },
    Played {
        name: "C-2",
        chain: ABC,
        does: "
            $ history -r {a}:{b}
            | {a} -> {b}, create b
            | <base> -> {a}, create a
            $ history -r :{b}
            | {a} -> {b}, create b
            | <base> -> {a}, create a
            $ history -r {a}:
            | {b} -> {c} (head), create c
            | {a} -> {b}, create b
            | <base> -> {a}, create a
            $ history -r {a}:+2
            | {b} -> {c} (head), create c
            | {a} -> {b}, create b
            | <base> -> {a}, create a
            $ history -r -2:{c}
            | {b} -> {c} (head), create c
            | {a} -> {b}, create b
            | <base> -> {a}, create a
            $ history -r -5:{c}
            | {b} -> {c} (head), create c
            | {a} -> {b}, create b
            | <base> -> {a}, create a",
        alembic: "`-r -2:c` in two words is a usage error",
    },
    Played {
        name: "C-3",
        chain: ABC,
        does: "
            $ history -r current:
            | {b} -> {c} (head), create c
            | {a} -> {b}, create b
            | <base> -> {a}, create a
            $ upgrade {b} -q
            $ history -r current:
            | {b} -> {c} (head), create c
            | {a} -> {b} (current), create b",
        alembic: "",
    },
    Played {
        name: "C-4",
        chain: ABC,
        does: "
            $ upgrade {b} -q
            $ history -i
            | {b} -> {c} (head), create c
            | {a} -> {b} (current), create b
            | <base> -> {a}, create a",
        alembic: "",
    },
    Played {
        name: "C-5",
        chain: ABC,
        does: "
            % history -r {c}:{a}
            = 2
            ! Requested range {c}:{a} does not refer to ancestor/descendant revisions along the same branch: it ends before it starts",
        alembic: "the sentence without the cause",
    },
    Played {
        name: "C-6",
        chain: ABC,
        does: "
            % history -r {a}
            = 2
            ! History range requires [start]:[end], [start]:, or :[end]: `{a}` is none of them",
        alembic: "",
    },
    Played {
        name: "C-7",
        chain: ABC,
        does: "
            : app.db; CREATE TABLE mine (n INTEGER)
            % current
            ! The database is at base, no revision is applied
            : app.db; SELECT name FROM sqlite_schema
            | mine",
        alembic: "says nothing at all",
    },
    Played {
        name: "C-8",
        chain: ABC,
        does: "
            $ stamp {a}
            ! Stamped base -> {a}. Nothing was run.
            $ stamp {b}
            ! Stamped {a} -> {b}
            : app.db; SELECT version_num FROM alembic_version
            | {b}
            $ stamp {a}
            : app.db; SELECT version_num FROM alembic_version
            | {a}
            $ stamp {b}
            $ stamp {b}
            ! The database is already at {b}
            : app.db; SELECT version_num FROM alembic_version
            | {b}
            : app.db; SELECT name FROM sqlite_schema WHERE type = 'table'
            | alembic_version",
        alembic: "",
    },
    Played {
        name: "C-9",
        chain: ABC,
        does: "
            $ stamp {a} -q
            : app.db; UPDATE alembic_version SET version_num = 'deadbeef0000'
            % stamp head
            = 1
            ! Can't locate revision identified by 'deadbeef0000': the database's `main.alembic_version` names it, and this chain does not have it
            ! the wrong database
            $ history
            ~ (head)
            $ stamp --purge head
            ! Stamped deadbeef0000 -> {c}
            : app.db; SELECT version_num FROM alembic_version
            | {c}",
        alembic: "the sentence without a cause or a remedy",
    },
    Played {
        name: "C-10",
        chain: ABC,
        does: "
            : app.db; CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)
            : app.db; INSERT INTO alembic_version VALUES ('{a}'), ('{a}')
            % upgrade head
            = 1
            ! has 2 rows (`{a}`, `{a}`), and a linear chain has one at the most
            ! `stamp --purge <rev>`
            % current
            = 1
            ! has 2 rows",
        alembic: "runs the revision, and then finds that two rows changed",
    },
    // What goes while a revision runs is another program's doing; here it is the database's.
    Played {
        name: "C-11",
        chain: ABC,
        does: "
            $ upgrade {a} -q
            : app.db; CREATE TRIGGER lost BEFORE UPDATE ON alembic_version BEGIN SELECT RAISE(IGNORE); END
            % upgrade {b}
            = 1
            ! others moved the database each of the
            : app.db; SELECT name FROM sqlite_schema WHERE name LIKE 't_%'
            | t_{a}
            : app.db; DROP TRIGGER lost; DELETE FROM alembic_version
            % downgrade -1
            = 1
            ! there are none that way",
        alembic: "runs the revision, and then finds that no row changed",
    },
    Played {
        name: "C-12",
        chain: ABC,
        does: "
            $ edit 548
            ~ migrations/versions/{b}_x.sql
            % edit base
            = 1
            ! No revision files indicated by symbol 'base'
            % edit current
            = 1
            ! No current revisions
            $ upgrade {a} -q
            $ edit current
            ~ migrations/versions/{a}_x.sql",
        alembic: "",
    },
    Played {
        name: "C-13",
        chain: FIVE,
        does: "
            $ upgrade {c} -q
            $ current --check-heads
            | {c}
            ! Database is not on all head revisions: it is at {c}, the head is {e}, 2 to go.
            = 3
            $ upgrade -q
            $ current --check-heads
            | {e} (head)
            > migrations/empty/versions/.gitkeep; x
            $ current --check-heads --config migrations/empty --url sqlite:new.db
            0 new.db",
        alembic: "255, as for every error",
    },
    Played {
        name: "C-17",
        chain: "{a} -> base",
        does: "
            > migrations/revchain.toml; dialects = ['postgres', 'mysql', 'sqlite']\\nversion_table = 't'\\n
            $ ensure-version --sql --dialect postgres
            | CREATE TABLE IF NOT EXISTS \"t\" (version_num VARCHAR(32) NOT NULL, CONSTRAINT \"t_pkc\" PRIMARY KEY (version_num));
            |
            $ upgrade -q
            : app.db; SELECT version_num FROM t
            | {a}
            : other.db; CREATE TABLE t (version_num VARCHAR(32) NOT NULL)
            $ upgrade -q --url sqlite:other.db
            : other.db; SELECT version_num FROM t
            | {a}
            > migrations/revchain.toml; dialects = ['postgres', 'mysql']\\nversion_table = 't'\\nversion_table_schema = 's'\\n
            $ ensure-version --sql --dialect postgres
            | CREATE TABLE IF NOT EXISTS \"s\".\"t\" (version_num VARCHAR(32) NOT NULL, CONSTRAINT \"t_pkc\" PRIMARY KEY (version_num));
            |
            $ ensure-version --sql --dialect mysql
            | CREATE TABLE IF NOT EXISTS `s`.`t` (version_num VARCHAR(32) NOT NULL, CONSTRAINT `t_pkc` PRIMARY KEY (version_num));
            |
            > migrations/revchain.toml; version_table_pk = false\\n
            % verify
            = 1
            ! [RC031]",
        alembic: "version_table_pk = False makes it without the constraint; here it always has one, and a table without is taken as it is",
    },
    Played {
        name: "C-18",
        chain: ABC,
        does: "
            $ upgrade {b} --json
            ~ \"from\": null
            ~ \"to\": \"{b}\"
            $ downgrade {a}
            ! Running downgrade {b} -> {a}, create b
            $ upgrade {b} -v
            ! Running upgrade {a} -> {b}, create b
            $ stamp {c} --json
            ~ \"from\": \"{b}\"
            ~ \"steps\": []
            ~ \"to\": \"{c}\"",
        alembic: "on_version_apply; here Migrator::on_event and the report, of which this is the text",
    },
    Played {
        name: "C-19",
        chain: "",
        does: "
            $ revision --rev-id ab12 -m 'Add_account_table,_please!_it's_a_long_message_that_is_more_than_forty_chars
            | migrations/versions/ab12_add_account_table_please_it_s_a_long_.sql",
        alembic: "",
    },
    Played {
        name: "C-20",
        chain: "",
        does: "
            $ revision --rev-id ab12 -m xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
            | migrations/versions/ab12_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx_.sql
            $ revision --rev-id cd34
            | migrations/versions/cd34_.sql",
        alembic: "",
    },
    Played {
        name: "C-21",
        chain: "",
        does: "
            $ revision --rev-id ab12 -m 'Ünïcode_&_Symbols!!_100%
            | migrations/versions/ab12_ünïcode_symbols_100.sql
            $ revision --rev-id cd34 -m 'snake_case_kept
            | migrations/versions/cd34_snake_case_kept.sql",
        alembic: "",
    },
    Played {
        name: "C-22",
        chain: "",
        does: "
            > migrations/revchain.toml; [revision]\\ntruncate_slug_length = 10\\n
            $ revision --rev-id ab12 -m 'one_two_three_four
            | migrations/versions/ab12_one_two_.sql",
        alembic: "",
    },
    Played {
        name: "C-23",
        chain: ABC,
        does: "
            $ upgrade {c} -q
            : app.db; SELECT name FROM sqlite_schema WHERE name LIKE 't%' ORDER BY rowid
            | t_{a}
            | t_{b}
            | t_{c}
            $ downgrade {a} -q
            : app.db; SELECT name FROM sqlite_schema WHERE name LIKE 't%' ORDER BY rowid
            | t_{a}
            $ downgrade base -q
            : app.db; SELECT name FROM sqlite_schema WHERE type = 'table'
            | alembic_version
            | revchain_journal
            $ upgrade {b} -q
            : app.db; SELECT name FROM sqlite_schema WHERE name LIKE 't%' ORDER BY rowid
            | t_{a}
            | t_{b}
            $ upgrade {b}
            ! The database is already at {b}
            $ stamp {c} -q
            : app.db; SELECT name FROM sqlite_schema WHERE name LIKE 't%' ORDER BY rowid
            | t_{a}
            | t_{b}
            $ current
            | {c} (head)",
        alembic: "no journal",
    },
    Played {
        name: "other ranges",
        chain: ABC,
        does: "
            $ history -r :current
            0 app.db
            $ upgrade {b} -q
            $ history -r :current
            | {a} -> {b} (current), create b
            | <base> -> {a}, create a
            $ history -r -1:current
            | {a} -> {b} (current), create b
            | <base> -> {a}, create a
            $ history -r current:+1
            | {b} -> {c} (head), create c
            | {a} -> {b} (current), create b
            $ history -r -9:head
            | {b} -> {c} (head), create c
            | {a} -> {b}, create b
            | <base> -> {a}, create a
            $ history -r {b}:+9
            | {b} -> {c} (head), create c
            | {a} -> {b}, create b
            $ history -r head-1:head
            | {b} -> {c} (head), create c
            | {a} -> {b}, create b
            $ history -r base:{a}
            | <base> -> {a}, create a
            % history -r head:base
            = 2
            ! Requested range head:base does not refer
            % history -r -1:+1
            = 2
            ! History range requires
            % history -r {a}:{b}:{c}
            = 2
            ! History range requires
            % history -r zz:
            = 1
            ! Can't locate revision identified by 'zz'",
        alembic: "`:current` at base lists everything; `-1:current` counts from the head; `-9:head` can't locate head",
    },
];

pub(crate) fn names() -> Vec<&'static str> {
    ROWS.iter().map(|row| row.name).collect()
}

#[test]
fn every_vector_has_a_row() {
    let numbered = ROWS.iter().map(|row| row.name).filter(|name| name.starts_with("C-"));
    // In src/tool, where the clock can be set: `names_are_alembics`, `a_place_has_the_offset_of_the_season`.
    assert_complete("C", 1..=23, numbered.chain(["C-14", "C-15", "C-16"]));
}

#[test]
fn each_verb_does_and_says_it() {
    play(ROWS);
}
