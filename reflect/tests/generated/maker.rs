//! Makes chains of numbers: each operation means something that works on what there is then, or nothing. Leaving one out
//! leaves a chain that works, so that shrinking finds short ones.

use revchain_core::Dialect;

/// One operation: what, and three numbers to choose by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Op {
    pub(crate) kind: u8,
    pub(crate) a: u8,
    pub(crate) b: u8,
    pub(crate) c: u8,
}

impl Op {
    pub(crate) const KINDS: u8 = 16;

    fn pick<T>(number: u8, of: &[T]) -> Option<&T> {
        (!of.is_empty()).then(|| &of[usize::from(number) % of.len()])
    }
}

#[derive(Debug, Clone)]
struct Table {
    name: String,
    columns: Vec<Column>,
    /// Whether `id` is its primary key, alone.
    keyed: bool,
    /// Whether a view reads it.
    seen: bool,
}

#[derive(Debug, Clone)]
struct Column {
    name: String,
    kind: &'static Kind,
    default: Option<String>,
    nullable: bool,
    /// Whether nothing else names it.
    free: bool,
}

/// A type, a default of it, and a check of a column of it.
#[derive(Debug)]
struct Kind {
    name: &'static str,
    wider: &'static str,
    default: &'static str,
    check: &'static str,
    text: bool,
}

const fn kind(name: &'static str, wider: &'static str, default: &'static str, check: &'static str, text: bool) -> Kind {
    Kind { name, wider, default, check, text }
}

const POSTGRES: [Kind; 14] = [
    kind("integer", "bigint", "-7", "@ > -1", false),
    kind("varchar(20)", "text", "'it''s'", "@ IN ('a', 'b')", true),
    kind("text", "varchar", "'x'", "length(@) > 2 AND @ <> 'q'", true),
    kind("boolean", "boolean", "true", "@ OR @ IS NULL", false),
    kind("numeric(10, 2)", "numeric", "1.50", "@ BETWEEN 1 AND 9", false),
    kind("timestamptz", "timestamptz", "now()", "@ IS NOT NULL", false),
    kind("timestamp(3)", "timestamp", "CURRENT_TIMESTAMP", "@ > '2020-01-01 00:00:00'", false),
    kind("jsonb", "jsonb", "'{}'", "@ IS NOT NULL", false),
    kind("uuid", "uuid", "gen_random_uuid()", "@ IS NOT NULL", false),
    kind("int[]", "bigint[]", "'{}'", "@ IS NOT NULL", false),
    kind("char(3)", "char(4)", "'abc'", "@ LIKE 'a%'", true),
    kind("double precision", "float", "0", "@ >= 0", false),
    kind("date", "date", "CURRENT_DATE", "@ IS NOT NULL", false),
    kind("smallint", "int", "1 + 2", "@ NOT IN (1, 2)", false),
];

const MYSQL: [Kind; 14] = [
    kind("integer", "bigint", "-7", "@ > -1", false),
    kind("varchar(20)", "varchar(40)", "'it''s'", "@ IN ('a', 'b')", true),
    kind("char(3)", "varchar(9)", "'x'", "@ <> 'q' AND @ LIKE 'a%'", true),
    kind("boolean", "tinyint", "TRUE", "@ OR @ IS NULL", false),
    kind("numeric(10, 2)", "decimal(12, 4)", "1.50", "@ BETWEEN 1 AND 9", false),
    kind("datetime", "datetime(3)", "NOW()", "@ IS NOT NULL", false),
    kind("datetime(6)", "datetime(6)", "CURRENT_TIMESTAMP(6)", "@ IS NOT NULL", false),
    kind("int(11) unsigned", "bigint unsigned", "5", "@ <> 3", false),
    kind("enum('a', 'b,c')", "enum('a', 'b,c', 'd')", "'a'", "@ IS NOT NULL", false),
    kind("double", "double", "0", "@ >= 0", false),
    kind("date", "datetime", "'2020-01-01'", "@ IS NOT NULL", false),
    kind("smallint", "mediumint", "3", "@ NOT IN (1, 2)", false),
    kind("varchar(9) CHARACTER SET latin1", "varchar(9)", "'l'", "@ <> ''", true),
    kind("binary(16)", "varbinary(32)", "NULL", "@ IS NOT NULL", false),
];

const SQLITE: [Kind; 8] = [
    kind("integer", "", "-7", "@ > -1", false),
    kind("VARCHAR (20)", "", "'it''s'", "@ IN ('a', 'b')", true),
    kind("text COLLATE NOCASE", "", "'x'", "length(@) > 2 AND @ <> 'q'", true),
    kind("boolean", "", "TRUE", "@ OR @ IS NULL", false),
    kind("DECIMAL(10,2)", "", "1.50", "@ BETWEEN 1 AND 9", false),
    kind("", "", "NULL", "@ NOT IN (1, 2)", false),
    kind("double  precision", "", "0", "@ >= 0", false),
    kind("blob", "", "x'00'", "@ IS NOT NULL", false),
];

const TABLES: [&str; 7] =
    ["runs", "users", "Mixed Case", "order", "a_table_whose_name_is_nearly_too_long_for_it", "t", "logs"];
const COLUMNS: [&str; 8] =
    ["name", "Flag", "select", "a_column_whose_name_is_nearly_as_long_as_its", "value", "at", "x y", "note"];

/// The revisions, up and down, that these operations mean.
pub(crate) fn revisions(dialect: Dialect, ops: &[Op]) -> Vec<(String, String)> {
    let mut maker = Maker { dialect, tables: Vec::new(), made: 0 };
    ops.iter().filter_map(|op| maker.revision(*op)).collect()
}

struct Maker {
    dialect: Dialect,
    tables: Vec<Table>,
    /// Names are new each time.
    made: usize,
}

impl Maker {
    fn quoted(&self, name: &str) -> String {
        let plain = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_' || byte.is_ascii_digit());
        if plain && !["order", "select"].contains(&name) {
            return name.to_owned();
        }
        if self.dialect == Dialect::Mysql { format!("`{name}`") } else { format!("\"{name}\"") }
    }

    fn new_name(&mut self, of: &[&str], number: u8) -> String {
        self.made += 1;
        format!("{}{}", of[usize::from(number) % of.len()], self.made)
    }

    fn kinds(&self) -> &'static [Kind] {
        match self.dialect {
            Dialect::Postgres => &POSTGRES,
            Dialect::Mysql => &MYSQL,
            Dialect::Sqlite => &SQLITE,
        }
    }

    fn column(&mut self, op: Op, number: u8) -> Column {
        let kinds = self.kinds();
        let kind = &kinds[usize::from(op.b.wrapping_add(number.wrapping_mul(5))) % kinds.len()];
        let has_default = !op.c.wrapping_add(number).is_multiple_of(3);
        let nullable = op.c.wrapping_add(number).is_multiple_of(2) || !has_default || kind.default == "NULL";
        let default = has_default.then(|| kind.default.to_owned());
        Column { name: self.new_name(&COLUMNS, op.a.wrapping_add(number)), kind, default, nullable, free: true }
    }

    /// A column as a table has it.
    fn defined(&self, column: &Column) -> String {
        let default = column.default.as_ref().map_or_else(String::new, |default| format!(" DEFAULT {default}"));
        let null = if column.nullable { "" } else { " NOT NULL" };
        format!("{} {}{default}{null}", self.quoted(&column.name), column.kind.name).replace("  DEFAULT", " DEFAULT")
    }

    fn revision(&mut self, op: Op) -> Option<(String, String)> {
        if self.tables.is_empty() || op.kind == 0 {
            return Some(self.create_table(op));
        }
        let at = usize::from(op.a) % self.tables.len();
        match op.kind {
            1 | 2 => Some(self.add_column(at, op)),
            3 => self.drop_column(at, op),
            4 => Some(self.rename_column(at, op)),
            5 => self.rename_table(at, op),
            6 | 7 => self.index(at, op),
            8 => self.foreign_key(at, op),
            9 => self.check(at, op),
            10 => self.default(at, op),
            11 => self.nullability(at, op),
            12 => self.widen(at, op),
            13 => self.unique(at, op),
            14 => self.view(at),
            _ => self.comment(at, op),
        }
    }

    fn create_table(&mut self, op: Op) -> (String, String) {
        let name = self.new_name(&TABLES, op.a);
        let mut columns: Vec<Column> = (0..op.b % 4).map(|number| self.column(op, number)).collect();
        let id = match (op.c % 6, self.dialect) {
            (0, Dialect::Postgres) => "id serial PRIMARY KEY",
            (1, Dialect::Postgres) => "id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
            (2, Dialect::Postgres) => "id bigint GENERATED BY DEFAULT AS IDENTITY UNIQUE",
            (0 | 1, Dialect::Mysql) => "id int NOT NULL AUTO_INCREMENT PRIMARY KEY",
            (0, Dialect::Sqlite) => "id integer PRIMARY KEY AUTOINCREMENT",
            (1, Dialect::Sqlite) => "id INTEGER PRIMARY KEY",
            _ => "id int",
        };
        let mut keyed = id.ends_with("PRIMARY KEY") || id.ends_with("AUTOINCREMENT");
        let mut parts = vec![id.to_owned()];
        parts.extend(columns.iter().map(|column| self.defined(column)));
        if !keyed && op.c % 6 >= 4 {
            self.made += 1;
            let named = if op.c % 12 == 4 { format!("CONSTRAINT the_key{} ", self.made) } else { String::new() };
            parts.push(format!("{named}PRIMARY KEY (id)"));
            keyed = true;
        }
        if let Some(column) = columns.first_mut().filter(|_| op.a.is_multiple_of(2)) {
            parts.push(format!("CHECK ({})", column.kind.check.replace('@', &self.quoted(&column.name))));
            column.free = false;
        }
        if let Some(column) = columns.last_mut().filter(|column| op.a.is_multiple_of(3) && column.kind.name != "jsonb")
        {
            parts.push(format!("UNIQUE ({})", self.quoted(&column.name)));
            column.free = false;
        }
        let shown = self.quoted(&name);
        let up = format!("CREATE TABLE {shown} ({})", parts.join(", "));
        let down = match self.dialect {
            Dialect::Postgres => format!("DROP TABLE {shown} CASCADE"),
            Dialect::Mysql => {
                format!("SET foreign_key_checks = 0; DROP TABLE {shown}; SET foreign_key_checks = 1")
            }
            Dialect::Sqlite => format!("DROP TABLE {shown}"),
        };
        self.tables.push(Table { name, columns, keyed, seen: false });
        (up, down)
    }

    fn add_column(&mut self, at: usize, op: Op) -> (String, String) {
        let mut column = self.column(op, 0);
        let is_constant = !column.default.as_ref().is_some_and(|default| default.contains(['(', 'C']));
        if self.dialect == Dialect::Sqlite && !is_constant {
            column.default = None;
            column.nullable = true;
        }
        let table = self.quoted(&self.tables[at].name);
        let mut defined = self.defined(&column);
        if op.c.is_multiple_of(5) {
            defined.push_str(&format!(" CHECK ({})", column.kind.check.replace('@', &self.quoted(&column.name))));
            column.free = false;
        }
        let word = if op.c.is_multiple_of(2) { "ADD COLUMN" } else { "ADD" };
        let place = if self.dialect == Dialect::Mysql && op.c % 4 == 1 { " AFTER id" } else { "" };
        let up = format!("ALTER TABLE {table} {word} {defined}{place}");
        let shown = self.quoted(&column.name);
        // SQLite won't drop what a check names; MariaDB takes a column's own check with it.
        let down = match self.dialect {
            Dialect::Sqlite if !column.free => "SELECT 1".to_owned(),
            _ => format!("ALTER TABLE {table} DROP COLUMN {shown}"),
        };
        self.tables[at].columns.push(column);
        (up, down)
    }

    fn drop_column(&mut self, at: usize, op: Op) -> Option<(String, String)> {
        let free: Vec<usize> =
            (0..self.tables[at].columns.len()).filter(|n| self.tables[at].columns[*n].free).collect();
        let column = self.tables[at].columns.remove(*Op::pick(op.b, &free)?);
        let table = self.quoted(&self.tables[at].name);
        let up = format!("ALTER TABLE {table} DROP COLUMN {}", self.quoted(&column.name));
        let mut back = column.clone();
        if self.dialect == Dialect::Sqlite {
            back.default = None;
            back.nullable = true;
        }
        Some((up, format!("ALTER TABLE {table} ADD COLUMN {}", self.defined(&back))))
    }

    fn rename_column(&mut self, at: usize, op: Op) -> (String, String) {
        let new = self.new_name(&COLUMNS, op.b);
        let table = self.quoted(&self.tables[at].name);
        let number = usize::from(op.c) % (self.tables[at].columns.len() + 1);
        // MySQL's views keep the old name, and break; MariaDB won't rename what a check names.
        let fixed = self.dialect == Dialect::Mysql;
        let Some(column) = self.tables[at].columns.get_mut(number).filter(|column| column.free || !fixed) else {
            return ("SELECT 1".to_owned(), "SELECT 2".to_owned());
        };
        let old = std::mem::replace(&mut column.name, new.clone());
        let (old, new) = (self.quoted(&old), self.quoted(&new));
        (
            format!("ALTER TABLE {table} RENAME COLUMN {old} TO {new}"),
            format!("ALTER TABLE {table} RENAME COLUMN {new} TO {old}"),
        )
    }

    fn rename_table(&mut self, at: usize, op: Op) -> Option<(String, String)> {
        if self.tables[at].seen && self.dialect == Dialect::Mysql {
            return None;
        }
        let new = self.new_name(&TABLES, op.b);
        let old = std::mem::replace(&mut self.tables[at].name, new.clone());
        let (old, new) = (self.quoted(&old), self.quoted(&new));
        Some((format!("ALTER TABLE {old} RENAME TO {new}"), format!("ALTER TABLE {new} RENAME TO {old}")))
    }

    fn index(&mut self, at: usize, op: Op) -> Option<(String, String)> {
        self.made += 1;
        let (table, named) = (self.quoted(&self.tables[at].name), format!("index{}", self.made));
        let dialect = self.dialect;
        let columns: Vec<usize> = (0..self.tables[at].columns.len())
            .filter(|n| !matches!(self.tables[at].columns[*n].kind.name, "jsonb" | "int[]"))
            .collect();
        let first = *Op::pick(op.b, &columns)?;
        let column = self.tables[at].columns[first].clone();
        self.tables[at].columns[first].free = false;
        let shown = self.quoted(&column.name);
        let is_text = column.kind.text;
        let part = match op.c % 6 {
            0 => shown.clone(),
            1 => format!("{shown} DESC, id"),
            2 if is_text && dialect != Dialect::Mysql => format!("lower({shown}), id"),
            2 if is_text => format!("{shown}(2)"),
            3 if dialect == Dialect::Postgres => format!("id, {shown} NULLS FIRST"),
            4 if dialect != Dialect::Mysql => format!("(id + 1), {shown}"),
            _ => format!("id, {shown}"),
        };
        let unique = if op.c.is_multiple_of(4) { "UNIQUE " } else { "" };
        let predicate = match dialect {
            Dialect::Mysql => String::new(),
            _ if op.c.is_multiple_of(5) => format!(" WHERE {}", column.kind.check.replace('@', &shown)),
            _ => String::new(),
        };
        let unnamed = op.a.is_multiple_of(3);
        Some(match dialect {
            Dialect::Postgres if unnamed => {
                (format!("CREATE {unique}INDEX ON {table} ({part}){predicate}"), "SELECT 1".to_owned())
            }
            Dialect::Mysql if unnamed => {
                (format!("ALTER TABLE {table} ADD {unique}INDEX ({part})"), "SELECT 1".to_owned())
            }
            Dialect::Mysql => {
                (format!("CREATE {unique}INDEX {named} ON {table} ({part})"), format!("DROP INDEX {named} ON {table}"))
            }
            _ => {
                let up = format!("CREATE {unique}INDEX {named} ON {table} ({part}){predicate}");
                (up, format!("DROP INDEX {named}"))
            }
        })
    }

    fn foreign_key(&mut self, at: usize, op: Op) -> Option<(String, String)> {
        let keyed: Vec<Table> = self.tables.iter().filter(|table| table.keyed).cloned().collect();
        let parent = Op::pick(op.b, &keyed)?;
        self.made += 1;
        let (named, column) = (format!("key{}", self.made), format!("parent{}", self.made));
        let (table, other) = (self.quoted(&self.tables[at].name), self.quoted(&parent.name));
        let action = match op.c % 4 {
            0 => " ON DELETE CASCADE",
            1 => " ON DELETE SET NULL ON UPDATE CASCADE",
            2 if self.dialect != Dialect::Mysql => " DEFERRABLE INITIALLY DEFERRED",
            _ => "",
        };
        let constraint = if op.a.is_multiple_of(2) { format!("CONSTRAINT {named} ") } else { String::new() };
        if self.dialect == Dialect::Sqlite {
            let up = format!("ALTER TABLE {table} ADD COLUMN {column} int {constraint}REFERENCES {other} (id){action}");
            return Some((up, "SELECT 1".to_owned()));
        }
        // It goes with its column; on MySQL not before the key itself does.
        let (up, down) = match self.dialect {
            Dialect::Mysql => (
                format!(
                    "ALTER TABLE {table} ADD {column} int; \
                     ALTER TABLE {table} ADD {constraint}FOREIGN KEY ({column}) REFERENCES {other} (id){action}"
                ),
                match constraint.is_empty() {
                    true => "SELECT 1".to_owned(),
                    false => format!("ALTER TABLE {table} DROP FOREIGN KEY {named}"),
                },
            ),
            _ => (
                format!("ALTER TABLE {table} ADD {column} int {constraint}REFERENCES {other}{action}"),
                format!("ALTER TABLE {table} DROP COLUMN {column}"),
            ),
        };
        Some((up, down))
    }

    fn check(&mut self, at: usize, op: Op) -> Option<(String, String)> {
        if self.dialect == Dialect::Sqlite {
            return None;
        }
        self.made += 1;
        let (table, named) = (self.quoted(&self.tables[at].name), format!("check{}", self.made));
        let count = self.tables[at].columns.len();
        let column = self.tables[at].columns.get_mut(usize::from(op.b) % (count + 1))?;
        column.free = false;
        let (kind, shown) = (column.kind, column.name.clone());
        let mut check = kind.check.replace('@', &self.quoted(&shown));
        if op.c.is_multiple_of(3) {
            check.push_str(" OR id > 3");
        }
        Some(match op.c % 2 {
            0 => (format!("ALTER TABLE {table} ADD CHECK ({check})"), "SELECT 1".to_owned()),
            _ => (
                format!("ALTER TABLE {table} ADD CONSTRAINT {named} CHECK ({check})"),
                format!("ALTER TABLE {table} DROP CONSTRAINT {named}"),
            ),
        })
    }

    fn default(&mut self, at: usize, op: Op) -> Option<(String, String)> {
        if self.dialect == Dialect::Sqlite {
            return None;
        }
        let table = self.quoted(&self.tables[at].name);
        let count = self.tables[at].columns.len();
        let column = self.tables[at].columns.get_mut(usize::from(op.b) % (count + 1))?;
        let other = if column.kind.text { "'other'".to_owned() } else { column.kind.default.to_owned() };
        let other = if column.kind.name == "char(3)" { "'oth'".to_owned() } else { other };
        let new = (op.c.is_multiple_of(2)).then_some(other);
        let old = std::mem::replace(&mut column.default, new.clone());
        let name = column.name.clone();
        let shown = self.quoted(&name);
        let set = |value: &Option<String>| match value {
            // MariaDB takes more than constants in parentheses only, but for these.
            Some(value) => format!("ALTER TABLE {table} ALTER COLUMN {shown} SET DEFAULT {value}"),
            None => format!("ALTER TABLE {table} ALTER COLUMN {shown} DROP DEFAULT"),
        };
        Some((set(&new), set(&old)))
    }

    fn nullability(&mut self, at: usize, op: Op) -> Option<(String, String)> {
        let table = self.quoted(&self.tables[at].name);
        let count = self.tables[at].columns.len();
        let before = self.tables[at].columns.get(usize::from(op.b) % (count + 1))?.clone();
        let shown = self.quoted(&before.name);
        let mut after = before.clone();
        after.nullable = !before.nullable;
        if !after.nullable && after.default.as_deref() == Some("NULL") {
            return None;
        }
        self.tables[at].columns[usize::from(op.b) % (count + 1)].nullable = after.nullable;
        match self.dialect {
            Dialect::Postgres => {
                let set = |nullable: bool| {
                    let word = if nullable { "DROP" } else { "SET" };
                    format!("ALTER TABLE {table} ALTER COLUMN {shown} {word} NOT NULL")
                };
                Some((set(after.nullable), set(before.nullable)))
            }
            Dialect::Mysql => {
                let set = |column: &Column| format!("ALTER TABLE {table} MODIFY {}", self.defined(column));
                Some((set(&after), set(&before)))
            }
            Dialect::Sqlite => None,
        }
    }

    fn widen(&mut self, at: usize, op: Op) -> Option<(String, String)> {
        let table = self.quoted(&self.tables[at].name);
        let count = self.tables[at].columns.len();
        let column = self.tables[at].columns.get(usize::from(op.b) % (count + 1))?.clone();
        if !column.free || self.tables[at].seen || column.kind.name.contains("latin1") {
            return None;
        }
        let shown = self.quoted(&column.name);
        match self.dialect {
            Dialect::Postgres => {
                let set = |name: &str| format!("ALTER TABLE {table} ALTER COLUMN {shown} TYPE {name}");
                Some((set(column.kind.wider), set(column.kind.name)))
            }
            Dialect::Mysql => {
                let up = format!("ALTER TABLE {table} MODIFY COLUMN {shown} {}", column.kind.wider);
                Some((up, format!("ALTER TABLE {table} MODIFY COLUMN {}", self.defined(&column))))
            }
            Dialect::Sqlite => None,
        }
    }

    fn unique(&mut self, at: usize, op: Op) -> Option<(String, String)> {
        if self.dialect == Dialect::Sqlite {
            return None;
        }
        self.made += 1;
        let (table, named) = (self.quoted(&self.tables[at].name), format!("unique{}", self.made));
        let count = self.tables[at].columns.len();
        let column = self.tables[at].columns.get_mut(usize::from(op.b) % (count + 1))?;
        column.free = false;
        let name = column.name.clone();
        let shown = self.quoted(&name);
        Some(match op.c % 2 {
            0 => (format!("ALTER TABLE {table} ADD UNIQUE ({shown}, id)"), "SELECT 1".to_owned()),
            _ => (
                format!("ALTER TABLE {table} ADD CONSTRAINT {named} UNIQUE (id, {shown})"),
                format!("ALTER TABLE {table} DROP CONSTRAINT {named}"),
            ),
        })
    }

    fn view(&mut self, at: usize) -> Option<(String, String)> {
        self.made += 1;
        self.tables[at].seen = true;
        for column in &mut self.tables[at].columns {
            column.free = false;
        }
        let (table, named) = (self.quoted(&self.tables[at].name), format!("view{}", self.made));
        let columns: Vec<String> =
            self.tables[at].columns.iter().map(|column| format!("v.{}", self.quoted(&column.name))).collect();
        let columns = columns.iter().map(|column| format!(", {column}")).collect::<String>();
        let up = format!("CREATE VIEW {named} AS SELECT v.id AS number{columns} FROM {table} AS v WHERE v.id > 1");
        Some((up, format!("DROP VIEW {named}")))
    }

    fn comment(&mut self, at: usize, op: Op) -> Option<(String, String)> {
        let table = self.quoted(&self.tables[at].name);
        match self.dialect {
            Dialect::Postgres if op.b.is_multiple_of(2) => {
                let column = self.tables[at].columns.first()?;
                let on = format!("COMMENT ON COLUMN {table}.{} IS", self.quoted(&column.name));
                Some((format!("{on} 'it''s one'"), format!("{on} NULL")))
            }
            Dialect::Postgres => {
                Some((format!("COMMENT ON TABLE {table} IS E'two\\nlines'"), format!("COMMENT ON TABLE {table} IS ''")))
            }
            Dialect::Mysql => {
                Some((format!("ALTER TABLE {table} COMMENT = 'it''s one'"), format!("ALTER TABLE {table} COMMENT ''")))
            }
            Dialect::Sqlite => None,
        }
    }
}
