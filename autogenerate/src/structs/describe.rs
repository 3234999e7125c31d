//! Tables as models: what each says is what every dialect has, or for some of them something else.

use std::collections::{BTreeMap, BTreeSet};

use revchain_core::Dialect;
use revchain_model::{
    CheckModel, ColumnModel, Declared, ForeignKeyModel, GeneratedModel, IdentityModel, IndexModel, KeyModel,
    PerDialect, TableModel, TypeModel,
};
use revchain_schema::model::{
    Column, DataType, ForeignKey, Identity, Name, ObjectName, ReferentialAction, Storage, UserType,
};
use revchain_schema::write::Writer;
use revchain_schema::{Key, Schema, Table, holds};

use super::rust_type::{self, RustType};
use super::words::{self, Types};
use super::{Known, indexes, kept};
use crate::adopt::same_check;
use crate::declared::{kind_of, of, of_type};

/// All tables, and what their fields are of.
pub(super) struct Described {
    pub(super) tables: Vec<DescribedTable>,
    pub(super) enums: Vec<DescribedEnum>,
    pub(super) features: BTreeSet<&'static str>,
    pub(super) gaps: Vec<String>,
}

/// A table, and the words that stand for it.
pub(super) struct DescribedTable {
    pub(super) name: ObjectName,
    /// The struct.
    pub(super) declared: String,
    pub(super) fields: Vec<Field>,
    pub(super) primary_key: Option<KeyModel>,
    pub(super) uniques: Vec<KeyModel>,
    pub(super) foreign_keys: Vec<ForeignKeyModel>,
    pub(super) checks: Vec<CheckModel>,
    pub(super) indexes: Vec<IndexModel>,
    pub(super) comment: Option<&'static str>,
    /// Whether it only joins others, and no struct is read from it.
    pub(super) is_link: bool,
    /// What only the chain has words for.
    pub(super) remarks: Vec<String>,
}

/// A field.
pub(super) struct Field {
    pub(super) ident: String,
    pub(super) rust: RustType,
    pub(super) column: ColumnModel,
    /// The type that is said for some dialects.
    pub(super) said: PerDialect<Option<&'static str>>,
}

/// An enum, which is a type of PostgreSQL's.
pub(super) struct DescribedEnum {
    pub(super) declared: String,
    pub(super) sql: String,
    pub(super) values: Vec<String>,
}

impl DescribedTable {
    /// What the derive makes of it.
    pub(super) fn model(&self) -> &'static TableModel {
        let columns: Vec<ColumnModel> = self.fields.iter().map(|field| field.column).collect();
        let model = TableModel {
            declared: Declared { name: kept(self.declared.as_str()), ..Declared::NOWHERE },
            schema: self.name.schema.as_ref().map(|schema| kept(schema.as_str())),
            columns: columns.leak(),
            primary_key: self.primary_key,
            uniques: self.uniques.clone().leak(),
            foreign_keys: self.foreign_keys.clone().leak(),
            checks: self.checks.clone().leak(),
            indexes: self.indexes.clone().leak(),
            comment: self.comment,
            ..TableModel::new(kept(self.name.name.as_str()))
        };
        Box::leak(Box::new(model))
    }
}

/// Describes every table that lasts.
pub(super) fn describe(known: &Known<'_>) -> Described {
    let own = known.own;
    let mut types = Types::new();
    let lasting: Vec<(&ObjectName, &Table)> =
        own.tables.iter().filter(|(_, table)| !table.temporary).map(|(name, table)| (name, &**table)).collect();
    let names: Vec<String> = lasting.iter().map(|(name, _)| types.table(name.name.as_str())).collect();
    let mut describing =
        Describing { known, types, enums: BTreeMap::new(), features: BTreeSet::new(), gaps: Vec::new() };
    let tables: Vec<DescribedTable> = lasting
        .iter()
        .zip(names)
        .filter(|((_, table), _)| !table.options.contains_key("partition of"))
        .map(|((name, table), declared)| describing.table(name, table, declared))
        .collect();
    let Describing { enums, features, gaps, .. } = describing;
    Described { tables, enums: enums.into_values().collect(), features, gaps }
}

struct Describing<'a> {
    known: &'a Known<'a>,
    types: Types,
    /// By the type's name.
    enums: BTreeMap<String, DescribedEnum>,
    features: BTreeSet<&'static str>,
    gaps: Vec<String>,
}

impl Describing<'_> {
    fn table(&mut self, name: &ObjectName, table: &Table, declared: String) -> DescribedTable {
        let mut idents: Vec<String> = Vec::new();
        let mut fields = Vec::with_capacity(table.columns.len());
        for column in &table.columns {
            let ident = words::field(column.name.as_str(), &idents);
            idents.push(ident.clone());
            fields.push(self.field(name, table, column, ident));
        }
        let key = |key: &Key| KeyModel { name: None, columns: columns(&key.columns) };
        let foreign_keys: Vec<ForeignKeyModel> = table.foreign_keys.iter().map(foreign_key).collect();
        let remarks = table.exclusions.iter().map(|exclusion| {
            let name = exclusion.name.as_ref().map_or_else(String::new, |name| format!(" `{name}`"));
            format!("The exclusion constraint{name} is the chain's alone.")
        });
        let on = |column: &Name| table.foreign_keys.iter().any(|key| key.columns.contains(column));
        let is_referred =
            || self.known.own.tables.values().any(|other| other.foreign_keys.iter().any(|key| key.table == *name));
        let is_link =
            table.foreign_keys.len() > 1 && table.columns.iter().all(|column| on(&column.name)) && !is_referred();
        DescribedTable {
            name: name.clone(),
            declared,
            primary_key: table.primary_key.as_ref().map(key),
            uniques: table.uniques.iter().map(key).collect(),
            foreign_keys,
            checks: self.checks(name, table),
            indexes: indexes::describe(self.known, name),
            comment: table.comment.as_deref().map(kept),
            is_link,
            remarks: remarks.collect(),
            fields,
        }
    }

    fn field(&mut self, name: &ObjectName, table: &Table, column: &Column, ident: String) -> Field {
        let known = self.known;
        let there = |dialect: Dialect| {
            let column = Name::new(column.name.as_str(), dialect);
            known.table(name, dialect)?.column(&column)
        };
        let is_key = table.primary_key.as_ref().is_some_and(|key| key.columns.contains(&column.name));
        let rust = self.rust_type(name, column);
        let mut model = ColumnModel {
            declared: Declared { name: kept(ident.trim_start_matches("r#")), ..Declared::NOWHERE },
            nullable: column.nullable && !is_key,
            comment: column.comment.as_deref().map(kept),
            on_update: None,
            ..ColumnModel::new(kept(column.name.as_str()), rust.model)
        };
        let said = self.said(&model, &rust, &there);
        model.sql_type = model.sql_type.or_exact(said);
        let text = |of: &dyn Fn(&Writer<'_>, &Column) -> Option<String>| {
            known.each(|dialect| Some(kept(of(&Writer::of(known.of(dialect)?), there(dialect)?)?)))
        };
        let counts = Dialect::ALL.into_iter().filter_map(|dialect| there(dialect)?.identity).next();
        match counts {
            Some(Identity::Always) => model.identity = Some(IdentityModel::Always),
            Some(_) => model.identity = Some(IdentityModel::Any),
            None => {
                model.default = text(&|writer, column| Some(writer.default(&column.default.as_ref()?.0)));
            }
        }
        let generated = text(&|writer, column| Some(writer.expression(&column.generated.as_ref()?.expression)));
        if let Some(of) = &column.generated {
            let is_stored = of.storage == Storage::Stored;
            model.generated = Some(GeneratedModel { expression: generated, is_stored });
            model.default = PerDialect::all(None);
        }
        model.collation = known.each(|dialect| Some(kept(there(dialect)?.collation.as_ref()?.as_str())));
        if known.has(Dialect::Mysql) {
            model.on_update = there(Dialect::Mysql).and_then(|column| {
                Some(kept(Writer::of(known.of(Dialect::Mysql)?).expression(column.on_update.as_ref()?)))
            });
        }
        self.features.extend(rust.feature);
        Field { ident, rust, column: model, said }
    }

    /// The Rust type of a column; an enum's where it is of one.
    fn rust_type(&mut self, table: &ObjectName, column: &Column) -> RustType {
        let own = self.known.own;
        let Some(data_type) = &column.data_type else {
            self.gaps.push(format!("column `{table}.{}` has no type: its field is a `String`", column.name));
            return rust_type::of(&DataType::named("text"), own.dialect);
        };
        let named = ObjectName { schema: data_type.schema.clone(), name: Name::new(&data_type.name, own.dialect) };
        match own.types.get(&named).map(|of| &**of) {
            Some(UserType::Enum(values)) if !data_type.array && data_type.schema.is_none() => {
                return self.enumeration(&data_type.name, &values.values);
            }
            Some(UserType::Domain(domain)) => return rust_type::of(&domain.data_type, own.dialect),
            _ => {}
        }
        let rust = rust_type::of(data_type, own.dialect);
        if rust.is_guess {
            let what = format!("`{data_type}` has no Rust type here: the field is a `String`");
            self.gaps.push(format!("column `{table}.{}`: {what}", column.name));
        }
        rust
    }

    fn enumeration(&mut self, name: &str, values: &[String]) -> RustType {
        let writer = Writer::of(self.known.own);
        let sql = writer.data_type(&DataType::named(name));
        if !self.enums.contains_key(name) {
            let declared = self.types.enumeration(name);
            let described = DescribedEnum { declared, sql: sql.clone(), values: values.to_vec() };
            self.enums.insert(name.to_owned(), described);
        }
        let declared = self.enums.get(name).map_or_else(String::new, |known| known.declared.clone());
        let quoted: Vec<String> = values.iter().map(|value| format!("'{}'", value.replace('\'', "''"))).collect();
        let all: Vec<&'static str> = values.iter().map(|value| kept(value.as_str())).collect();
        let mysql = kept(format!("ENUM({})", quoted.join(", ")));
        RustType {
            model: TypeModel::enumeration(kept(sql), mysql, all.leak()),
            text: declared,
            ..rust_type::of(&DataType::named("text"), self.known.own.dialect)
        }
    }

    /// What has to be said of a column's type, because its Rust type stands for another.
    fn said<'c>(
        &self,
        model: &ColumnModel,
        rust: &RustType,
        there: &dyn Fn(Dialect) -> Option<&'c Column>,
    ) -> PerDialect<Option<&'static str>> {
        let known = self.known;
        let mut said = known.each(|dialect| {
            let (schema, data_type) = (known.of(dialect)?, there(dialect)?.data_type.as_ref()?);
            let is_it = rust.is_sql_type && !rust.is_guess && is_held(model, data_type, schema);
            let text = Writer::of(schema).data_type(data_type);
            // As its default says: what a serial column is, is an integer.
            (!is_it).then(|| kept(text))
        });
        if !rust.is_sql_type {
            let any = said.postgres.or(said.mysql).or(said.sqlite);
            said = PerDialect::each(said.postgres.or(any), said.mysql.or(any), said.sqlite.or(any));
        }
        said
    }

    /// Checks, by their names, or else by what they say.
    fn checks(&self, name: &ObjectName, table: &Table) -> Vec<CheckModel> {
        let known = self.known;
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        table
            .checks
            .iter()
            .map(|check| {
                // Of several that say the same, each is one.
                let nth = seen.entry(check.expression.to_string()).or_default();
                let at = *nth;
                *nth += 1;
                let expression = known.each(|dialect| {
                    let (schema, there) = (known.of(dialect)?, known.table(name, dialect)?);
                    let is_own = dialect == known.own.dialect;
                    let found = match &check.name {
                        _ if is_own => Some(check),
                        Some(name) => {
                            let name = Name::new(name.as_str(), dialect);
                            there.checks.iter().find(|other| other.name.as_ref() == Some(&name))
                        }
                        None => {
                            let same = |other: &&revchain_schema::model::Check| {
                                same_check(&other.expression, &check.expression, dialect)
                            };
                            there.checks.iter().filter(same).nth(at)
                        }
                    };
                    Some(kept(Writer::of(schema).expression(&found?.expression)))
                });
                CheckModel { name: None, expression }
            })
            .collect()
    }
}

/// Whether a field's type stands for a column's.
fn is_held(model: &ColumnModel, there: &DataType, schema: &Schema) -> bool {
    let dialect = schema.dialect;
    let Some(sql) = of(model.sql_type.sql, dialect) else { return false };
    let declared = of_type(sql, dialect).ok().and_then(|column| column.data_type);
    declared.is_some_and(|declared| holds(kind_of(model, dialect), there, &declared, schema))
}

/// Columns by their names.
pub(super) fn columns(names: &[Name]) -> &'static [&'static str] {
    names.iter().map(|name| kept(name.as_str())).collect::<Vec<&'static str>>().leak()
}

fn foreign_key(key: &ForeignKey) -> ForeignKeyModel {
    let action = |action: ReferentialAction| (action != ReferentialAction::NoAction).then(|| action.sql());
    ForeignKeyModel {
        name: None,
        columns: columns(&key.columns),
        schema: key.table.schema.as_ref().map(|schema| kept(schema.as_str())),
        table: kept(key.table.name.as_str()),
        references: columns(&key.references),
        on_delete: action(key.on_delete),
        on_update: action(key.on_update),
        deferrable: key.deferrable,
    }
}
