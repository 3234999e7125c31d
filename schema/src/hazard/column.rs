//! Columns that are added to live tables. One clause, one finding: what fails comes first, then what takes longest.

use revchain_core::sql::{Lexer, TokenKind};
use revchain_core::{Code, Dialect};

use super::{Context, Filled, Hazard};
use crate::change::{Named, Part};
use crate::model::{
    Column, DataType, Expression, Family, Name, ObjectName, Storage, Table, UserType, unquoted, written,
};
use crate::replay::is_builtin;

/// A column that is added, and to what.
struct Added<'a> {
    /// The table, as the statement writes it.
    table: &'a str,
    /// The table.
    name: &'a ObjectName,
    column: &'a Column,
    part: Part,
}

/// RC420 to RC423, RC426, RC429.
pub(super) fn add(
    table: &Named,
    column: &Column,
    if_not_exists: bool,
    part: Part,
    context: &Context<'_>,
    found: &mut Vec<Hazard>,
) {
    let plain = column.nullable && column.default.is_none() && column.identity.is_none() && column.generated.is_none();
    if plain {
        return;
    }
    // What IF NOT EXISTS does to a table that isn't known nobody can tell.
    let found_there = if if_not_exists { context.known(table) } else { context.live(table) };
    let Some((name, there)) = found_there else { return };
    if there.column(&column.name).is_some() || there.options.contains_key("foreign") {
        return;
    }
    let added = Added { table: context.shown(table.part), name: &name, column, part };
    found.extend(match context.dialect() {
        Dialect::Postgres => added.on_postgres(context),
        Dialect::Mysql => added.on_mysql(there, context),
        Dialect::Sqlite => added.on_sqlite(context),
    });
}

impl Added<'_> {
    /// PostgreSQL keeps a default that is the same for every row beside the table (since 11). One that isn't, a number from a
    /// sequence and a stored generated column are written into each row, under ACCESS EXCLUSIVE (tried, by the table's file).
    fn on_postgres(&self, context: &Context<'_>) -> Option<Hazard> {
        let Added { name, column, part, .. } = self;
        let rewritten = |why: &str| {
            format!(
                "nobody can read or write `{name}` while it is written anew: {why}, row by row, into `{}`",
                column.name
            )
        };
        if column.identity.is_some() {
            let help = self.numbered();
            return Some(Hazard::at(Code::AutoIncrementAdded, *part, rewritten("numbers go"), help));
        }
        if let Some(generated) = &column.generated {
            let help = "add an ordinary column, let a trigger fill it for new rows, and fill the others in batches; \
                        or compute it when it is read, in a view";
            return (generated.storage == Storage::Stored)
                .then(|| Hazard::at(Code::StoredGenerated, *part, rewritten("computed values go"), help));
        }
        match &column.default {
            None => self.required(context),
            Some(default) => {
                let call = volatile_call(&default.0)?;
                let help = self.in_steps(
                    "add it without a default, give it one for new rows, and fill the others in batches",
                    &column.data_type.as_ref()?.to_string(),
                    default.0.as_str(),
                );
                let message = rewritten(&format!("a value of `{call}` goes"));
                Some(Hazard::at(Code::VolatileDefault, *part, message, help))
            }
        }
    }

    /// SQLite looks whether there is a row, and refuses what it can't keep beside the table (tried).
    fn on_sqlite(&self, context: &Context<'_>) -> Option<Hazard> {
        let Added { name, column, part, .. } = self;
        let Some(default) = &column.default else { return self.required(context) };
        if is_constant(&default.0) {
            return None;
        }
        Some(Hazard::at(
            Code::VolatileDefault,
            *part,
            format!("this fails where `{name}` has a row: the default of `{}` is not a constant", column.name),
            format!(
                "add it without this default and fill it, or rebuild the table:\n{}",
                self.filled_by(default.0.as_str())
            ),
        ))
    }

    fn on_mysql(&self, there: &Table, context: &Context<'_>) -> Option<Hazard> {
        let Added { name, column, part, .. } = self;
        let copied = |why: &str| format!("nobody can write to `{name}` while it is copied: {why}");
        let other_engine = there.options.contains_key("engine");
        if column.identity.is_some() {
            let message = format!("nobody can write to `{name}` while its rows are numbered in `{}`", column.name);
            return (!other_engine).then(|| Hazard::at(Code::AutoIncrementAdded, *part, message, super::mysql::BESIDE));
        }
        if let Some(generated) = &column.generated {
            let message = copied(&format!("`{}` is computed for each row, and stored", column.name));
            let help = "make it VIRTUAL: it is computed when it is read, and can be indexed";
            let copies = generated.storage == Storage::Stored && !other_engine;
            return copies.then(|| Hazard::at(Code::StoredGenerated, *part, message, help));
        }
        if let Some(default) = &column.default {
            if other_engine || !copies_for(&default.0, there) {
                return None;
            }
            let message = copied(&format!("the default of `{}` is computed for each row", column.name));
            let data_type = column.data_type.as_ref()?;
            let shown = written(&column.name, Dialect::Mysql);
            let help = format!(
                "add it without a default, give it one for new rows, and fill the others in batches:\n\
                 ALTER TABLE {table} ADD COLUMN {shown} {data_type};\n\
                 ALTER TABLE {table} ALTER COLUMN {shown} SET DEFAULT ({default});\n\
                 -- in a revision behind it\n\
                 -- @upgrade; repeat: 10000\n\
                 UPDATE {table} SET {shown} = {default} WHERE {shown} IS NULL LIMIT 10000;",
                table = self.table,
                default = default.0,
            );
            return Some(Hazard::at(Code::ExpressionDefault, *part, message, help));
        }
        self.zero_filled(context)
    }

    /// RC426. MySQL and MariaDB take a column without a default for one whose default is the type's own zero.
    fn zero_filled(&self, context: &Context<'_>) -> Option<Hazard> {
        let Added { name, column, part, .. } = self;
        let data_type = column.data_type.as_ref()?;
        let (zero, or) = match data_type.family(Dialect::Mysql) {
            // The first TIMESTAMP of a table may get a default by itself.
            _ if data_type.name == "timestamp" => return None,
            Family::Boolean | Family::Integer | Family::Decimal | Family::Float => ("0", ""),
            Family::Text | Family::Binary => ("''", ""),
            Family::Date | Family::Timestamp => ("'0000-00-00'", ", or the statement fails"),
            Family::Time => ("'00:00:00'", ""),
            Family::Enum => ("its first value", ""),
            _ => return None,
        };
        let emptied = empties(context.earlier, &name.name, context.dialect());
        if emptied || Filled::of(context.later, Dialect::Mysql).holds(&name.name, &column.name) {
            return None;
        }
        let shown = written(&column.name, Dialect::Mysql);
        Some(Hazard::at(
            Code::ImplicitZeroFill,
            *part,
            format!("the rows of `{name}` get {zero} for `{}`{or}: it has no default", column.name),
            format!(
                "say what they get, or fill them:\n\
                 ALTER TABLE {table} ADD COLUMN {shown} {data_type};\n\
                 UPDATE {table} SET {shown} = …;\n\
                 ALTER TABLE {table} MODIFY {shown} {data_type} NOT NULL;",
                table = self.table
            ),
        ))
    }

    /// RC423.
    fn required(&self, context: &Context<'_>) -> Option<Hazard> {
        let Added { name, column, part, .. } = self;
        let may_have_default = column.data_type.as_ref().is_some_and(|data_type| may_be_domain(data_type, context));
        if column.nullable || may_have_default || empties(context.earlier, &name.name, context.dialect()) {
            return None;
        }
        let shown = written(&column.name, context.dialect());
        let data_type = column.data_type.as_ref().map(ToString::to_string).unwrap_or_default();
        let table = self.table;
        let help = match context.dialect() {
            Dialect::Postgres => format!(
                "give it a default, which costs nothing; or add it, fill it, and require it then:\n\
                 ALTER TABLE {table} ADD COLUMN {shown} {data_type};\n\
                 UPDATE {table} SET {shown} = …;\n\
                 ALTER TABLE {table} ALTER COLUMN {shown} SET NOT NULL;"
            ),
            _ => format!("give it a default, which costs nothing: {shown} {data_type} NOT NULL DEFAULT …"),
        };
        Some(Hazard::at(
            Code::RequiredColumn,
            *part,
            format!("this fails where `{name}` has a row: there is no value for `{}`", column.name),
            help,
        ))
    }

    /// The steps to a column that counts: the sequence first.
    fn numbered(&self) -> String {
        let sequence = Name::new(&format!("{}_{}_seq", self.name.name, self.column.name), Dialect::Postgres);
        let sequence = written(&sequence, Dialect::Postgres);
        let (table, shown) = (self.table, written(&self.column.name, Dialect::Postgres));
        let data_type = self.column.data_type.as_ref().map_or_else(|| "bigint".to_owned(), ToString::to_string);
        let steps = self.in_steps(
            "let new rows draw from a sequence, and number the others in batches",
            &data_type,
            &format!("nextval('{sequence}')"),
        );
        let owned = format!("CREATE SEQUENCE {sequence} OWNED BY {table}.{shown};\nALTER TABLE {table} ALTER");
        steps.replacen(&format!("ALTER TABLE {table} ALTER"), &owned, 1)
    }

    /// The column empty, its default for new rows, and the old rows in batches.
    fn in_steps(&self, words: &str, data_type: &str, default: &str) -> String {
        let (table, shown) = (self.table, written(&self.column.name, Dialect::Postgres));
        format!(
            "{words}:\n\
             ALTER TABLE {table} ADD COLUMN {shown} {data_type};\n\
             ALTER TABLE {table} ALTER COLUMN {shown} SET DEFAULT {default};\n\
             -- in a revision behind it\n\
             -- @upgrade; repeat: 10000\n\
             UPDATE {table} SET {shown} = {default}\n  \
             WHERE ctid = ANY (ARRAY(SELECT ctid FROM {table} WHERE {shown} IS NULL LIMIT 10000));"
        )
    }

    fn filled_by(&self, default: &str) -> String {
        let (table, shown) = (self.table, written(&self.column.name, Dialect::Sqlite));
        let data_type = self.column.data_type.as_ref().map(|data_type| format!(" {data_type}")).unwrap_or_default();
        format!("ALTER TABLE {table} ADD COLUMN {shown}{data_type};\nUPDATE {table} SET {shown} = {default};")
    }
}

/// The first call in a default that gives another value each time, as it is written. Of functions that aren't the server's
/// own (or of extensions that everybody has) nothing is known.
///
/// Source: `provolatile` in PostgreSQL 15's `pg_proc`, and the documentation of 16 to 18 for what they brought.
fn volatile_call(default: &Expression) -> Option<String> {
    const VOLATILE: [&str; 15] = [
        "clock_timestamp",
        "currval",
        "gen_random_bytes",
        "gen_random_uuid",
        "lastval",
        "nextval",
        "random",
        "random_normal",
        "setval",
        "timeofday",
        "uuid_generate_v1",
        "uuid_generate_v1mc",
        "uuid_generate_v4",
        "uuidv4",
        "uuidv7",
    ];
    let text = default.as_str();
    let found = calls(text, Dialect::Postgres).find(|(name, own)| *own && VOLATILE.contains(name))?;
    Some(format!("{}()", found.0))
}

/// The functions that an expression calls, in lower case, and whether the name is said without a schema or with the server's.
fn calls(text: &str, dialect: Dialect) -> impl Iterator<Item = (&str, bool)> {
    let mut lexer = Lexer::new(text, dialect);
    let (mut last, mut schema): (Option<&str>, Option<&str>) = (None, None);
    std::iter::from_fn(move || {
        loop {
            let token = lexer.next_significant()?;
            let shown = token.text(text);
            match token.kind {
                TokenKind::Word => last = Some(shown),
                TokenKind::Punctuation if shown == "." => schema = last.take(),
                TokenKind::Punctuation if shown == "(" => {
                    let own = schema.take().is_none_or(|schema| schema == "pg_catalog");
                    if let Some(name) = last.take() {
                        return Some((name, own));
                    }
                }
                _ => (last, schema) = (None, None),
            }
        }
    })
}

/// Whether SQLite takes this for a default that is the same for every row: a literal, and what it can fold to one.
fn is_constant(default: &Expression) -> bool {
    let text = default.as_str();
    !["current_timestamp", "current_date", "current_time"].contains(&text)
        && calls(text, Dialect::Sqlite).all(|(name, _)| name == "cast")
}

/// Whether both MySQL and MariaDB copy a table for a column with this default: one that differs from row to row. (MySQL copies
/// for others, too, MariaDB doesn't; tried on 10.11.)
fn copies_for(default: &Expression, table: &Table) -> bool {
    let differs = |(name, _): (&str, bool)| ["uuid", "uuid_short", "random_bytes"].contains(&name);
    calls(default.as_str(), Dialect::Mysql).any(differs)
        || table.columns.iter().any(|column| default.mentions(&column.name, Dialect::Mysql))
}

/// Whether a type of PostgreSQL's may bring a default of its own.
fn may_be_domain(data_type: &DataType, context: &Context<'_>) -> bool {
    if context.dialect() != Dialect::Postgres || data_type.schema.is_none() && is_builtin(&data_type.name) {
        return false;
    }
    let name = ObjectName { schema: data_type.schema.clone(), name: Name::new(&data_type.name, Dialect::Postgres) };
    let found = context.replay.find(&context.replay.schema.types, &name);
    let user_type = found.and_then(|full| context.replay.schema.types.get(&full));
    !matches!(user_type.map(AsRef::as_ref), Some(UserType::Enum(_) | UserType::Composite(_)))
}

/// Whether a section empties a table, all of it.
fn empties(section: &str, table: &Name, dialect: Dialect) -> bool {
    let mut lexer = Lexer::new(section, dialect);
    let (mut begins, mut named, mut whole) = (false, false, false);
    let mut first = true;
    while let Some(token) = lexer.next_significant() {
        let is = |word: &str| token.is_word(section, word);
        if token.kind == TokenKind::Semicolon {
            if begins && named && whole {
                return true;
            }
            (begins, named, whole, first) = (false, false, true, true);
            continue;
        }
        if first {
            (begins, named, whole, first) = (is("TRUNCATE") || is("DELETE"), false, true, false);
        }
        whole &= !is("WHERE");
        named |= matches!(token.kind, TokenKind::Word | TokenKind::QuotedIdentifier)
            && Name::new(&unquoted(token.text(section)), dialect).key().eq_ignore_ascii_case(table.key());
    }
    begins && named && whole
}
