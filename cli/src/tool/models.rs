//! Reads what an application says of its models (`crate::models` has the shape), and gives them the lifetime that they have
//! there: that of the program. They are read once, and what they take is never given back.
//!
//! Judges nothing: what stands in a model is the application's word.

use revchain::model::{
    CheckModel, ColumnModel, Declared, ForeignKeyModel, GeneratedModel, IndexModel, IndexPartModel, KeyModel,
    PerDialect, TableModel, TypeModel,
};
use serde_json::Value;

use crate::models::{IDENTITIES, KINDS};

/// The version of the shape that is read.
const VERSION: u64 = 1;

/// What is not as it should be, for people: the application was built with another revchain than the tool.
pub(super) type Malformed = String;

/// Reads what `models` printed.
pub(super) fn read(printed: &str) -> Result<&'static [&'static TableModel], Malformed> {
    let whole: Value = serde_json::from_str(printed).map_err(|error| format!("the models are no JSON: {error}"))?;
    let whole = Member { value: &whole, path: String::new() };
    let version = whole.get("version").value.as_u64();
    if version != Some(VERSION) {
        let shown = version.map_or_else(|| "no version".to_owned(), |version| format!("version {version}"));
        return Err(format!(
            "the application prints its models in a shape of {shown}, and this is a tool for version {VERSION}\n  help: \
             use the same version of revchain for both"
        ));
    }
    whole.get("models").list(|model| Ok(leaked(table(model)?)))
}

fn leaked<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

fn table(of: &Member<'_>) -> Result<TableModel, Malformed> {
    Ok(TableModel {
        declared: declared(&of.get("declared"))?,
        schema: of.get("schema").optional(Member::text)?,
        name: of.get("name").text()?,
        dialects: of.get("dialects").per_dialect(Member::flag)?,
        columns: of.get("columns").list(column)?,
        primary_key: of.get("primary_key").optional(key)?,
        uniques: of.get("uniques").list(key)?,
        foreign_keys: of.get("foreign_keys").list(foreign_key)?,
        checks: of.get("checks").list(check)?,
        indexes: of.get("indexes").list(index)?,
        comment: of.get("comment").optional(Member::text)?,
        renamed_from: of.get("renamed_from").optional(Member::text)?,
    })
}

fn declared(of: &Member<'_>) -> Result<Declared, Malformed> {
    Ok(Declared { name: of.get("name").text()?, file: of.get("file").text()?, line: of.get("line").number()? })
}

fn column(of: &Member<'_>) -> Result<ColumnModel, Malformed> {
    Ok(ColumnModel {
        declared: declared(&of.get("declared"))?,
        name: of.get("name").text()?,
        sql_type: sql_type(&of.get("sql_type"))?,
        nullable: of.get("nullable").flag()?,
        default: of.get("default").texts()?,
        identity: of.get("identity").optional(|member| member.one_of(&IDENTITIES))?,
        generated: of.get("generated").optional(generated)?,
        collation: of.get("collation").texts()?,
        comment: of.get("comment").optional(Member::text)?,
        on_update: of.get("on_update").optional(Member::text)?,
        renamed_from: of.get("renamed_from").optional(Member::text)?,
    })
}

fn sql_type(of: &Member<'_>) -> Result<TypeModel, Malformed> {
    Ok(TypeModel {
        kind: of.get("kind").one_of(&KINDS)?,
        sql: of.get("sql").texts()?,
        is_exact: of.get("is_exact").per_dialect(Member::flag)?,
        values: of.get("values").list(Member::text)?,
    })
}

fn generated(of: &Member<'_>) -> Result<GeneratedModel, Malformed> {
    Ok(GeneratedModel { expression: of.get("expression").texts()?, is_stored: of.get("is_stored").flag()? })
}

fn key(of: &Member<'_>) -> Result<KeyModel, Malformed> {
    Ok(KeyModel { name: of.get("name").optional(Member::text)?, columns: of.get("columns").list(Member::text)? })
}

fn foreign_key(of: &Member<'_>) -> Result<ForeignKeyModel, Malformed> {
    Ok(ForeignKeyModel {
        name: of.get("name").optional(Member::text)?,
        columns: of.get("columns").list(Member::text)?,
        schema: of.get("schema").optional(Member::text)?,
        table: of.get("table").text()?,
        references: of.get("references").list(Member::text)?,
        on_delete: of.get("on_delete").optional(Member::text)?,
        on_update: of.get("on_update").optional(Member::text)?,
        deferrable: of.get("deferrable").optional(Member::flag)?,
    })
}

fn check(of: &Member<'_>) -> Result<CheckModel, Malformed> {
    Ok(CheckModel { name: of.get("name").optional(Member::text)?, expression: of.get("expression").texts()? })
}

fn index(of: &Member<'_>) -> Result<IndexModel, Malformed> {
    Ok(IndexModel {
        name: of.get("name").optional(Member::text)?,
        parts: of.get("parts").list(part)?,
        is_unique: of.get("is_unique").flag()?,
        method: of.get("method").texts()?,
        predicate: of.get("predicate").optional(Member::text)?,
        include: of.get("include").list(Member::text)?,
        dialects: of.get("dialects").per_dialect(Member::flag)?,
    })
}

fn part(of: &Member<'_>) -> Result<IndexPartModel, Malformed> {
    Ok(IndexPartModel {
        text: of.get("text").text()?,
        is_expression: of.get("is_expression").flag()?,
        is_descending: of.get("is_descending").flag()?,
        nulls_first: of.get("nulls_first").optional(Member::flag)?,
        operator_class: of.get("operator_class").optional(Member::text)?,
        length: of.get("length").optional(Member::number)?,
    })
}

/// A value, and the way to it.
struct Member<'a> {
    value: &'a Value,
    path: String,
}

impl<'a> Member<'a> {
    /// A member of an object. One that is not there is as `null`.
    fn get(&self, key: &str) -> Member<'a> {
        let value = self.value.get(key).unwrap_or(&Value::Null);
        let path = if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
        Member { value, path }
    }

    fn text(&self) -> Result<&'static str, Malformed> {
        let text = self.value.as_str().ok_or_else(|| self.is_not("a text"))?;
        Ok(text.to_owned().leak())
    }

    fn flag(&self) -> Result<bool, Malformed> {
        self.value.as_bool().ok_or_else(|| self.is_not("true or false"))
    }

    fn number(&self) -> Result<u32, Malformed> {
        self.value.as_u64().and_then(|number| number.try_into().ok()).ok_or_else(|| self.is_not("a number"))
    }

    fn one_of<T: Copy>(&self, names: &[(T, &str)]) -> Result<T, Malformed> {
        let said = self.value.as_str();
        let found = names.iter().find(|(_, name)| Some(*name) == said).map(|(value, _)| *value);
        found.ok_or_else(|| self.is_not("a word that is known here"))
    }

    fn optional<T>(&self, read: impl Fn(&Member<'a>) -> Result<T, Malformed>) -> Result<Option<T>, Malformed> {
        if self.value.is_null() { Ok(None) } else { read(self).map(Some) }
    }

    fn list<T>(&self, read: impl Fn(&Member<'a>) -> Result<T, Malformed>) -> Result<&'static [T], Malformed> {
        let values = self.value.as_array().ok_or_else(|| self.is_not("a list"))?;
        let member = |(at, value)| Member { value, path: format!("{}[{at}]", self.path) };
        let items: Result<Vec<T>, Malformed> = values.iter().enumerate().map(|item| read(&member(item))).collect();
        Ok(items?.leak())
    }

    fn texts(&self) -> Result<PerDialect<Option<&'static str>>, Malformed> {
        self.per_dialect(|text| text.optional(Member::text))
    }

    fn per_dialect<T>(&self, read: impl Fn(&Member<'a>) -> Result<T, Malformed>) -> Result<PerDialect<T>, Malformed> {
        Ok(PerDialect {
            postgres: read(&self.get("postgres"))?,
            mysql: read(&self.get("mysql"))?,
            sqlite: read(&self.get("sqlite"))?,
        })
    }

    fn is_not(&self, expected: &str) -> Malformed {
        format!(
            "the application's models can't be read: `{}` is not {expected}\n  help: use the same version of revchain for \
             the application and the tool",
            self.path
        )
    }
}

#[cfg(test)]
mod tests {
    use revchain::model::{IdentityModel, SqlType};

    use super::*;
    use crate::models::models;

    const COLUMNS: [ColumnModel; 2] = [
        ColumnModel {
            declared: Declared { name: "id", file: "src/models.rs", line: 7 },
            identity: Some(IdentityModel::Serial),
            default: PerDialect::each(Some("1"), None, Some("'\"ü\n'")),
            comment: Some("counted"),
            on_update: Some("now()"),
            renamed_from: Some("key"),
            ..ColumnModel::new("id", i64::SQL_TYPE)
        },
        ColumnModel {
            nullable: true,
            generated: Some(GeneratedModel { expression: PerDialect::all(Some("1 + 1")), is_stored: true }),
            collation: PerDialect::each(Some("C"), None, None),
            ..ColumnModel::new("mood", TypeModel::enumeration("mood", "ENUM('a')", &["a", "b"]))
        },
    ];

    const WHOLE: TableModel = TableModel {
        declared: Declared { name: "User", file: "src/models.rs", line: 5 },
        schema: Some("app"),
        dialects: PerDialect::each(true, false, true),
        columns: &COLUMNS,
        primary_key: Some(KeyModel { name: Some("pk"), columns: &["id"] }),
        uniques: &[KeyModel { name: None, columns: &["id", "mood"] }],
        foreign_keys: &[ForeignKeyModel {
            name: Some("fk"),
            schema: Some("other"),
            on_delete: Some("CASCADE"),
            on_update: Some("RESTRICT"),
            deferrable: Some(true),
            ..ForeignKeyModel::new(&["id"], "users", &["id"])
        }],
        checks: &[CheckModel { name: Some("ck"), ..CheckModel::new("id > 0") }],
        indexes: &[IndexModel {
            name: Some("ix"),
            is_unique: true,
            method: PerDialect::each(Some("gin"), None, None),
            predicate: Some("id > 1"),
            include: &["mood"],
            dialects: PerDialect::each(true, false, false),
            ..IndexModel::new(&[IndexPartModel {
                is_descending: true,
                nulls_first: Some(false),
                operator_class: Some("ops"),
                length: Some(8),
                ..IndexPartModel::expression("lower(mood)")
            }])
        }],
        comment: Some("people"),
        renamed_from: Some("persons"),
        ..TableModel::new("users")
    };

    fn printed() -> String {
        crate::json::object("models", models(&[&WHOLE, &TableModel::new("empty")]))
    }

    #[test]
    fn what_is_printed_is_read_back() {
        assert_eq!(read(&printed()).unwrap(), [&WHOLE, &TableModel::new("empty")]);
    }

    #[test]
    fn every_kind_and_every_identity_has_a_name() {
        for (kind, name) in KINDS {
            let column = ColumnModel { ..ColumnModel::new("a", TypeModel::new(kind, "A")) };
            let table = TableModel { columns: vec![column].leak(), ..TableModel::new("a") };
            let printed = crate::json::object("models", models(&[&table]));
            assert!(printed.contains(&format!("\"kind\": \"{name}\"")), "{printed}");
            assert_eq!(read(&printed).unwrap()[0], &table);
        }
        for (identity, _) in IDENTITIES {
            let column = ColumnModel { identity: Some(identity), ..ColumnModel::new("a", i64::SQL_TYPE) };
            let table = TableModel { columns: vec![column].leak(), ..TableModel::new("a") };
            assert_eq!(read(&crate::json::object("models", models(&[&table]))).unwrap()[0], &table);
        }
    }

    #[test]
    fn another_shape_is_refused_with_the_way_to_it() {
        for (from, to, expected) in [
            ("\"version\": 1", "\"version\": 2", "a shape of version 2, and this is a tool for version 1"),
            ("\"version\": 1", "\"wersion\": 1", "a shape of no version"),
            ("\"kind\": \"text\"", "\"kind\": \"prose\"", "`models[0].columns[1].sql_type.kind` is not a word"),
            ("\"line\": 7", "\"line\": -7", "`models[0].columns[0].declared.line` is not a number"),
            ("\"is_unique\": true", "\"is_unique\": null", "`models[0].indexes[0].is_unique` is not true or false"),
            ("\"name\": \"empty\"", "\"name\": 1", "`models[1].declared.name` is not a text"),
            ("\"checks\": []", "\"checks\": {}", "`models[1].checks` is not a list"),
            ("}\n", "", "the models are no JSON"),
        ] {
            let text = printed();
            assert!(text.contains(from), "{from}: {text}");
            let error = read(&text.replace(from, to)).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
    }
}
