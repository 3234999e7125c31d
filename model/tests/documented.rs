//! docs/models.md says what each type stands for, and that is so.

#![cfg(all(
    feature = "bigdecimal",
    feature = "bit-vec",
    feature = "chrono",
    feature = "ipnetwork",
    feature = "json",
    feature = "mac_address",
    feature = "rust_decimal",
    feature = "time",
    feature = "uuid"
))]

use std::borrow::Cow;

use revchain_model::{SqlType, TypeModel};
use sqlx::types::{self, chrono, time, uuid};

const MODELS: &str = include_str!("../../docs/models.md");

#[test]
fn the_table_is_true_and_whole() {
    fn of<T: SqlType + ?Sized>() -> TypeModel {
        T::SQL_TYPE
    }
    let types: [(&str, &[TypeModel]); 26] = [
        ("`bool`", &[of::<bool>()]),
        ("`i8`", &[of::<i8>()]),
        ("`i16`", &[of::<i16>()]),
        ("`i32`", &[of::<i32>()]),
        ("`i64`", &[of::<i64>()]),
        ("`u8`", &[of::<u8>()]),
        ("`u16`", &[of::<u16>()]),
        ("`u32`", &[of::<u32>()]),
        ("`u64`", &[of::<u64>()]),
        ("`f32`", &[of::<f32>()]),
        ("`f64`", &[of::<f64>()]),
        ("`String`, `&str`, `Cow<str>`", &[of::<String>(), of::<&str>(), of::<Cow<'_, str>>(), of::<Box<str>>()]),
        ("`Vec<u8>`, `&[u8]`, `[u8; N]`", &[of::<Vec<u8>>(), of::<&[u8]>(), of::<[u8; 4]>(), of::<Cow<'_, [u8]>>()]),
        ("`Vec<i32>`, likewise of others", &[of::<Vec<i32>>(), of::<Vec<Option<i32>>>()]),
        ("`chrono::NaiveDate`, `time::Date`", &[of::<chrono::NaiveDate>(), of::<time::Date>()]),
        ("`chrono::NaiveTime`, `time::Time`", &[of::<chrono::NaiveTime>(), of::<time::Time>()]),
        (
            "`chrono::NaiveDateTime`, `time::PrimitiveDateTime`",
            &[of::<chrono::NaiveDateTime>(), of::<time::PrimitiveDateTime>()],
        ),
        (
            "`chrono::DateTime<Tz>`, `time::OffsetDateTime`",
            &[of::<chrono::DateTime<chrono::Utc>>(), of::<time::OffsetDateTime>()],
        ),
        ("`uuid::Uuid`", &[of::<types::Uuid>()]),
        ("`uuid::fmt::Hyphenated`", &[of::<uuid::fmt::Hyphenated>()]),
        ("`uuid::fmt::Simple`", &[of::<uuid::fmt::Simple>()]),
        ("`serde_json::Value`, `sqlx::types::Json<T>`", &[of::<types::JsonValue>(), of::<types::Json<Vec<u8>>>()]),
        ("`rust_decimal::Decimal`, `bigdecimal::BigDecimal`", &[of::<types::Decimal>(), of::<types::BigDecimal>()]),
        ("`ipnetwork::IpNetwork`", &[of::<types::ipnetwork::IpNetwork>()]),
        ("`mac_address::MacAddress`", &[of::<types::mac_address::MacAddress>()]),
        ("`bit_vec::BitVec`", &[of::<types::BitVec>()]),
    ];
    let table = MODELS.split("| Rust | kind |").nth(1).and_then(|rest| rest.split("\n\n").next()).unwrap();
    let rows: Vec<&str> = table.lines().skip(2).collect();
    assert_eq!(rows.len(), types.len());
    for ((names, models), row) in types.into_iter().zip(rows) {
        for model in models {
            let shown = |sql: Option<&str>| sql.map_or_else(|| "–".to_owned(), |sql| format!("`{sql}`"));
            let (postgres, mysql, sqlite) = (model.sql.postgres, model.sql.mysql, model.sql.sqlite);
            let cells = [postgres, mysql, sqlite].map(shown).join(" | ");
            assert_eq!(row, format!("| {names} | {:?} | {cells} |", model.kind));
        }
    }
}

/// A list is of what its elements are.
#[test]
fn lists_are_of_their_elements() {
    fn check<T: SqlType>() -> TypeModel
    where
        Vec<T>: SqlType,
    {
        let (one, many) = (T::SQL_TYPE.sql.postgres, <Vec<T> as SqlType>::SQL_TYPE);
        assert_eq!(many.sql.postgres, one.map(|one| format!("{one}[]")).as_deref());
        assert_eq!((many.sql.mysql, many.sql.sqlite), (None, None));
        many
    }
    check::<bool>();
    check::<i8>();
    check::<i16>();
    check::<i64>();
    check::<f32>();
    check::<f64>();
    check::<String>();
    check::<Vec<u8>>();
    check::<Option<String>>();
    check::<chrono::NaiveDate>();
    check::<chrono::NaiveTime>();
    check::<chrono::NaiveDateTime>();
    check::<chrono::DateTime<chrono::Utc>>();
    check::<time::Date>();
    check::<time::OffsetDateTime>();
    check::<types::Uuid>();
    check::<types::JsonValue>();
    check::<types::Json<i32>>();
    check::<types::Decimal>();
    check::<types::BigDecimal>();
    check::<types::ipnetwork::IpNetwork>();
    check::<types::mac_address::MacAddress>();
    check::<types::BitVec>();
}
