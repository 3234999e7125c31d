//! The one table of finding codes. A code is stable and never used for anything else again.
//!
//! Families: RC0xx files, headers and sections · RC1xx the chain · RC2xx statements · RC3xx the schema replay
//! (RC34x the lock file) · RC4xx hazards. Number, slug, page (`core/src/codes/`) and ui case (`ui-tests/cases/`) share a stem.

macro_rules! codes {
    ($($variant:ident $number:literal $slug:literal $title:literal;)*) => {
        /// The stable identity of a kind of finding.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $(
                #[doc = concat!("`", $number, "`: ", $title, ".")]
                $variant,
            )*
        }

        impl Code {
            /// Every code, in the order of their numbers.
            pub const ALL: &'static [Code] = &[$(Code::$variant),*];

            /// The number, for searching: `RC103`.
            pub const fn number(self) -> &'static str {
                match self { $(Code::$variant => $number),* }
            }

            /// The name, for reading: `fork`.
            pub const fn slug(self) -> &'static str {
                match self { $(Code::$variant => $slug),* }
            }

            /// What the code is about, as one line.
            pub const fn title(self) -> &'static str {
                match self { $(Code::$variant => $title),* }
            }

            /// The long explanation: what it says, why it is refused, how it happens, what to do.
            pub const fn page(self) -> &'static str {
                match self { $(Code::$variant => include_str!(concat!("codes/", $number, "-", $slug, ".md"))),* }
            }
        }
    };
}

codes! {
    MissingDirectory "RC001" "missing-directory" "the migrations or versions directory is missing or cannot be read";
    UnreadableFile "RC002" "unreadable-file" "a file cannot be read";
    NotUtf8 "RC003" "not-utf8" "a file is not UTF-8";
    UnexpectedFile "RC004" "unexpected-file" "the versions directory holds something that would never run";
    NulByte "RC005" "nul-byte" "a revision file contains a NUL byte";
    MergeConflict "RC006" "merge-conflict" "a file holds a merge that was not finished";
    MissingKey "RC010" "missing-key" "a header key is missing";
    DoubledKey "RC011" "doubled-key" "a header key is given twice";
    UnknownKey "RC012" "unknown-key" "a header key is not known";
    IllegalId "RC013" "illegal-id" "a revision id has a character that ids may not have";
    ReservedId "RC014" "reserved-id" "a revision id is a word that targets use";
    OverlongId "RC015" "overlong-id" "a revision id does not fit the version table";
    NameMismatch "RC016" "name-mismatch" "file name and header name different revisions";
    UnknownMarker "RC020" "unknown-marker" "a section marker is misspelt";
    UnknownDialect "RC021" "unknown-dialect" "a section names a dialect that does not exist";
    MissingDialect "RC022" "missing-dialect" "a configured dialect is left out";
    MissingDowngrade "RC023" "missing-downgrade" "there is no downgrade, and none is excused";
    MissingUpgrade "RC024" "missing-upgrade" "there is no upgrade";
    BadOption "RC025" "bad-option" "a section option is unknown or cannot be used here";
    OutsideSection "RC026" "outside-section" "SQL stands before the first section marker";
    MissingFunction "RC027" "missing-function" "a Rust revision lacks its upgrade or downgrade function";
    RustInExpression "RC028" "rust-in-expression" "a Rust revision cannot be embedded by an expression";
    BadAllow "RC029" "bad-allow" "an @allow line names no code or gives no reason";
    ConfigSyntax "RC030" "config-syntax" "revchain.toml is not TOML";
    ConfigKey "RC031" "config-key" "revchain.toml has an unknown key";
    ConfigValue "RC032" "config-value" "revchain.toml has a value of the wrong kind";
    BadReplay "RC033" "bad-replay" "what is declared to the replay says nothing, or stands where it means nothing";
    Duplicate "RC101" "duplicate" "two revisions have one id";
    CaseTwins "RC102" "case-twins" "two revision ids differ only in case";
    Fork "RC103" "fork" "two revisions have one down_revision";
    Gap "RC104" "gap" "a down_revision names no revision";
    SeveralBases "RC105" "several-bases" "more than one revision opens the chain";
    NoBase "RC106" "no-base" "no revision opens the chain";
    SelfLoop "RC107" "self-loop" "a revision follows itself";
    Cycle "RC108" "cycle" "revisions follow each other in a circle";
    Unterminated "RC201" "unterminated" "a quote or comment is never closed";
    TransactionControl "RC202" "transaction-control" "a statement breaks the transaction that the runner holds";
    SessionState "RC203" "session-state" "a statement changes the session for what comes after it";
    ForeignKeysPragma "RC204" "foreign-keys-pragma" "PRAGMA foreign_keys does nothing inside a transaction";
    NotInTransaction "RC205" "not-in-transaction" "a statement cannot run inside a transaction";
    UnmarkedRebuild "RC206" "unmarked-rebuild" "a SQLite table rebuild would delete the rows that refer to the table";
    RepeatShape "RC207" "repeat-shape" "a repeat section is not one statement that changes rows";
    ClientCommand "RC208" "client-command" "a line is for a database client, not for a server";
    MissingSemicolon "RC209" "missing-semicolon" "two statements have no semicolon between them";
    IdleAllow "RC210" "idle-allow" "an @allow line silences nothing";
    UnknownTable "RC301" "unknown-table" "a statement names a table that is not there";
    DuplicateTable "RC302" "duplicate-table" "a table is made that is there already";
    UnknownColumn "RC303" "unknown-column" "a statement names a column that is not there";
    DuplicateColumn "RC304" "duplicate-column" "a column is added that is there already";
    UnknownIndex "RC305" "unknown-index" "a statement names an index that is not there";
    DuplicateIndex "RC306" "duplicate-index" "an index is made under a name that is taken";
    UnknownConstraint "RC307" "unknown-constraint" "a statement names a constraint that is not there";
    DuplicateConstraint "RC308" "duplicate-constraint" "a constraint is added under a name that is taken";
    UnknownType "RC309" "unknown-type" "a statement names a type, or a value of one, that is not there";
    DuplicateType "RC310" "duplicate-type" "a type, or a value of one, is made that is there already";
    ForeignKeyTarget "RC311" "foreign-key-target" "a foreign key refers to columns that are not unique";
    ForeignKeyType "RC312" "foreign-key-type" "a foreign key joins columns of different types";
    StillNeeded "RC313" "still-needed" "something is dropped that something else needs";
    OverlongName "RC314" "overlong-name" "a name is longer than the database keeps";
    UnknownObject "RC315" "unknown-object" "a function, trigger, schema or the like is not there, or there already";
    NeedsCommit "RC316" "needs-commit" "a statement needs the commit of one before it";
    NoSuchForm "RC317" "no-such-form" "a statement has a form that the database does not know";
    RowDoesNotFit "RC318" "row-does-not-fit" "a row is inserted or updated in a way that the table does not take";
    ImpossibleColumn "RC319" "impossible-column" "a column has a size, a default or a counter that the database does not take";
    NotRestored "RC320" "not-restored" "a downgrade does not restore the schema before it";
    DataLost "RC321" "data-lost" "a downgrade brings a table or column back without its data";
    DialectsDiffer "RC322" "dialects-differ" "the sections of two dialects lead to different schemas";
    SplitByCommit "RC323" "split-by-commit" "rows are written, and committed by the DDL behind them";
    OtherFlavour "RC324" "other-flavour" "a statement is MariaDB's where the server is MySQL, or the other way round";
    OperandsDiffer "RC325" "operands-differ" "two values are compared, combined or assigned whose types the database does not bring together";
    LockSyntax "RC340" "lock-syntax" "a line of revchain.lock says nothing";
    ReleasedEdited "RC341" "released-edited" "a revision was edited after its release";
    ReleasedGone "RC342" "released-gone" "a revision that has been released is gone";
    ReleasedMoved "RC343" "released-moved" "a revision that has been released follows another one";
    LockBehind "RC344" "lock-behind" "revchain.lock does not list the chain";
    ListedGone "RC345" "listed-gone" "revchain.lock lists a revision that has no file";
    IndexBlocksWrites "RC401" "index-blocks-writes" "an index is built while nobody can write to its table";
    DropIndexBlocks "RC402" "drop-index-blocks" "an index is dropped while nobody can use its table";
    ReindexBlocks "RC403" "reindex-blocks" "an index or a materialized view is built anew while it cannot be used";
    DetachBlocks "RC404" "detach-blocks" "a partition is detached while nobody can use the others";
    ForeignKeyScans "RC405" "foreign-key-scans" "all rows are checked against a new foreign key while nobody can write";
    CheckScans "RC406" "check-scans" "all rows are checked against a new check while nobody can write";
    ValidateUnderLock "RC407" "validate-under-lock" "a constraint is validated while its transaction keeps writers out";
    UniqueBuildsIndex "RC408" "unique-builds-index" "a unique constraint builds its index while nobody can use the table";
    PrimaryKeyBuildsIndex "RC409" "primary-key-builds-index" "a primary key builds its index while nobody can use the table";
    ExclusionScans "RC410" "exclusion-scans" "all rows are checked for an exclusion while nobody can use the table";
    UniqueOnExisting "RC411" "unique-on-existing" "rows that are there may not be as unique as they are to be";
    ConstraintDropped "RC412" "constraint-dropped" "a foreign key goes, and what it joined stays";
    VolatileDefault "RC420" "volatile-default" "a column comes with a default that has to be computed for each row";
    StoredGenerated "RC421" "stored-generated" "a column comes with values that have to be computed and stored for each row";
    AutoIncrementAdded "RC422" "auto-increment-added" "a column that counts the rows is added to a table in use";
    RequiredColumn "RC423" "required-column" "a column that needs a value is added to rows that have none for it";
    SetNotNull "RC424" "set-not-null" "a column takes no NULL from now on, and every row is looked at";
    SqliteNotNull "RC425" "sqlite-not-null" "a rebuild copies a column that may be NULL into one that may not";
    ImplicitZeroFill "RC426" "implicit-zero-fill" "MySQL makes up a value for the rows that are there";
    TypeRewrite "RC427" "type-rewrite" "a column's type changes in a way that writes the whole table anew";
    TypeWithCheck "RC428" "type-with-check" "a column's type changes, and its checks are gone through again";
    ExpressionDefault "RC429" "expression-default" "a column comes with a default for which MySQL copies the table";
    InlineReferencesIgnored "RC431" "inline-references-ignored" "a foreign key is written where MySQL before 9 does not read it";
    CopiesTable "RC432" "copies-table" "MySQL can do it only by copying the table";
    LockOption "RC433" "lock-option" "LOCK asks for more than the server would take";
    ColumnRenamed "RC450" "column-renamed" "a column in use gets another name";
    TableRenamed "RC451" "table-renamed" "a table in use gets another name";
    EnumValueRenamed "RC452" "enum-value-renamed" "a value of an enumeration in use gets another name";
    SchemaRenamed "RC453" "schema-renamed" "a schema that holds tables in use gets another name";
    ColumnDropped "RC454" "column-dropped" "a column in use is dropped";
    TableDropped "RC455" "table-dropped" "a table in use is dropped";
    SchemaDropped "RC456" "schema-dropped" "a schema is dropped with all that is in it";
    TruncateCascade "RC457" "truncate-cascade" "TRUNCATE empties tables that it does not name";
    BackfillWithDdl "RC458" "backfill-with-ddl" "rows are changed while nobody can read their table";
    RewritesTable "RC459" "rewrites-table" "a table is written anew while nobody can read it";
    DomainConstraint "RC460" "domain-constraint" "a domain's new constraint checks tables while nobody can write to them";
    IntPrimaryKey "RC480" "int-primary-key" "a primary key's numbers may run out";
    Serial "RC481" "serial" "a column is serial, not an identity";
    VarcharLimit "RC482" "varchar-limit" "a type limits the length of a text";
    CharType "RC483" "char-type" "a type fills texts up with blanks";
    TimestampWithoutZone "RC484" "timestamp-without-zone" "a type holds a time of no place";
    JsonType "RC485" "json-type" "a type is json, not jsonb";
    EnumValueOrder "RC486" "enum-value-order" "a new value of an enumeration says nothing of its order";
    UnqualifiedTable "RC487" "unqualified-table" "a table is named without its schema";
    NullableAgain "RC488" "nullable-again" "a column that had no NULL may have them from now on";
    WideIndex "RC489" "wide-index" "an index has more columns than help to find rows";
}

impl Code {
    /// The code with this number or slug, in any case.
    ///
    /// ```
    /// use revchain_core::Code;
    /// assert_eq!(Code::find("rc103"), Some(Code::Fork));
    /// assert_eq!(Code::find("fork"), Some(Code::Fork));
    /// assert_eq!(Code::find("RC999"), None);
    /// ```
    pub fn find(name: &str) -> Option<Code> {
        Code::ALL
            .iter()
            .copied()
            .find(|code| code.number().eq_ignore_ascii_case(name) || code.slug().eq_ignore_ascii_case(name))
    }
}

impl Code {
    /// Whether it is said of a statement, so that an `@allow` line above one can be meant.
    pub fn is_about_statements(self) -> bool {
        self.number() >= "RC2" && !self.number().starts_with("RC34")
    }

    /// Whether it is a hazard: legal, and dangerous on a live database. A warning by itself.
    pub fn is_hazard(self) -> bool {
        self.number().starts_with("RC4")
    }

    /// Whether nothing is said unless `[check]` asks for it: hazards that are a matter of taste.
    pub fn is_off_by_itself(self) -> bool {
        self.number().starts_with("RC48")
    }

    /// Whether `[check]` may make less of it. Without what the others say there is no chain that could run, or none that
    /// was frozen.
    pub fn can_be_lowered(self) -> bool {
        self.number() >= "RC2" && self != Code::Unterminated && !("RC340".."RC344").contains(&self.number())
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_ascend_and_slugs_are_unique() {
        for pair in Code::ALL.windows(2) {
            assert!(pair[0].number() < pair[1].number(), "{} before {}", pair[0], pair[1]);
        }
        let mut slugs: Vec<_> = Code::ALL.iter().map(|code| code.slug()).collect();
        slugs.sort_unstable();
        slugs.dedup();
        assert_eq!(slugs.len(), Code::ALL.len());
    }

    #[test]
    fn every_page_has_its_headings() {
        for code in Code::ALL {
            let page = code.page();
            let heading = format!("# {} {}", code.number(), code.slug());
            assert!(page.starts_with(&heading), "{code}: the page starts with `{heading}`");
            let parts = match code.is_hazard() {
                false => ["## What it says", "## Why it is refused", "## How it happens", "## What to do"],
                true => ["## What it says", "## On a live database", "## When it is harmless", "## What to do"],
            };
            for part in parts {
                assert!(page.contains(part), "{code}: the page lacks `{part}`");
            }
        }
    }
}
