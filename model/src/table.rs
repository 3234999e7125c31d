//! Tables and columns.

use crate::{CheckModel, FieldType, ForeignKeyModel, IndexModel, KeyModel, PerDialect, TypeModel};

/// A struct that stands for a table. Derived: see `#[derive(Table)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` describes no table",
    label = "which table is this?",
    note = "write `#[derive(revchain::Table)]` and `#[table(name = \"…\")]` on the struct, or declare the table with `revchain::table!`"
)]
pub trait Table {
    /// The table.
    const TABLE: TableModel;
    /// What the derive knows of it by numbers, for who compares it while a program is compiled. None where it is written by hand.
    #[doc(hidden)]
    const DIGEST: &'static [u64] = &[];
}

/// A table, as its struct describes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableModel {
    /// What declares it.
    pub declared: Declared,
    /// The schema; the default one where nothing is said.
    pub schema: Option<&'static str>,
    /// The name.
    pub name: &'static str,
    /// The dialects on which it is.
    pub dialects: PerDialect<bool>,
    /// In the order of the fields.
    pub columns: &'static [ColumnModel],
    /// The primary key.
    pub primary_key: Option<KeyModel>,
    /// Unique constraints.
    pub uniques: &'static [KeyModel],
    /// Foreign keys.
    pub foreign_keys: &'static [ForeignKeyModel],
    /// Checks.
    pub checks: &'static [CheckModel],
    /// Indexes.
    pub indexes: &'static [IndexModel],
    /// The comment.
    pub comment: Option<&'static str>,
    /// The name that it had: a hint for the revision that renames it.
    pub renamed_from: Option<&'static str>,
}

impl TableModel {
    /// A table of every dialect, in the default schema, that has nothing yet. For those who write one by hand:
    ///
    /// ```
    /// use revchain_model::{ColumnModel, KeyModel, SqlType, TableModel};
    ///
    /// const TAGS: TableModel = TableModel {
    ///     columns: &[ColumnModel::new("id", i64::SQL_TYPE), ColumnModel::new("word", String::SQL_TYPE)],
    ///     primary_key: Some(KeyModel::new(&["id"])),
    ///     ..TableModel::new("tags")
    /// };
    /// # assert_eq!(TAGS.columns.len(), 2);
    /// ```
    pub const fn new(name: &'static str) -> TableModel {
        TableModel {
            declared: Declared { name, ..Declared::NOWHERE },
            schema: None,
            name,
            dialects: PerDialect::all(true),
            columns: &[],
            primary_key: None,
            uniques: &[],
            foreign_keys: &[],
            checks: &[],
            indexes: &[],
            comment: None,
            renamed_from: None,
        }
    }
}

/// Where something is declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Declared {
    /// The struct or the field.
    pub name: &'static str,
    /// The file, as the compiler names it.
    pub file: &'static str,
    /// The line, from 1; 0 where there is no file.
    pub line: u32,
}

impl Declared {
    /// In no file that anybody knows.
    pub const NOWHERE: Declared = Declared { name: "", file: "", line: 0 };
}

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnModel {
    /// The field.
    pub declared: Declared,
    /// The name.
    pub name: &'static str,
    /// The type: what the field's type stands for, or what the attribute says instead.
    pub sql_type: TypeModel,
    /// Whether it takes NULL.
    pub nullable: bool,
    /// The default, as SQL.
    pub default: PerDialect<Option<&'static str>>,
    /// Whether the database counts.
    pub identity: Option<IdentityModel>,
    /// What it is computed from.
    pub generated: Option<GeneratedModel>,
    /// The collation.
    pub collation: PerDialect<Option<&'static str>>,
    /// The comment.
    pub comment: Option<&'static str>,
    /// MySQL's `ON UPDATE`.
    pub on_update: Option<&'static str>,
    /// The name that it had: a hint for the revision that renames it.
    pub renamed_from: Option<&'static str>,
}

impl ColumnModel {
    /// A column that takes no NULL, and has nothing else.
    pub const fn new(name: &'static str, sql_type: TypeModel) -> ColumnModel {
        ColumnModel {
            declared: Declared { name, ..Declared::NOWHERE },
            name,
            sql_type,
            nullable: false,
            default: PerDialect::all(None),
            identity: None,
            generated: None,
            collation: PerDialect::all(None),
            comment: None,
            on_update: None,
            renamed_from: None,
        }
    }

    /// The column of a field, and where that is.
    pub const fn of(
        field: FieldType,
        name: &'static str,
        declared: &'static str,
        file: &'static str,
        line: u32,
    ) -> ColumnModel {
        // In one piece: the compiler does this for every column there is.
        ColumnModel {
            declared: Declared { name: declared, file, line },
            name,
            sql_type: field.sql_type,
            nullable: field.is_nullable,
            default: PerDialect::NOTHING,
            identity: None,
            generated: None,
            collation: PerDialect::NOTHING,
            comment: None,
            on_update: None,
            renamed_from: None,
        }
    }

    /// Just the type that is said, on the dialects for which it is.
    #[must_use]
    pub const fn typed(self, said: PerDialect<Option<&'static str>>) -> ColumnModel {
        ColumnModel { sql_type: self.sql_type.or_exact(said), ..self }
    }

    /// Whether it takes NULL.
    #[must_use]
    pub const fn with_nullable(self, nullable: bool) -> ColumnModel {
        ColumnModel { nullable, ..self }
    }

    /// With a default.
    #[must_use]
    pub const fn with_default(self, default: PerDialect<Option<&'static str>>) -> ColumnModel {
        ColumnModel { default, ..self }
    }

    /// Counted by the database.
    #[must_use]
    pub const fn with_identity(self, identity: IdentityModel) -> ColumnModel {
        ColumnModel { identity: Some(identity), ..self }
    }

    /// Computed.
    #[must_use]
    pub const fn with_generated(self, expression: PerDialect<Option<&'static str>>, is_stored: bool) -> ColumnModel {
        ColumnModel { generated: Some(GeneratedModel { expression, is_stored }), ..self }
    }

    /// With a collation.
    #[must_use]
    pub const fn with_collation(self, collation: PerDialect<Option<&'static str>>) -> ColumnModel {
        ColumnModel { collation, ..self }
    }

    /// With a comment.
    #[must_use]
    pub const fn with_comment(self, comment: &'static str) -> ColumnModel {
        ColumnModel { comment: Some(comment), ..self }
    }

    /// With MySQL's `ON UPDATE`.
    #[must_use]
    pub const fn with_on_update(self, on_update: &'static str) -> ColumnModel {
        ColumnModel { on_update: Some(on_update), ..self }
    }

    /// With the name that it had.
    #[must_use]
    pub const fn with_renamed_from(self, renamed_from: &'static str) -> ColumnModel {
        ColumnModel { renamed_from: Some(renamed_from), ..self }
    }
}

/// How the database counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdentityModel {
    /// As the database does it at its best: `GENERATED BY DEFAULT AS IDENTITY`, `AUTO_INCREMENT`, SQLite's `INTEGER PRIMARY
    /// KEY`. What counts already in another way is taken for the same.
    Any,
    /// PostgreSQL's `GENERATED ALWAYS AS IDENTITY`; else as [`Any`](IdentityModel::Any).
    Always,
    /// PostgreSQL's `serial`; else as [`Any`](IdentityModel::Any).
    Serial,
    /// SQLite's `AUTOINCREMENT`; else as [`Any`](IdentityModel::Any).
    Autoincrement,
}

/// A generated column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GeneratedModel {
    /// What it is computed from.
    pub expression: PerDialect<Option<&'static str>>,
    /// Whether it is kept in the row, or computed when it is read.
    pub is_stored: bool,
}
