use revchain_core::Dialect;

use super::super::Cursor;
use super::super::table::shown::{column, constraint};
use super::table;
use crate::change::{Action, Change, ColumnChange, Constraint, Named, Position};

fn said(flag: bool, word: &str) -> &str {
    if flag { word } else { "" }
}

fn with(constraints: &[Constraint]) -> String {
    constraints.iter().map(|read| format!(" + {}", constraint(read))).collect()
}

fn at(position: Option<&Position>) -> String {
    match position {
        None => String::new(),
        Some(Position::First) => " first".to_owned(),
        Some(Position::After(Named { name, .. })) => format!(" after {name}"),
    }
}

fn change(change: &ColumnChange) -> String {
    match change {
        ColumnChange::Type { data_type, collation, using } => {
            let collation = collation.as_ref().map_or(String::new(), |name| format!(" collate {name}"));
            let using = using.as_ref().map_or(String::new(), |using| format!(" using {using}"));
            format!("type {data_type}{collation}{using}")
        }
        ColumnChange::Default(None) => "no default".to_owned(),
        ColumnChange::Default(Some(default)) => format!("= {}", default.0),
        ColumnChange::Nullable(nullable) => if *nullable { "null" } else { "not null" }.to_owned(),
        ColumnChange::Identity { identity, is_new, if_exists } => {
            format!("{}identity {identity:?}{}", said(*is_new, "new "), said(*if_exists, " if exists"))
        }
        ColumnChange::Expression(expression) => format!("expression {expression:?}"),
        ColumnChange::Neutral => "neutral".to_owned(),
    }
}

fn action(action: &Action) -> String {
    match action {
        Action::AddColumn { column: added, constraints, if_not_exists, position } => {
            let exists = said(*if_not_exists, " if not exists");
            format!("add{exists} {}{}{}", column(added), with(constraints), at(position.as_ref()))
        }
        Action::SaysMore { .. } => "says more".to_owned(),
        Action::DropColumn { name, if_exists, cascade } => {
            format!("drop {}{}{}", name.name, said(*if_exists, " if exists"), said(*cascade, " cascade"))
        }
        Action::RenameColumn { from, to } => format!("{} to {to}", from.name),
        Action::AlterColumn { name, if_exists, change: how } => {
            format!("{}{} {}", name.name, said(*if_exists, " if exists"), change(how))
        }
        Action::ModifyColumn { from, column: to, constraints, if_exists, position } => {
            let exists = said(*if_exists, " if exists");
            format!("{}{exists} is {}{}{}", from.name, column(to), with(constraints), at(position.as_ref()))
        }
        Action::Add { constraint: added, if_not_exists } => {
            format!("add{} {}", said(*if_not_exists, " if not exists"), constraint(added))
        }
        Action::AddUsingIndex { name, index, primary, deferrable } => {
            format!("add {name:?} using {} {primary} {deferrable:?}", index.name)
        }
        Action::Drop { kind, name, if_exists, cascade } => {
            let name = name.as_ref().map_or("-", |name| name.name.as_str());
            format!("drop {kind:?} {name}{}{}", said(*if_exists, " if exists"), said(*cascade, " cascade"))
        }
        Action::Rename { kind, from, to } => format!("{kind:?} {} to {to}", from.name),
        Action::Validate { name } => format!("validate {}", name.name),
        Action::AlterConstraint { name, deferrable, enforced } => {
            let deferrable = deferrable.map_or_else(String::new, |deferrable| format!(" deferrable {deferrable:?}"));
            let enforced = enforced.map_or_else(String::new, |enforced| format!(" enforced {enforced}"));
            format!("constraint {}{deferrable}{enforced}", name.name)
        }
        Action::RenameTo(to) => format!("to {}", to.name),
        Action::SetSchema(to) => format!("schema {to}"),
        Action::Comment(comment) => format!("comment {comment:?}"),
        Action::SetOption(key, value) => format!("{key}: {}", value.as_deref().unwrap_or("-")),
        Action::Convert { character_set, collation } => format!("convert {character_set:?} {collation:?}"),
        Action::Attach(table) => format!("attach {}", table.name),
        Action::Detach { table, concurrently } => {
            format!("detach {}{}", table.name, said(*concurrently, " concurrently"))
        }
        Action::Neutral => "neutral".to_owned(),
        Action::Unknown => "unknown".to_owned(),
    }
}

fn read(sql: &str, dialect: Dialect) -> String {
    let mut cursor = Cursor::new(sql, dialect);
    assert!(cursor.take(&["ALTER", "TABLE"]), "{sql}");
    let Some((changes, unknown)) = table(&mut cursor) else { return "-".to_owned() };
    assert!(cursor.is_at_end(), "{sql}");
    let mut lines = Vec::new();
    for change in &changes {
        match change {
            Change::AlterTable { table, if_exists, actions } => {
                lines.push(format!("{}{}", table.name, said(*if_exists, " if exists")));
                lines.extend(actions.iter().map(|(read, _)| action(read)));
            }
            Change::RenameTable { from, to, if_exists } => {
                lines.push(format!("{}{} to {}", from.name, said(*if_exists, " if exists"), to.name));
            }
            Change::MoveTable { from, to, if_exists } => {
                lines.push(format!("{}{} into {to}", from.name, said(*if_exists, " if exists")));
            }
            other => lines.push(format!("{other:?}")),
        }
    }
    lines.extend(unknown.iter().map(|part| format!("unknown {}", &sql[part.0..part.1])));
    lines.join("; ")
}

/// Every statement, but for its `ALTER TABLE`.
fn all(dialect: Dialect, table: &[(&str, &str)]) {
    for (sql, expected) in table {
        assert_eq!(read(&format!("ALTER TABLE {sql}"), dialect), *expected, "{dialect:?}: {sql}");
    }
}

#[test]
fn parts() {
    let sql = "ALTER TABLE t ADD COLUMN a int NOT NULL, DROP COLUMN b";
    let mut cursor = Cursor::new(sql, Dialect::Postgres);
    cursor.take(&["ALTER", "TABLE"]);
    let (changes, _) = table(&mut cursor).unwrap();
    let [Change::AlterTable { actions, .. }] = changes.as_slice() else { panic!("{changes:?}") };
    let parts: Vec<&str> = actions.iter().map(|(_, part)| &sql[part.0..part.1]).collect();
    assert_eq!(parts, ["ADD COLUMN a int NOT NULL", "DROP COLUMN b"]);
}

#[test]
fn postgres() {
    all(
        Dialect::Postgres,
        &[
            (
                "ONLY public.t ADD a int NOT NULL DEFAULT 0, ADD COLUMN IF NOT EXISTS b text UNIQUE",
                "t; add a integer! = 0; add if not exists b text + unique (b)",
            ),
            (
                "IF EXISTS t * DROP COLUMN IF EXISTS a CASCADE, DROP b RESTRICT",
                "t if exists; drop a if exists cascade; drop b",
            ),
            (
                "t ALTER a TYPE varchar(3) COLLATE \"C\" USING a::varchar(3), ALTER COLUMN b SET DATA TYPE timestamptz USING b AT TIME ZONE 'UTC'",
                "t; a type character varying(3) collate C using a::varchar(3); b type timestamp with time zone using b at time zone 'UTC'",
            ),
            (
                "t ALTER a SET DEFAULT now() + interval '1 day', ALTER a DROP DEFAULT, ALTER a SET DEFAULT NULL",
                "t; a = now()+interval '1 day'; a no default; a no default",
            ),
            ("t ALTER a SET NOT NULL, ALTER a DROP NOT NULL", "t; a not null; a null"),
            (
                "t ALTER a ADD GENERATED BY DEFAULT AS IDENTITY (START 3), ALTER b SET GENERATED ALWAYS SET INCREMENT 3, ALTER c DROP IDENTITY IF EXISTS",
                "t; a new identity Some(ByDefault); b identity Some(Always); c identity None if exists",
            ),
            (
                "t ALTER a DROP EXPRESSION IF EXISTS, ALTER a SET STATISTICS 100, ALTER a SET (n_distinct = 5), ALTER a SET STORAGE EXTERNAL, ALTER a RESTART WITH 3",
                "t; a expression None; a neutral; a neutral; a neutral; a neutral",
            ),
            (
                "t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES o (b) NOT VALID, ADD CHECK (a > 0), ADD PRIMARY KEY (a)",
                "t; add foreign f (a) -> o(b) not valid; add check a>0; add primary (a)",
            ),
            (
                "t ADD CONSTRAINT p PRIMARY KEY USING INDEX ix, ADD UNIQUE USING INDEX iy DEFERRABLE INITIALLY DEFERRED",
                "t; add Some(\"p\") using ix true None; add None using iy false Some(true)",
            ),
            ("t ADD CONSTRAINT n NOT NULL a", "t; a not null"),
            (
                "t DROP CONSTRAINT IF EXISTS c CASCADE, VALIDATE CONSTRAINT d, ALTER CONSTRAINT e DEFERRABLE INITIALLY DEFERRED",
                "t; drop Constraint c if exists cascade; validate d; constraint e deferrable Some(true)",
            ),
            ("t RENAME a TO b", "t; a to b"),
            ("t RENAME COLUMN \"A\" TO b", "t; A to b"),
            ("t RENAME CONSTRAINT a TO b", "t; Constraint a to b"),
            ("IF EXISTS x.t RENAME TO u", "x.t if exists to x.u"),
            ("t SET SCHEMA x", "t into x"),
            (
                "t OWNER TO CURRENT_USER, SET (fillfactor = 70, x = 1), RESET (x), SET TABLESPACE y, CLUSTER ON i, REPLICA IDENTITY USING INDEX i, SET WITHOUT OIDS",
                "t; neutral; neutral; neutral; neutral; neutral; neutral; neutral",
            ),
            (
                "t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY",
                "t; row level security: enabled; force row level security: yes; force row level security: -; row level security: -",
            ),
            ("t DISABLE TRIGGER ALL, ENABLE REPLICA TRIGGER x", "t; neutral; neutral"),
            ("t SET UNLOGGED, SET LOGGED", "t; unlogged: yes; unlogged: -"),
            ("t INHERIT p, NO INHERIT q", "t; attach p; detach q"),
            ("t ATTACH PARTITION p FOR VALUES FROM (1, 2) TO (3, 4)", "t; attach p"),
            ("t DETACH PARTITION p CONCURRENTLY", "t; detach p concurrently"),
            ("t SPLIT PARTITION p INTO (a, b), DROP c", "t; unknown; drop c; unknown SPLIT PARTITION p INTO (a, b)"),
            ("t ADD COLUMN a int WHATEVER, DROP c", "t; add a integer; drop c; unknown WHATEVER"),
            ("t DROP a ) ) b, DROP c", "t; drop a; drop c; unknown ) ) b"),
            ("", "-"),
        ],
    );
}

#[test]
fn mysql() {
    all(
        Dialect::Mysql,
        &[
            (
                "`t` ADD COLUMN `a` int NOT NULL DEFAULT 0 AFTER `b`, ADD c text FIRST, ALGORITHM=INPLACE, LOCK=NONE",
                "t; add a int! = 0 after b; add c text first; neutral; neutral",
            ),
            ("t ADD COLUMN (a int, b int UNIQUE, KEY k (a))", "t; add a int; add b int + unique (b); add index k (a)"),
            (
                "t ADD COLUMN IF NOT EXISTS a int, DROP COLUMN IF EXISTS b, ADD INDEX IF NOT EXISTS i (a), DROP INDEX IF EXISTS j",
                "t; add if not exists a int; drop b if exists; add if not exists index i (a); drop Index j if exists",
            ),
            (
                "t ADD UNIQUE INDEX u (a, b), ADD FULLTEXT ft (c), ADD KEY (d(3)), ADD PRIMARY KEY (a), ADD CONSTRAINT uq UNIQUE (a)",
                "t; add unique u (a b); add index ft (c) fulltext; add index (d:3); add primary (a); add unique uq (a)",
            ),
            (
                "t ADD CONSTRAINT f FOREIGN KEY IF NOT EXISTS (a) REFERENCES o (b) ON DELETE CASCADE, ADD CONSTRAINT c CHECK (a > 0)",
                "t; add if not exists foreign f (a) -> o(b) delete cascade; add check c a>0",
            ),
            (
                "t MODIFY a bigint(20) unsigned NOT NULL AUTO_INCREMENT, MODIFY COLUMN b varchar(9) NULL COMMENT 'x' AFTER c",
                "t; a is a bigint unsigned! auto; b is b varchar(9) 'x' after c",
            ),
            ("t CHANGE COLUMN a b int DEFAULT NULL, CHANGE c c text", "t; a is b int; c is c text"),
            (
                "t DROP PRIMARY KEY, DROP FOREIGN KEY f, DROP KEY k, DROP CHECK c, DROP CONSTRAINT d, DROP x",
                "t; drop PrimaryKey -; drop ForeignKey f; drop Index k; drop Check c; drop Constraint d; drop x",
            ),
            ("t RENAME INDEX a TO b, RENAME KEY c TO d, RENAME COLUMN e TO f", "t; Index a to b; Index c to d; e to f"),
            ("t RENAME TO u", "t to u"),
            ("t RENAME u", "t to u"),
            ("t RENAME AS x.u", "t to x.u"),
            ("t RENAME u, ADD a int", "t; to u; add a int"),
            (
                "t ALTER a SET DEFAULT 5, ALTER COLUMN b DROP DEFAULT, ALTER c SET DEFAULT (uuid()), ALTER INDEX i INVISIBLE",
                "t; a = 5; b no default; c = uuid(); neutral",
            ),
            (
                "t ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE utf8mb4_bin COMMENT='x', AUTO_INCREMENT = 5",
                "t; engine: -; character set: utf8mb4; collate: utf8mb4_bin; comment Some(\"x\"); neutral",
            ),
            (
                "t CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci",
                "t; convert Some(\"utf8mb4\") Some(\"utf8mb4_unicode_ci\")",
            ),
            ("t ORDER BY a, b DESC, ADD c int", "t; neutral; add c int"),
            ("t ADD PARTITION (PARTITION p VALUES LESS THAN (3))", "t; neutral"),
            ("t DROP PARTITION a, b", "t; neutral"),
            ("t REORGANIZE PARTITION p INTO (PARTITION a VALUES LESS THAN (1))", "t; neutral"),
            ("t PARTITION BY HASH (id) PARTITIONS 4", "t; partition by: hash(id)"),
            ("t REMOVE PARTITIONING", "t; partition by: -"),
            ("t DISABLE KEYS, FORCE", "t; neutral; neutral"),
            ("t WAIT 5 ADD a int", "t; add a int"),
            ("t ADD SYSTEM VERSIONING, DROP SYSTEM VERSIONING", "t; system versioning: yes; system versioning: -"),
            ("t FROBNICATE a, DROP b", "t; unknown; drop b; unknown FROBNICATE a"),
        ],
    );
}

#[test]
fn sqlite() {
    all(
        Dialect::Sqlite,
        &[
            ("main.t RENAME TO u", "t to u"),
            ("t RENAME a TO b", "t; a to b"),
            ("t RENAME COLUMN a TO b", "t; a to b"),
            ("t ADD a TEXT NOT NULL DEFAULT ''", "t; add a text! = ''"),
            (
                "t ADD COLUMN a INTEGER REFERENCES o (id) ON DELETE CASCADE",
                "t; add a integer + foreign (a) -> o(id) delete cascade",
            ),
            ("t DROP COLUMN a", "t; drop a"),
            ("t FROBNICATE", "t; unknown; unknown FROBNICATE"),
        ],
    );
}
