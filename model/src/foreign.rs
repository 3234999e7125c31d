//! Types of other crates: those that sqlx reads and writes, behind features of the names that it gives them.

#[allow(unused_imports, reason = "a build may have none of the features")]
use crate::types::types;

#[cfg(feature = "chrono")]
mod chrono {
    use sqlx::types::chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};

    use crate::{ArrayElement, Kind, SqlType, TypeModel};

    super::types! {
        NaiveDate, Date, Some("DATE"), Some("DATE"), Some("DATE"), Some("DATE[]");
        NaiveTime, Time, Some("TIME"), Some("TIME"), Some("TIME"), Some("TIME[]");
        NaiveDateTime, Timestamp, Some("TIMESTAMP"), Some("DATETIME"), Some("DATETIME"), Some("TIMESTAMP[]");
    }

    impl<Tz: TimeZone> SqlType for DateTime<Tz> {
        const SQL_TYPE: TypeModel =
            TypeModel::on_each(Kind::TimestampTz, Some("TIMESTAMPTZ"), Some("TIMESTAMP"), Some("DATETIME"));
    }

    impl<Tz: TimeZone> ArrayElement for DateTime<Tz> {
        const LIST_TYPE: TypeModel = TypeModel::on_each(Kind::Exact, Some("TIMESTAMPTZ[]"), None, None);
    }
}

#[cfg(feature = "time")]
mod time {
    use sqlx::types::time::{Date, OffsetDateTime, PrimitiveDateTime, Time};

    super::types! {
        Date, Date, Some("DATE"), Some("DATE"), Some("DATE"), Some("DATE[]");
        Time, Time, Some("TIME"), Some("TIME"), Some("TIME"), Some("TIME[]");
        PrimitiveDateTime, Timestamp, Some("TIMESTAMP"), Some("DATETIME"), Some("DATETIME"), Some("TIMESTAMP[]");
        OffsetDateTime, TimestampTz, Some("TIMESTAMPTZ"), Some("TIMESTAMP"), Some("DATETIME"), Some("TIMESTAMPTZ[]");
    }
}

#[cfg(feature = "uuid")]
mod uuid {
    use sqlx::types::Uuid;
    use sqlx::types::uuid::fmt::{Hyphenated, Simple};

    super::types! {
        Uuid, Uuid, Some("UUID"), Some("BINARY(16)"), Some("BLOB"), Some("UUID[]");
        Hyphenated, Uuid, None, Some("CHAR(36)"), Some("TEXT"), None;
        Simple, Uuid, None, Some("CHAR(32)"), Some("TEXT"), None;
    }
}

#[cfg(feature = "json")]
mod json {
    use sqlx::types::{Json, JsonValue};

    use crate::{ArrayElement, Kind, SqlType, TypeModel};

    impl SqlType for JsonValue {
        const SQL_TYPE: TypeModel = TypeModel::JSON;
    }

    impl<T: ?Sized> SqlType for Json<T> {
        const SQL_TYPE: TypeModel = TypeModel::JSON;
    }

    const LIST: TypeModel = TypeModel::on_each(Kind::Exact, Some("JSONB[]"), None, None);

    impl ArrayElement for JsonValue {
        const LIST_TYPE: TypeModel = LIST;
    }

    impl<T> ArrayElement for Json<T> {
        const LIST_TYPE: TypeModel = LIST;
    }
}

// MySQL's DECIMAL has no digits behind the point unless somebody says how many; sqlx has none of these types on SQLite.
#[cfg(feature = "rust_decimal")]
types! { sqlx::types::Decimal, Decimal, Some("NUMERIC"), None, None, Some("NUMERIC[]"); }

#[cfg(feature = "bigdecimal")]
types! { sqlx::types::BigDecimal, Decimal, Some("NUMERIC"), None, None, Some("NUMERIC[]"); }

#[cfg(feature = "ipnetwork")]
types! { sqlx::types::ipnetwork::IpNetwork, Exact, Some("INET"), None, None, Some("INET[]"); }

#[cfg(feature = "mac_address")]
types! { sqlx::types::mac_address::MacAddress, Exact, Some("MACADDR"), None, None, Some("MACADDR[]"); }

#[cfg(feature = "bit-vec")]
types! { sqlx::types::BitVec, Exact, Some("VARBIT"), None, None, Some("VARBIT[]"); }
