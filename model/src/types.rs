//! The types of the standard library. What each stands for is in `docs/models.md`, too: a test holds the two together.
//!
//! They are the types that sqlx reads and writes a value of that Rust type as: where it has none, there is none here.

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

use crate::{ArrayElement, Kind, SqlType, TypeModel};

/// A row for each type: its kind; its names on PostgreSQL, MySQL and SQLite; what a list of it is on PostgreSQL.
macro_rules! types {
    ($($type:ty, $kind:ident, $postgres:expr, $mysql:expr, $sqlite:expr, $list:expr;)*) => {$(
        impl $crate::SqlType for $type {
            const SQL_TYPE: $crate::TypeModel =
                $crate::TypeModel::on_each($crate::Kind::$kind, $postgres, $mysql, $sqlite);
        }

        impl $crate::ArrayElement for $type {
            const LIST_TYPE: $crate::TypeModel =
                $crate::TypeModel::on_each($crate::Kind::Exact, $list, None, None);
        }
    )*};
}

// Some of the features have no row.
#[allow(unused_imports, reason = "for `foreign`, where a feature asks for it")]
pub(crate) use types;

#[rustfmt::skip]
types! {
    bool, Boolean, Some("BOOLEAN"), Some("BOOLEAN"), Some("BOOLEAN"), Some("BOOLEAN[]");
    i8, Exact, Some("\"char\""), Some("TINYINT"), Some("INTEGER"), Some("\"char\"[]");
    i16, SmallInteger, Some("SMALLINT"), Some("SMALLINT"), Some("INTEGER"), Some("SMALLINT[]");
    i32, Integer, Some("INTEGER"), Some("INTEGER"), Some("INTEGER"), Some("INTEGER[]");
    i64, BigInteger, Some("BIGINT"), Some("BIGINT"), Some("INTEGER"), Some("BIGINT[]");
    u16, Exact, None, Some("SMALLINT UNSIGNED"), Some("INTEGER"), None;
    u32, Exact, None, Some("INTEGER UNSIGNED"), Some("INTEGER"), None;
    u64, Exact, None, Some("BIGINT UNSIGNED"), Some("INTEGER"), None;
    f32, Float, Some("REAL"), Some("FLOAT"), Some("REAL"), Some("REAL[]");
    f64, Double, Some("DOUBLE PRECISION"), Some("DOUBLE"), Some("REAL"), Some("DOUBLE PRECISION[]");
    String, Text, Some("TEXT"), Some("TEXT"), Some("TEXT"), Some("TEXT[]");
    str, Text, Some("TEXT"), Some("TEXT"), Some("TEXT"), None;
    [u8], Bytes, Some("BYTEA"), Some("BLOB"), Some("BLOB"), None;
}

const BYTES: TypeModel = <[u8] as SqlType>::SQL_TYPE;

impl SqlType for u8 {
    const SQL_TYPE: TypeModel = TypeModel::on_each(Kind::Exact, None, Some("TINYINT UNSIGNED"), Some("INTEGER"));
}

impl ArrayElement for u8 {
    const LIST_TYPE: TypeModel = BYTES;
}

impl ArrayElement for Vec<u8> {
    const LIST_TYPE: TypeModel = TypeModel::on_each(Kind::Exact, Some("BYTEA[]"), None, None);
}

impl<const LENGTH: usize> SqlType for [u8; LENGTH] {
    const SQL_TYPE: TypeModel = BYTES;
}

impl<T: ArrayElement> SqlType for Vec<T> {
    const SQL_TYPE: TypeModel = T::LIST_TYPE;
}

/// A list's elements may be NULL; PostgreSQL's types don't say so.
impl<T: ArrayElement> ArrayElement for Option<T> {
    const LIST_TYPE: TypeModel = T::LIST_TYPE;
}

impl<T: SqlType> SqlType for Option<T> {
    const SQL_TYPE: TypeModel = T::SQL_TYPE;
    const IS_NULLABLE: bool = true;
}

/// What is the same as what it holds.
macro_rules! transparent {
    ($($type:ty),*) => {$(
        impl<T: SqlType + ?Sized> SqlType for $type {
            const SQL_TYPE: TypeModel = T::SQL_TYPE;
            const IS_NULLABLE: bool = T::IS_NULLABLE;
        }
    )*};
}

transparent!(&T, Box<T>, Rc<T>, Arc<T>);

impl<T: SqlType + ToOwned + ?Sized> SqlType for Cow<'_, T> {
    const SQL_TYPE: TypeModel = T::SQL_TYPE;
    const IS_NULLABLE: bool = T::IS_NULLABLE;
}
