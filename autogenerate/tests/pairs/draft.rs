//! Schemas that nobody wrote: made of numbers, as SQL of each dialect. Two of them have tables, columns, types and constraints in
//! common, and differ in what those are; a shorter list of numbers makes a smaller schema.

use revchain_core::Dialect;

/// Numbers, one after the other; zero when there are no more.
struct Genes<'g>(std::slice::Iter<'g, u8>);

impl Genes<'_> {
    fn next(&mut self) -> u8 {
        self.0.next().copied().unwrap_or(0)
    }

    /// One of so many.
    fn one_of(&mut self, many: usize) -> usize {
        usize::from(self.next()) % many
    }

    /// Whether something is so, once in so many times.
    fn once_in(&mut self, many: u8) -> bool {
        let gene = self.next();
        gene != 0 && gene.is_multiple_of(many)
    }
}

/// A schema.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    dialect: Dialect,
    /// PostgreSQL's enumeration.
    moods: Vec<&'static str>,
    /// The type of every `id`, and of what refers to one.
    id: &'static str,
    pub(crate) tables: Vec<DraftTable>,
}

/// A table, as far as it is not always the same.
#[derive(Debug, Clone)]
pub(crate) struct DraftTable {
    pub(crate) name: String,
    /// What stands behind the type of `id`.
    counts: &'static str,
    pub(crate) columns: Vec<DraftColumn>,
    /// Constraints and indexes that stand in CREATE TABLE.
    clauses: Vec<String>,
    /// What follows it.
    statements: Vec<String>,
    /// Foreign keys, that come when all tables are there.
    foreign_keys: Vec<String>,
}

/// A column beside `id`.
#[derive(Debug, Clone)]
pub(crate) struct DraftColumn {
    pub(crate) name: &'static str,
    definition: String,
    /// What the row of a test has in it. None of what computes itself.
    pub(crate) value: Option<&'static str>,
    /// Whether a row that is there before the column has nothing to put in it.
    pub(crate) needs_value: bool,
}

/// A column that may be there: its types, among which a value can be converted, with a default of each; and a value.
struct Slot {
    name: &'static str,
    types: &'static [(&'static str, &'static str)],
    value: &'static str,
}

const fn slot(name: &'static str, value: &'static str, types: &'static [(&'static str, &'static str)]) -> Slot {
    Slot { name, types, value }
}

const POSTGRES: &[Slot] = &[
    slot("n", "7", &[("integer", "1"), ("bigint", "2"), ("smallint", "3"), ("numeric(8,2)", "1.50")]),
    slot("s", "'7'", &[("varchar(50)", "'x'"), ("text", "'it''s'"), ("varchar(20)", "''"), ("char(4)", "'abc'")]),
    slot("d", "'1'", &[("numeric(10,3)", "0"), ("double precision", "1"), ("text", "'1'"), ("boolean", "true")]),
    slot(
        "at",
        "'2024-02-03 04:05:06'",
        &[
            ("timestamp", "CURRENT_TIMESTAMP"),
            ("timestamptz", "now()"),
            ("timestamp(3)", "now()"),
            ("date", "CURRENT_DATE"),
        ],
    ),
    slot("flag", "'1'", &[("boolean", "true"), ("integer", "1"), ("boolean", "false")]),
    slot("m", "'a'", &[("mood", "'a'"), ("text", "'b'"), ("mood", "'b'")]),
    slot("j", "'{}'", &[("jsonb", "'{}'"), ("json", "'[]'"), ("text", "''")]),
    slot("u", "'6ccd780c-baba-1026-9564-5b8c656024db'", &[("uuid", "gen_random_uuid()"), ("text", "'u'")]),
    slot("a", "'{7}'", &[("int[]", "'{}'"), ("bigint[]", "'{1}'"), ("text[]", "'{a}'")]),
    slot("ms", "'{a}'", &[("mood[]", "'{a}'"), ("text[]", "'{b}'"), ("mood[]", "'{b,a}'")]),
];

const MYSQL: &[Slot] = &[
    slot("n", "7", &[("integer", "1"), ("bigint", "2"), ("smallint", "3"), ("decimal(8,2)", "1.50")]),
    slot(
        "s",
        "'7'",
        &[("varchar(50)", "'x'"), ("varchar(80)", "'it''s'"), ("varchar(20)", "''"), ("char(4)", "'abc'")],
    ),
    slot("d", "'1'", &[("decimal(10,3)", "0"), ("double", "1"), ("varchar(30)", "'1'"), ("int unsigned", "4")]),
    slot(
        "at",
        "'2024-02-03 04:05:06'",
        &[
            ("datetime", "CURRENT_TIMESTAMP"),
            ("datetime(6)", "CURRENT_TIMESTAMP(6)"),
            ("datetime", "CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP"),
            ("date", "'2020-01-01'"),
        ],
    ),
    slot("flag", "1", &[("boolean", "TRUE"), ("integer", "1"), ("boolean", "FALSE")]),
    slot("m", "'a'", &[("enum('a', 'b')", "'a'"), ("enum('b', 'a', 'c')", "'b'"), ("varchar(9)", "'b'")]),
    slot(
        "j",
        "'{}'",
        &[
            ("varchar(99) CHARACTER SET latin1", "'l'"),
            ("varchar(99)", "'l'"),
            ("varchar(99) COLLATE utf8mb4_bin", "'b'"),
        ],
    ),
    slot("t", "'t'", &[("text", "'t'"), ("varchar(60)", "'t'"), ("longtext", "'it''s'"), ("tinytext", "''")]),
    slot("u", "'u'", &[("binary(16)", "NULL"), ("varbinary(40)", "NULL"), ("varchar(40)", "'u'")]),
];

const SQLITE: &[Slot] = &[
    slot("n", "7", &[("INTEGER", "1"), ("BIGINT", "2"), ("NUMERIC(8,2)", "1.50")]),
    slot("s", "'7'", &[("VARCHAR(50)", "'x'"), ("TEXT", "'it''s'"), ("TEXT COLLATE NOCASE", "''")]),
    slot("d", "1", &[("NUMERIC(10,3)", "0"), ("REAL", "1"), ("TEXT", "'1'")]),
    slot(
        "at",
        "'2024-02-03 04:05:06'",
        &[("DATETIME", "CURRENT_TIMESTAMP"), ("TEXT", "'x'"), ("DATE", "CURRENT_DATE")],
    ),
    slot("flag", "1", &[("BOOLEAN", "TRUE"), ("INTEGER", "1"), ("BOOLEAN", "FALSE")]),
    slot("m", "'a'", &[("VARCHAR(9)", "'a'"), ("TEXT", "'b'")]),
    slot("j", "'{}'", &[("JSON", "'{}'"), ("TEXT", "''"), ("BLOB", "x'00'")]),
    slot("u", "'u'", &[("UUID", "'u'"), ("CHAR(32)", "'v'")]),
];

const MOODS: [&[&str]; 5] = [&["a", "b"], &["a", "b", "c"], &["b", "a"], &["n", "a", "m", "b"], &["a", "b", "x", "y"]];

impl Draft {
    /// The schema that some numbers mean.
    pub(crate) fn of(dialect: Dialect, genes: &[u8]) -> Draft {
        let mut genes = Genes(genes.iter());
        let moods = MOODS[genes.one_of(MOODS.len())].to_vec();
        let id = match (genes.once_in(3), dialect) {
            (_, Dialect::Sqlite) => "INTEGER",
            (true, _) => "bigint",
            (false, _) => "integer",
        };
        let mut names: Vec<String> = vec!["t0".to_owned()];
        names.extend((1..4).filter(|_| genes.once_in(2)).map(|number| format!("t{number}")));
        let tables = names.iter().map(|name| table(dialect, name, &names, id, &mut genes)).collect();
        Draft { dialect, moods, id, tables }
    }

    /// The statements that make it.
    pub(crate) fn statements(&self) -> Vec<String> {
        let mut statements = Vec::new();
        if self.dialect == Dialect::Postgres {
            let moods: Vec<String> = self.moods.iter().map(|mood| format!("'{mood}'")).collect();
            statements.push(format!("CREATE TYPE mood AS ENUM ({})", moods.join(", ")));
        }
        for table in &self.tables {
            let mut lines = vec![format!("id {}{}", self.id_type(table), table.counts)];
            lines.extend(table.columns.iter().map(|column| format!("{} {}", column.name, column.definition)));
            lines.extend(table.clauses.iter().cloned());
            if self.dialect == Dialect::Sqlite {
                lines.extend(table.foreign_keys.iter().cloned());
            }
            statements.push(format!("CREATE TABLE {} ({})", table.name, lines.join(", ")));
            statements.extend(table.statements.iter().cloned());
        }
        if self.dialect != Dialect::Sqlite {
            for table in &self.tables {
                let keys = table.foreign_keys.iter();
                statements.extend(keys.map(|key| format!("ALTER TABLE {} ADD {key}", table.name)));
            }
        }
        statements
    }

    fn id_type(&self, table: &DraftTable) -> &'static str {
        match (table.counts, self.id) {
            (" /* serial */", "bigint") => "bigserial",
            (" /* serial */", _) => "serial",
            (_, id) => id,
        }
    }

    /// The statements that put a row into each table that is called so. Its columns are those that hold a value of their own.
    pub(crate) fn rows(&self, is_wanted: impl Fn(&DraftTable) -> bool) -> Vec<String> {
        let mut statements = Vec::new();
        for table in self.tables.iter().filter(|table| is_wanted(table)) {
            let (mut names, mut values) = (Vec::new(), Vec::new());
            if table.counts.is_empty() {
                names.push("id");
                values.push("1");
            }
            for (name, value) in table.columns.iter().filter_map(|column| Some((column.name, column.value?))) {
                names.push(name);
                values.push(value);
            }
            statements.push(match (names.is_empty(), self.dialect) {
                (false, _) => {
                    format!("INSERT INTO {} ({}) VALUES ({})", table.name, names.join(", "), values.join(", "))
                }
                (true, Dialect::Mysql) => format!("INSERT INTO {} () VALUES ()", table.name),
                (true, _) => format!("INSERT INTO {} DEFAULT VALUES", table.name),
            });
        }
        statements
    }

    /// The table of that name.
    pub(crate) fn table(&self, name: &str) -> Option<&DraftTable> {
        self.tables.iter().find(|table| table.name == name)
    }
}

fn table(dialect: Dialect, name: &str, all: &[String], id: &str, genes: &mut Genes<'_>) -> DraftTable {
    let is_postgres = dialect == Dialect::Postgres;
    let counts = match (dialect, genes.one_of(4)) {
        (_, 0) => "",
        (Dialect::Postgres, 1) => " /* serial */",
        (Dialect::Postgres, 2) => " GENERATED BY DEFAULT AS IDENTITY",
        (Dialect::Postgres, _) => " GENERATED ALWAYS AS IDENTITY",
        (Dialect::Mysql, 1) => " AUTO_INCREMENT",
        (Dialect::Mysql, _) => " NOT NULL",
        (Dialect::Sqlite, _) => "",
    };
    let counts = if counts == " NOT NULL" { "" } else { counts };
    let (mut clauses, mut statements, mut foreign_keys, mut columns) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let slots = match dialect {
        Dialect::Postgres => POSTGRES,
        Dialect::Mysql => MYSQL,
        Dialect::Sqlite => SQLITE,
    };
    for slot in slots {
        if slot.name != "n" && !genes.once_in(2) {
            continue;
        }
        let (data_type, default) = slot.types[genes.one_of(slot.types.len())];
        let (is_nullable, has_default) = (!genes.once_in(3), genes.once_in(2));
        let comment = genes.once_in(4);
        let mut definition = data_type.to_owned();
        if !is_nullable {
            definition.push_str(" NOT NULL");
        }
        let has_default = has_default && (is_nullable || default != "NULL");
        if has_default {
            definition.push_str(&format!(" DEFAULT {default}"));
        }
        if comment && dialect == Dialect::Mysql {
            definition.push_str(" COMMENT 'what is said'");
        } else if comment && is_postgres {
            statements.push(format!("COMMENT ON COLUMN {name}.{} IS 'what is said'", slot.name));
        }
        let needs_value = !is_nullable && !has_default;
        columns.push(DraftColumn { name: slot.name, definition, value: Some(value_of(slot, data_type)), needs_value });
    }
    let has = |columns: &[DraftColumn], name: &str| columns.iter().any(|column| column.name == name);
    if genes.once_in(3) {
        let expression = ["n + 1", "n * 2"][genes.one_of(2)];
        let storage = if dialect != Dialect::Postgres && genes.once_in(2) { "VIRTUAL" } else { "STORED" };
        let definition = format!("bigint GENERATED ALWAYS AS ({expression}) {storage}");
        columns.push(DraftColumn { name: "g", definition, value: None, needs_value: false });
    } else if genes.once_in(3) {
        columns.push(DraftColumn { name: "g", definition: "bigint".to_owned(), value: Some("8"), needs_value: false });
    }
    // What refers to something.
    let is_referring = genes.once_in(2);
    if is_referring {
        columns.push(DraftColumn { name: "p", definition: id.to_owned(), value: Some("NULL"), needs_value: false });
        let to = &all[genes.one_of(all.len())];
        let action = ["", " ON DELETE CASCADE", " ON DELETE SET NULL ON UPDATE CASCADE"][genes.one_of(3)];
        let deferrable = if is_postgres && genes.once_in(3) { " DEFERRABLE INITIALLY DEFERRED" } else { "" };
        let label = ["fk", "to"][genes.one_of(2)];
        let key = format!("CONSTRAINT {label}_{name}_p FOREIGN KEY (p) REFERENCES {to} (id){action}{deferrable}");
        foreign_keys.push(key);
        match genes.one_of(3) {
            1 if dialect == Dialect::Mysql => clauses.push(format!("KEY ix_{name}_p (p)")),
            2 if dialect == Dialect::Mysql => clauses.push(format!("KEY ix_{name}_p (p, n)")),
            _ => {}
        }
    }
    // The primary key, and that `id` can be referred to.
    let is_wide = counts != " AUTO_INCREMENT" && genes.once_in(4);
    let named = if is_postgres && genes.once_in(4) { format!("CONSTRAINT pk_{name} ") } else { String::new() };
    match is_wide {
        true => {
            clauses.push(format!("{named}PRIMARY KEY (id, n)"));
            clauses.push(format!("CONSTRAINT uq_{name}_id UNIQUE (id)"));
        }
        false => clauses.push(format!("{named}PRIMARY KEY (id)")),
    }
    let label = ["uq", "one"][genes.one_of(2)];
    match genes.one_of(4) {
        1 => clauses.push(format!("CONSTRAINT {label}_{name} UNIQUE (n)")),
        2 if has(&columns, "s") => clauses.push(format!("CONSTRAINT {label}_{name} UNIQUE (s, n)")),
        3 if has(&columns, "u") => clauses.push(format!("CONSTRAINT {label}_{name} UNIQUE (u)")),
        _ => {}
    }
    match genes.one_of(4) {
        1 => clauses.push(format!("CONSTRAINT ck_{name} CHECK (n > 0)")),
        2 => clauses.push(format!("CONSTRAINT ck_{name} CHECK (n > 0 AND n < 1000)")),
        3 if has(&columns, "m") => {
            clauses.push(format!("CONSTRAINT ck_{name} CHECK (m = 'a' OR n > 0)"));
        }
        _ => {}
    }
    let label = ["ix", "by"][genes.one_of(2)];
    let is_unique = if genes.once_in(4) { "UNIQUE " } else { "" };
    let body = match genes.one_of(6) {
        1 => Some("(n)"),
        2 => Some("(n DESC, id)"),
        3 if has(&columns, "s") => Some("(s, n)"),
        4 if has(&columns, "s") && dialect != Dialect::Mysql => Some("(lower(s))"),
        5 if dialect != Dialect::Mysql => Some("(n) WHERE n > 5"),
        _ => None,
    };
    statements.extend(body.map(|body| format!("CREATE {is_unique}INDEX {label}_{name} ON {name} {body}")));
    if is_postgres && has(&columns, "m") && genes.once_in(2) {
        statements.push(format!("CREATE INDEX mood_{name} ON {name} (id) WHERE m = 'a'"));
    }
    if is_postgres && genes.once_in(4) {
        statements.push(format!("COMMENT ON TABLE {name} IS 'a table'"));
    }
    DraftTable { name: name.to_owned(), counts, columns, clauses, statements, foreign_keys }
}

/// A value of the type, that can become one of the slot's others.
fn value_of(slot: &Slot, data_type: &str) -> &'static str {
    match (slot.name, data_type) {
        ("flag", "BOOLEAN" | "INTEGER") => "1",
        _ => slot.value,
    }
}
