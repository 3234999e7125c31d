//! A column, and the constraints that are written with it.

use revchain_core::Dialect;

use super::{Cursor, Keyword, constraint, data_type, index_part};
use crate::change::{Constraint, Part};
use crate::model::{Column, Default, Expression, Generated, Identity, Key, Name, Storage};

/// Reads a column behind its name, until a comma, a closing parenthesis or MySQL's `FIRST` and `AFTER`. What is not
/// understood is among the unknown.
pub(crate) fn definition(cursor: &mut Cursor<'_>, name: Name, unknown: &mut Vec<Part>) -> (Column, Vec<Constraint>) {
    let mut reader = Reader { column: Column::new(name, None), constraints: Vec::new(), name: None, says_null: false };
    if let Some(serial) = data_type::serial(cursor) {
        reader.column.data_type = Some(serial);
        reader.serial(cursor.dialect());
    } else if !begins_option(cursor) {
        reader.column.data_type = data_type::read(cursor);
    }
    while !cursor.is_at_end() && !cursor.sees_mark(0, ',') && !cursor.sees_mark(0, ')') && !at_position(cursor) {
        let start = cursor.position();
        if reader.option(cursor).is_none() {
            cursor.seek(start);
            let range = cursor.skip_clause();
            unknown.push(cursor.part(range));
            break;
        }
    }
    // Kept where no server takes it: it is none of any column's that is made.
    if reader.says_null && !reader.column.nullable && reader.column.identity.is_none() {
        reader.column.default = Some(Default(Expression::new("null", cursor.dialect())));
    }
    (reader.column, reader.constraints)
}

/// MySQL's `FIRST`, `AFTER other`.
fn at_position(cursor: &Cursor<'_>) -> bool {
    cursor.dialect() == Dialect::Mysql && (cursor.sees(0, "FIRST") || cursor.sees(0, "AFTER"))
}

/// Whether a column has no type: a partition's, a typed table's, SQLite's.
fn begins_option(cursor: &Cursor<'_>) -> bool {
    match Keyword::at(cursor, 0) {
        "CONSTRAINT" | "PRIMARY" | "NOT" | "NULL" | "UNIQUE" | "CHECK" | "DEFAULT" | "COLLATE" | "REFERENCES" => true,
        "GENERATED" => cursor.sees(1, "ALWAYS") || cursor.sees(1, "BY"),
        "WITH" => cursor.sees(1, "OPTIONS"),
        _ => false,
    }
}

struct Reader {
    column: Column,
    constraints: Vec<Constraint>,
    /// What `CONSTRAINT` says before the next one.
    name: Option<Name>,
    /// Whether the default is NULL, on MySQL.
    says_null: bool,
}

impl Reader {
    /// Reads one option. `None` where it is not understood.
    fn option(&mut self, cursor: &mut Cursor<'_>) -> Option<()> {
        let dialect = cursor.dialect();
        let word = Keyword::at(cursor, 0);
        if word == "CONSTRAINT" {
            self.name = constraint::constraint_name(cursor);
            return Some(());
        }
        let position = cursor.position();
        let name = self.name.take();
        if let Some(last) = self.constraints.last_mut() {
            constraint::attributes(cursor, last);
            if cursor.position() > position {
                return Some(());
            }
        }
        cursor.next();
        if name.is_some() && matches!(word, "NOT" | "NULL" | "DEFAULT" | "COLLATE" | "GENERATED" | "AS") {
            cursor.annotate();
        }
        match word {
            "NOT" if cursor.take(&["NULL"]) => {
                self.column.nullable = false;
                // PostgreSQL 18's, which has a name and attributes.
                while cursor.take(&["NO", "INHERIT"]) || cursor.take(&["NOT", "VALID"]) {}
                conflict(cursor);
            }
            "NULL" => {
                // Of MySQL's options the last one counts; the others refuse two that disagree, or mean nothing by this.
                self.column.nullable |= dialect == Dialect::Mysql;
                conflict(cursor);
            }
            "DEFAULT" => {
                self.says_null = dialect == Dialect::Mysql && cursor.sees(0, "NULL");
                self.column.default = default(cursor);
            }
            "PRIMARY" | "KEY" => {
                if word == "PRIMARY" && !cursor.take(&["KEY"]) || word == "KEY" && dialect != Dialect::Mysql {
                    return None;
                }
                let order = cursor.take_any(&["ASC", "DESC"]);
                // `INTEGER PRIMARY KEY DESC` alone is not the row's number, and takes NULL: an old mistake that SQLite keeps.
                if order == Some("DESC") && dialect == Dialect::Sqlite && is_row_id(&self.column) {
                    return None;
                }
                conflict(cursor);
                if cursor.take(&["AUTOINCREMENT"]) {
                    self.column.identity = Some(Identity::AutoIncrement);
                }
                if dialect != Dialect::Sqlite || is_row_id(&self.column) {
                    self.column.nullable = false;
                }
                self.constraints.push(Constraint::Primary(Key::new(name, vec![self.column.name.clone()])));
            }
            "UNIQUE" => {
                if dialect == Dialect::Mysql {
                    cursor.take_any(&["KEY", "INDEX"]);
                }
                let mut key = Key::new(name, vec![self.column.name.clone()]);
                key.nulls_not_distinct = constraint::nulls_not_distinct(cursor);
                self.constraints.push(Constraint::Unique(key));
                conflict(cursor);
            }
            "CHECK" => self.constraints.push(Constraint::Check(constraint::check(cursor, name)?)),
            "REFERENCES" => {
                cursor.seek(position);
                let (key, part) = constraint::references(cursor, name, vec![self.column.name.clone()])?;
                self.constraints.push(Constraint::Foreign(key, part));
            }
            "COLLATE" => self.column.collation = index_part::collation(cursor),
            "GENERATED" | "AS" => {
                cursor.seek(position);
                self.generated(cursor)?;
            }
            _ => {
                cursor.seek(position);
                return match dialect {
                    Dialect::Postgres => postgres(cursor),
                    Dialect::Mysql => self.mysql(cursor),
                    Dialect::Sqlite => None,
                };
            }
        }
        Some(())
    }

    /// `serial` brings more than a type.
    fn serial(&mut self, dialect: Dialect) {
        self.column.nullable = false;
        self.column.identity = Some(Identity::Serial);
        if dialect == Dialect::Mysql {
            self.column.identity = Some(Identity::AutoIncrement);
            self.constraints.push(Constraint::Unique(Key::new(None, vec![self.column.name.clone()])));
        }
    }

    /// `GENERATED …`, or its short form `AS (…)`.
    fn generated(&mut self, cursor: &mut Cursor<'_>) -> Option<()> {
        if let Some(identity) = identity(cursor) {
            self.column.identity = Some(identity);
            self.column.nullable = false;
            return Some(());
        }
        cursor.take(&["GENERATED", "ALWAYS"]);
        if !cursor.take(&["AS"]) {
            return None;
        }
        // MariaDB's columns of a row's life.
        if cursor.take(&["ROW"]) {
            return cursor.take_any(&["START", "END"]).map(|_| ());
        }
        let expression = cursor.expression_in_parentheses()?;
        let storage = match cursor.take_any(&["STORED", "PERSISTENT", "VIRTUAL"]) {
            Some("STORED" | "PERSISTENT") => Storage::Stored,
            _ => Storage::Virtual,
        };
        self.column.generated = Some(Generated { expression, storage });
        Some(())
    }

    /// Options that only MySQL and MariaDB have.
    fn mysql(&mut self, cursor: &mut Cursor<'_>) -> Option<()> {
        if data_type::takes_character_set(cursor) {
            let character_set = data_type::character_set(cursor);
            if let Some(data_type) = &mut self.column.data_type {
                data_type.character_set = character_set;
            }
            return Some(());
        }
        let word = Keyword::at(cursor, 0);
        cursor.next();
        match word {
            "AUTO_INCREMENT" => {
                self.column.identity = Some(Identity::AutoIncrement);
                self.column.nullable = false;
            }
            "COMMENT" => {
                cursor.take_mark('=');
                self.column.comment = cursor.string().filter(|comment| !comment.is_empty());
            }
            "ON" if cursor.take(&["UPDATE"]) => {
                let range = default_range(cursor);
                self.column.on_update = Some(cursor.expression(range));
            }
            "SERIAL" if cursor.take(&["DEFAULT", "VALUE"]) => self.serial(Dialect::Mysql),
            "VISIBLE" | "INVISIBLE" | "BINARY" | "ENABLE" | "DISABLE" => {}
            "WITH" | "WITHOUT" if cursor.take(&["SYSTEM", "VERSIONING"]) => {}
            "COMPRESSED" => {
                if cursor.take_mark('=') {
                    cursor.next();
                }
            }
            "COLUMN_FORMAT" | "STORAGE" | "ENGINE_ATTRIBUTE" | "SECONDARY_ENGINE_ATTRIBUTE" | "SRID" => {
                cursor.take_mark('=');
                cursor.next();
            }
            // An engine's own: `REF_SYSTEM_ID=4326`, `ENCRYPTED=YES`.
            _ if cursor.take_mark('=') => cursor.skip(),
            _ => return None,
        }
        Some(())
    }
}

/// Options that only PostgreSQL has, and the schema doesn't show.
fn postgres(cursor: &mut Cursor<'_>) -> Option<()> {
    match cursor.take_any(&["STORAGE", "COMPRESSION", "OPTIONS", "WITH"])? {
        "OPTIONS" => cursor.skip_parentheses().map(|_| ()),
        "WITH" if cursor.take(&["OPTIONS"]) => Some(()),
        "WITH" => cursor.skip_parentheses().map(|_| ()),
        _ => cursor.next().map(|_| ()),
    }
}

/// SQLite's `ON CONFLICT …`: what happens to a row, nothing of the schema.
fn conflict(cursor: &mut Cursor<'_>) {
    if cursor.take(&["ON", "CONFLICT"]) {
        cursor.abridge();
        cursor.next();
    }
}

/// Whether SQLite would take this column, as a primary key, for the row's number: that is never NULL.
pub(crate) fn is_row_id(column: &Column) -> bool {
    column.data_type.as_ref().is_some_and(|data_type| data_type.name == "integer" && data_type.arguments.is_empty())
}

/// Reads `GENERATED ALWAYS|BY DEFAULT AS IDENTITY [(…)]`. `None`, and nothing read, where it is anything else.
pub(crate) fn identity(cursor: &mut Cursor<'_>) -> Option<Identity> {
    let identity = if cursor.take(&["GENERATED", "ALWAYS", "AS", "IDENTITY"]) {
        Identity::Always
    } else if cursor.take(&["GENERATED", "BY", "DEFAULT", "AS", "IDENTITY"]) {
        Identity::ByDefault
    } else {
        return None;
    };
    cursor.skip_parentheses();
    Some(identity)
}

/// Reads a default, behind the word. `NULL` is none.
pub(crate) fn default(cursor: &mut Cursor<'_>) -> Option<Default> {
    let range = default_range(cursor);
    default_of(cursor, range)
}

/// The default that these tokens are, without parentheses around it.
pub(crate) fn default_of(cursor: &mut Cursor<'_>, mut range: (usize, usize)) -> Option<Default> {
    let end = cursor.position();
    // More than a few are nobody's, and each costs a look at all that is inside.
    for _ in 0..8 {
        cursor.seek(range.0);
        match cursor.skip_parentheses() {
            Some(inside) if cursor.position() == range.1 => range = inside,
            _ => break,
        }
    }
    cursor.seek(range.0);
    // `NULL::character varying`, as `pg_dump` writes it, is none, too.
    let null = range.0 >= range.1 || (cursor.sees(0, "NULL") && (range.1 == range.0 + 1 || cursor.sees_mark(1, ':')));
    cursor.seek(end);
    (!null).then(|| Default(cursor.expression(range)))
}

/// Steps over a default: until an option of the column begins, for nothing tells where it ends.
fn default_range(cursor: &mut Cursor<'_>) -> (usize, usize) {
    let start = cursor.position();
    let (mut cases, mut after_is) = (0usize, false);
    while !cursor.is_at_end() && !cursor.sees_mark(0, ',') && !cursor.sees_mark(0, ')') {
        let word = Keyword::at(cursor, 0);
        if cursor.position() > start && cases == 0 && !after_is && ends_default(cursor, word) {
            break;
        }
        match word {
            "CASE" => cases += 1,
            "END" => cases = cases.saturating_sub(1),
            _ => {}
        }
        after_is = matches!(word, "IS") || (after_is && word == "NOT");
        cursor.skip();
    }
    (start, cursor.position())
}

fn ends_default(cursor: &Cursor<'_>, word: &str) -> bool {
    match word {
        "" => false,
        // `a NOT IN (…)`.
        "NOT" => !matches!(
            Keyword::at(cursor, 1),
            "IN" | "LIKE" | "ILIKE" | "SIMILAR" | "BETWEEN" | "REGEXP" | "RLIKE" | "GLOB" | "MATCH"
        ),
        "NULL" | "DEFAULT" | "PRIMARY" | "UNIQUE" | "CHECK" | "REFERENCES" | "CONSTRAINT" | "COLLATE" => true,
        "GENERATED" => cursor.sees(1, "ALWAYS") || cursor.sees(1, "BY"),
        "DEFERRABLE" | "INITIALLY" | "STORAGE" | "COMPRESSION" | "OPTIONS" => cursor.dialect() != Dialect::Mysql,
        "AS" | "ON" => cursor.dialect() != Dialect::Postgres,
        "AUTO_INCREMENT"
        | "COMMENT"
        | "KEY"
        | "VISIBLE"
        | "INVISIBLE"
        | "COLUMN_FORMAT"
        | "ENGINE_ATTRIBUTE"
        | "SECONDARY_ENGINE_ATTRIBUTE"
        | "FIRST"
        | "AFTER"
        | "COMPRESSED"
        | "SRID"
        | "REF_SYSTEM_ID"
        | "ENCRYPTED"
        | "WITH"
        | "WITHOUT"
        | "SERIAL"
        | "CHARSET" => cursor.dialect() == Dialect::Mysql,
        _ => false,
    }
}
