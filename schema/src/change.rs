//! What a statement changes: the words of DDL, whatever the dialect spells them like. Made by `read`, applied by `replay`.
//! Spans are offsets in the statement's own text, `start..end`.

use crate::model::{
    Check, Column, DataType, Default, Exclusion, Expression, ForeignKey, Identity, Index, Key, Name, ObjectName,
    Routine, Sequence, Table, UserType, View,
};

/// A part of a statement, in bytes.
pub(crate) type Part = (usize, usize);

/// A name in a statement, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named<N = ObjectName> {
    /// The name.
    pub(crate) name: N,
    /// Where.
    pub(crate) part: Part,
}

/// Rows changed by one statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rows {
    /// The table.
    pub(crate) table: Named,
    /// Columns that get a value, as far as they are known to be this table's.
    pub(crate) columns: Vec<Named<Name>>,
    /// The first row of an INSERT that says its values.
    pub(crate) inserted: Option<Inserted>,
    /// The columns of `ON CONFLICT (…)`, where it says nothing but columns.
    pub(crate) conflict: Vec<Named<Name>>,
}

/// A row that is inserted: how many values, and what those are that say it by themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Inserted {
    /// Where it is, with its parentheses.
    pub(crate) part: Part,
    /// How many values it has.
    pub(crate) values: usize,
    /// Which of them, from 0 on, say `NULL` and nothing else, and where.
    pub(crate) nulls: Vec<(usize, Part)>,
    /// Which say `DEFAULT`.
    pub(crate) defaults: Vec<usize>,
    /// Which are a string, a number, or another word alone, and where.
    pub(crate) constants: Vec<(usize, Part)>,
    /// Whether the columns are named.
    pub(crate) names_columns: bool,
    /// Whether a row that the table doesn't take is left out, or made to fit.
    pub(crate) is_lenient: bool,
    /// Whether it says `OVERRIDING`.
    pub(crate) is_overriding: bool,
    /// Whether it is the only row.
    pub(crate) is_alone: bool,
}

/// Several objects dropped by one statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Drops<N = ObjectName> {
    /// What.
    pub(crate) names: Vec<Named<N>>,
    /// `IF EXISTS`.
    pub(crate) if_exists: bool,
    /// `CASCADE`.
    pub(crate) cascade: bool,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Change {
    /// `CREATE SCHEMA`, `CREATE DATABASE`.
    CreateNamespace { name: Named<Name>, if_not_exists: bool },
    /// `DROP SCHEMA`, `DROP DATABASE`.
    DropNamespace(Drops<Name>),
    /// `ALTER SCHEMA … RENAME TO`.
    RenameNamespace { from: Named<Name>, to: Name },
    /// `CREATE TABLE`.
    CreateTable(Box<CreateTable>),
    /// `DROP TABLE`.
    DropTable(Drops),
    /// `ALTER TABLE … RENAME TO`, `RENAME TABLE`. On PostgreSQL it also renames views, indexes and sequences.
    RenameTable { from: Named, to: Named, if_exists: bool },
    /// `ALTER TABLE … SET SCHEMA`.
    MoveTable { from: Named, to: Name, if_exists: bool },
    /// `ALTER TABLE`.
    AlterTable { table: Named, if_exists: bool, actions: Vec<(Action, Part)> },
    /// `CREATE INDEX`.
    CreateIndex(Box<CreateIndex>),
    /// `DROP INDEX`. `table` is MySQL's `ON`.
    DropIndex { drops: Drops, table: Option<Named>, concurrently: bool },
    /// `ALTER INDEX … RENAME TO`.
    RenameIndex { from: Named, to: Name, if_exists: bool },
    /// `CREATE TYPE`, `CREATE DOMAIN`. It has no `IF NOT EXISTS`; people write that as a block.
    CreateType { name: Named, if_not_exists: bool, definition: UserType },
    /// `DROP TYPE`, `DROP DOMAIN`.
    DropType { drops: Drops, domain: bool },
    /// `ALTER TYPE … RENAME TO`, `ALTER DOMAIN … RENAME TO`.
    RenameType { from: Named, to: Name },
    /// `ALTER TYPE … SET SCHEMA`.
    MoveType { from: Named, to: Name },
    /// `ALTER TYPE … ADD VALUE`. `beside` is `BEFORE` (true) or `AFTER` (false) an existing one.
    AddValue { name: Named, value: String, if_not_exists: bool, beside: Option<(bool, String)> },
    /// `ALTER TYPE … RENAME VALUE`.
    RenameValue { name: Named, from: String, to: String },
    /// `ALTER TYPE … ADD|DROP|ALTER ATTRIBUTE`: the type is no longer known.
    AlterType { name: Named },
    /// `ALTER DOMAIN`.
    AlterDomain { name: Named, change: DomainChange },
    /// `CREATE SEQUENCE`.
    CreateSequence { name: Named, if_not_exists: bool, sequence: Sequence },
    /// `ALTER SEQUENCE`, but for its name: the options it gives. One without a value goes back to its default.
    AlterSequence {
        name: Named,
        if_exists: bool,
        options: Vec<(String, String)>,
        owned_by: Option<Option<(ObjectName, Name)>>,
    },
    /// `DROP SEQUENCE`.
    DropSequence(Drops),
    /// `CREATE VIEW`.
    CreateView { name: Named, or_replace: bool, if_not_exists: bool, view: Box<View> },
    /// `DROP VIEW`.
    DropView { drops: Drops, materialized: bool },
    /// `CREATE FUNCTION`, `CREATE PROCEDURE`.
    CreateRoutine { name: Named, or_replace: bool, if_not_exists: bool, routine: Routine },
    /// `DROP FUNCTION`, `DROP PROCEDURE`. Of each, the arguments, where they are said.
    DropRoutine { drops: Drops, arguments: Vec<Option<String>> },
    /// `ALTER FUNCTION … RENAME TO`.
    RenameRoutine { from: Named, arguments: Option<String>, to: Name },
    /// `ALTER FUNCTION … SET SCHEMA`.
    MoveRoutine { from: Named, arguments: Option<String>, to: Name },
    /// `CREATE TRIGGER`.
    CreateTrigger { name: Named<Name>, table: Named, or_replace: bool, if_not_exists: bool, body: Expression },
    /// `DROP TRIGGER`. `table` is PostgreSQL's `ON`; without it the name is the schema's.
    DropTrigger { name: Named, table: Option<Named>, if_exists: bool },
    /// `ALTER TRIGGER … ON … RENAME TO`.
    RenameTrigger { from: Named<Name>, table: Named, to: Name },
    /// A query, or a view's, reads these tables or views.
    Reads(Vec<Named>),
    /// INSERT, UPDATE or DELETE: these columns of this table are written.
    Writes { table: Named, columns: Vec<Named<Name>> },
    /// The row that an INSERT says.
    Inserts(Box<Rows>),
    /// `COMMENT ON TABLE|VIEW`.
    CommentTable { table: Named, comment: Option<String> },
    /// `COMMENT ON COLUMN`.
    CommentColumn { table: Named, column: Named<Name>, comment: Option<String> },
    /// `SET search_path`, `USE`: where names without a schema are looked for from here on, in this revision. Empty: nowhere
    /// (what `pg_dump` writes, whose names all have one). PostgreSQL's default is `public`; `"$user"` is left out.
    SearchPath(Vec<Name>),
    /// `CREATE EXTENSION`: what it makes is not known, and its types and functions are there from now on.
    CreateExtension { name: Named<Name>, if_not_exists: bool },
    /// `DROP EXTENSION`.
    DropExtension(Drops<Name>),
    /// MySQL's `SET foreign_key_checks = 0` (false), and anything else (true): while they are off, a foreign key may refer to
    /// nothing, and what others refer to may be dropped.
    ForeignKeyChecks(bool),
    /// SQLite's `PRAGMA legacy_alter_table`: while it is on, a renamed table's references don't come along.
    LegacyAlterTable(bool),
    /// `CREATE POLICY`, `CREATE EVENT`…: something with a name that another statement has to drop. `kind` is its words in lower
    /// case; `on` the table that a rule or policy belongs to (its name is that table's) or that statistics are of.
    CreateOther {
        kind: &'static str,
        name: Named,
        on: Option<Named>,
        or_replace: bool,
        if_not_exists: bool,
        definition: Expression,
    },
    /// `DROP POLICY`, `DROP EVENT`…. `on` where the statement has it: of rules and policies.
    DropOther { kind: &'static str, drops: Drops, on: Option<Named> },
    /// `ALTER POLICY … RENAME TO`, `ALTER EVENT … RENAME TO`….
    RenameOther { kind: &'static str, from: Named, on: Option<Named>, to: Named },
    /// `ALTER POLICY`, `ALTER EVENT`…: what it is, is no longer known.
    AlterOther { kind: &'static str, name: Named, on: Option<Named>, if_exists: bool },
}

/// `CREATE TABLE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CreateTable {
    /// The name.
    pub(crate) name: Named,
    /// `IF NOT EXISTS`.
    pub(crate) if_not_exists: bool,
    /// MariaDB's `OR REPLACE`.
    pub(crate) or_replace: bool,
    /// The table, as far as the statement says: names are not made up yet.
    pub(crate) table: Table,
    /// `LIKE other`: which parts it brings is the replay's affair (`INCLUDING ALL` and so on, in upper case).
    pub(crate) like: Vec<(Named, Vec<String>)>,
    /// `INHERITS`, `PARTITION OF`: whose columns come, too.
    pub(crate) parents: Vec<Named>,
    /// `AS SELECT`: the columns are not known.
    pub(crate) as_query: bool,
    /// Where each column is written.
    pub(crate) column_parts: Vec<Part>,
    /// Where each foreign key is written.
    pub(crate) foreign_key_parts: Vec<Part>,
    /// Of each check the column that it is written with; none where it is the table's.
    pub(crate) check_columns: Vec<Option<Name>>,
    /// Whether it has a primary key more than once, which no database takes.
    pub(crate) has_two_primary_keys: bool,
}

/// `CREATE INDEX`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CreateIndex {
    /// The index; its name is bare.
    pub(crate) index: Index,
    /// Where its name is written; where there is none, the word INDEX.
    pub(crate) part: Part,
    /// On which table, or materialized view.
    pub(crate) table: Named,
    /// `IF NOT EXISTS`.
    pub(crate) if_not_exists: bool,
    /// `CONCURRENTLY`.
    pub(crate) concurrently: bool,
    /// `ON ONLY`, a partition's index that is attached later.
    pub(crate) only: bool,
}

/// One action of `ALTER TABLE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Action {
    /// `ADD COLUMN`, with the constraints that are written with it.
    AddColumn { column: Box<Column>, constraints: Vec<Constraint>, if_not_exists: bool, position: Option<Position> },
    /// What `ADD COLUMN` says more than is kept: [`Table::is_abridged`](crate::Table), and what is for people.
    SaysMore { abridged: bool, annotated: bool },
    /// `DROP COLUMN`.
    DropColumn { name: Named<Name>, if_exists: bool, cascade: bool },
    /// `RENAME COLUMN`.
    RenameColumn { from: Named<Name>, to: Name },
    /// `ALTER COLUMN`.
    AlterColumn { name: Named<Name>, if_exists: bool, change: ColumnChange },
    /// MySQL's `MODIFY`, and `CHANGE` with another name: the column as it is from now on.
    ModifyColumn {
        from: Named<Name>,
        column: Box<Column>,
        constraints: Vec<Constraint>,
        if_exists: bool,
        position: Option<Position>,
    },
    /// `ADD CONSTRAINT`, `ADD PRIMARY KEY`, MySQL's `ADD INDEX`.
    Add { constraint: Constraint, if_not_exists: bool },
    /// `ADD CONSTRAINT … PRIMARY KEY|UNIQUE USING INDEX`: an index becomes a constraint, and takes its name.
    AddUsingIndex { name: Option<Name>, index: Named<Name>, primary: bool, deferrable: Option<bool> },
    /// `DROP CONSTRAINT`, MySQL's `DROP FOREIGN KEY|CHECK|PRIMARY KEY|INDEX`.
    Drop { kind: Kind, name: Option<Named<Name>>, if_exists: bool, cascade: bool },
    /// `RENAME CONSTRAINT`; `RENAME INDEX|KEY`.
    Rename { kind: Kind, from: Named<Name>, to: Name },
    /// `VALIDATE CONSTRAINT`.
    Validate { name: Named<Name> },
    /// PostgreSQL's `ALTER CONSTRAINT … DEFERRABLE`, of foreign keys, and MySQL's `ALTER CHECK … [NOT] ENFORCED`: what is
    /// said of it.
    AlterConstraint { name: Named<Name>, deferrable: Option<Option<bool>>, enforced: Option<bool> },
    /// `RENAME TO`.
    RenameTo(Named),
    /// `SET SCHEMA`.
    SetSchema(Name),
    /// MySQL's `COMMENT = '…'`.
    Comment(Option<String>),
    /// Something that is compared and not understood: the key and its value, `None` to take it out.
    SetOption(String, Option<String>),
    /// `CONVERT TO CHARACTER SET`: every text column's.
    Convert { character_set: Option<String>, collation: Option<Name> },
    /// `ATTACH PARTITION`, `INHERIT`: the other table.
    Attach(Named),
    /// `DETACH PARTITION`, `NO INHERIT`.
    Detach { table: Named, concurrently: bool },
    /// What the schema doesn't show: `OWNER TO`, `SET (fillfactor = …)`, `ALGORITHM =`, `ENABLE TRIGGER`.
    Neutral,
    /// What nobody understood.
    Unknown,
}

/// Where MySQL puts a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Position {
    /// `FIRST`.
    First,
    /// `AFTER other`.
    After(Named<Name>),
}

/// `ALTER COLUMN`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ColumnChange {
    /// `TYPE …`.
    Type { data_type: DataType, collation: Option<Name>, using: Option<Expression> },
    /// `SET DEFAULT`, `DROP DEFAULT`.
    Default(Option<Default>),
    /// `SET NOT NULL` (false), `DROP NOT NULL` (true).
    Nullable(bool),
    /// `ADD GENERATED … AS IDENTITY`, which is new, `SET GENERATED`, `DROP IDENTITY`.
    Identity { identity: Option<Identity>, is_new: bool, if_exists: bool },
    /// `SET EXPRESSION`, `DROP EXPRESSION`.
    Expression(Option<Expression>),
    /// `SET STATISTICS`, `SET STORAGE`, `SET (…)`: nothing that is compared.
    Neutral,
}

/// A constraint, or an index, that is written with a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Constraint {
    /// `PRIMARY KEY`.
    Primary(Key),
    /// `UNIQUE`.
    Unique(Key),
    /// `FOREIGN KEY`, `REFERENCES`. The part is that of the table that it refers to.
    Foreign(ForeignKey, Part),
    /// `CHECK`.
    Check(Check),
    /// `EXCLUDE`.
    Exclude(Exclusion),
    /// MySQL's `INDEX`, `KEY`, `FULLTEXT`, `SPATIAL`.
    Index(Index),
}

/// What kind of thing `DROP` or `RENAME` in `ALTER TABLE` means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `CONSTRAINT`: any.
    Constraint,
    /// `FOREIGN KEY`.
    ForeignKey,
    /// `CHECK`.
    Check,
    /// `PRIMARY KEY`, which needs no name.
    PrimaryKey,
    /// `INDEX`, `KEY`.
    Index,
}

/// `ALTER DOMAIN`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum DomainChange {
    /// `SET DEFAULT`, `DROP DEFAULT`.
    Default(Option<Default>),
    /// `SET NOT NULL` (false), `DROP NOT NULL` (true).
    Nullable(bool),
    /// `ADD CONSTRAINT … CHECK`.
    AddCheck(Option<Name>, Expression),
    /// `DROP CONSTRAINT`.
    DropCheck { name: Named<Name>, if_exists: bool },
    /// `RENAME CONSTRAINT`.
    RenameCheck { from: Named<Name>, to: Name },
}
