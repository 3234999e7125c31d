use revchain_core::Dialect;
use revchain_core::config::NamingConvention;
use revchain_schema::{Schema, apply};

use super::structs;
use crate::{LeftOut, baseline, baseline_for};

/// What a base revision leads to on each dialect, from DDL of one.
fn chain(sql: &str, own: Dialect, dialects: &[Dialect]) -> Vec<Schema> {
    let made = apply(&Schema::empty(own), sql);
    assert_eq!(made.problems, [], "{sql}");
    let all = dialects.iter().map(|dialect| match *dialect == own {
        true => baseline(&made.schema, &LeftOut::new()).0,
        false => baseline_for(&made.schema, *dialect, &LeftOut::new()),
    });
    all.map(|one| one.schema).collect()
}

#[track_caller]
fn described(sql: &str, own: Dialect, dialects: &[Dialect]) -> (String, Vec<String>) {
    let schemas = chain(sql, own, dialects);
    let at = dialects.iter().position(|dialect| *dialect == own).unwrap();
    let found = structs(&schemas.iter().collect::<Vec<_>>(), at, &NamingConvention::default(), true);
    (found.text, found.gaps)
}

const POSTGRES: &str = "
    CREATE TYPE mood AS ENUM ('happy', 'very happy');
    CREATE DOMAIN share AS numeric(5, 2) CHECK (VALUE >= 0);
    CREATE TABLE \"Odd Names\" (\"Id\" bigint GENERATED ALWAYS AS IDENTITY, \"type\" text NOT NULL DEFAULT 'a''b', \"order\" integer,
        CONSTRAINT \"Odd Key\" PRIMARY KEY (\"Id\"), CONSTRAINT odd_type UNIQUE (\"type\"));
    CREATE TABLE teams (id serial PRIMARY KEY, boss_id integer, parent_id integer REFERENCES teams (id) ON DELETE SET NULL, mood mood NOT NULL DEFAULT 'happy',
        share share, tags text[] NOT NULL DEFAULT '{}', during tstzrange, waits interval, UNIQUE (boss_id, parent_id));
    COMMENT ON TABLE teams IS 'Who \"plays\"
    together';
    COMMENT ON COLUMN teams.share IS 'of the prize';
    CREATE TABLE people (id uuid DEFAULT gen_random_uuid() PRIMARY KEY, team_id integer NOT NULL REFERENCES teams (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
        name varchar(40) NOT NULL, lower_name text GENERATED ALWAYS AS (lower(name)) STORED, born date, seen timestamptz NOT NULL DEFAULT now(),
        at timestamp(3), data jsonb, raw bytea, pay numeric(10, 2), is_on boolean DEFAULT true, small smallint, code char(3) COLLATE \"C\",
        CONSTRAINT grown CHECK (pay >= 0 AND small < 100));
    ALTER TABLE teams ADD CONSTRAINT teams_boss FOREIGN KEY (id, boss_id) REFERENCES teams (boss_id, parent_id);
    CREATE INDEX people_by_name ON people (lower(name), born DESC NULLS LAST) WHERE is_on;
    CREATE INDEX people_data ON people USING gin (data jsonb_path_ops);
    CREATE UNIQUE INDEX people_seen ON people (team_id, seen) INCLUDE (name);
    CREATE INDEX ix_people_born ON people (born);
    CREATE TABLE people_teams (person_id uuid REFERENCES people (id), team_id integer REFERENCES teams (id), PRIMARY KEY (person_id, team_id));";

#[test]
fn what_postgres_has() {
    let (text, gaps) = described(POSTGRES, Dialect::Postgres, &[Dialect::Postgres]);
    println!("{text}");
    assert_eq!(gaps, ["column `teams.during`: `tstzrange` has no Rust type here: the field is a `String`"]);
    let (text, gaps) = described(POSTGRES, Dialect::Postgres, &Dialect::ALL);
    println!("{text}");
    assert_eq!(gaps, ["column `teams.during`: `tstzrange` has no Rust type here: the field is a `String`"]);
}

const MYSQL: &str = "
    CREATE TABLE users (
        id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, big bigint unsigned, kind enum('a', 'b') NOT NULL DEFAULT 'a',
        is_on tinyint(1) NOT NULL DEFAULT 1, tiny tinyint, body mediumtext, seen datetime(6) DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
        at timestamp NULL, name varchar(50) COLLATE utf8mb4_bin, price decimal(10,2) NOT NULL DEFAULT 0.00, raw varbinary(20), y year,
        data json, full_name varchar(100) GENERATED ALWAYS AS (concat(name, 'x')) STORED, loud varchar(50) GENERATED ALWAYS AS (upper(name)) VIRTUAL, UNIQUE KEY users_name (name), KEY by_kind (kind), CHECK (price >= 0)
    ) COMMENT='Those who log in';
    CREATE TABLE posts (id bigint NOT NULL AUTO_INCREMENT, user_id int unsigned, title text COMMENT 'shown', PRIMARY KEY (id),
        KEY by_kind (user_id, title(20)), CONSTRAINT posts_ibfk_1 FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE);";

#[test]
fn what_mysql_has() {
    let (_, gaps) = described(MYSQL, Dialect::Mysql, &[Dialect::Mysql]);
    assert_eq!(gaps, ["column `users.y`: `year` has no Rust type here: the field is a `String`"]);
    let (text, gaps) = described(MYSQL, Dialect::Mysql, &Dialect::ALL);
    println!("{text}");
    assert_eq!(gaps, ["column `users.y`: `year` has no Rust type here: the field is a `String`"]);
}

const SQLITE: &str = "
    CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL, size INT DEFAULT 0, at DATETIME DEFAULT CURRENT_TIMESTAMP,
        price NUMERIC(10, 2), flag BOOLEAN NOT NULL DEFAULT 0, parent INTEGER REFERENCES notes (id), k UUID, CHECK (size >= 0), UNIQUE (body, parent));
    CREATE TABLE words (word TEXT PRIMARY KEY, n INTEGER) WITHOUT ROWID;
    CREATE INDEX ix_notes_body ON notes (body);
    CREATE INDEX ix_notes_lower ON notes (lower(body)) WHERE size > 3;";

#[test]
fn what_sqlite_has() {
    let (_, gaps) = described(SQLITE, Dialect::Sqlite, &[Dialect::Sqlite]);
    assert_eq!(gaps, [""; 0]);
    let (text, gaps) = described(SQLITE, Dialect::Sqlite, &Dialect::ALL);
    println!("{text}");
    assert_eq!(gaps, [""; 0]);
}
