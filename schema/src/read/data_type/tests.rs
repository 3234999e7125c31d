use revchain_core::Dialect;

use super::super::Cursor;
use super::read;

/// Every type, and what is left behind it.
fn all(dialect: Dialect, table: &[(&str, &str)]) {
    for (sql, expected) in table {
        let mut cursor = Cursor::new(sql, dialect);
        let data_type = read(&mut cursor).map(|data_type| data_type.to_string());
        let mut shown = data_type.unwrap_or_else(|| "-".to_owned());
        if !cursor.is_at_end() {
            shown = format!("{shown} … {}", cursor.rest());
        }
        assert_eq!(shown, *expected, "{dialect:?}: {sql}");
    }
}

#[test]
fn postgres() {
    all(
        Dialect::Postgres,
        &[
            ("INT", "integer"),
            ("int4 NOT NULL", "integer … not null"),
            ("INT8", "bigint"),
            ("int2", "smallint"),
            ("bool", "boolean"),
            ("varchar(40)", "character varying(40)"),
            ("CHARACTER VARYING (40)", "character varying(40)"),
            ("char varying", "character varying"),
            ("char", "character(1)"),
            ("char(3)", "character(3)"),
            ("national character varying(3)", "character varying(3)"),
            ("bpchar", "bpchar"),
            ("\"char\"", "\"char\""),
            ("pg_catalog.\"char\"", "\"char\""),
            ("pg_catalog.int4", "integer"),
            ("pg_catalog.varchar(4)", "character varying(4)"),
            ("numeric", "numeric"),
            ("decimal(10)", "numeric(10,0)"),
            ("NUMERIC(10, 2)", "numeric(10,2)"),
            ("numeric(5,-2)", "numeric(5,-2)"),
            ("float", "double precision"),
            ("float(24)", "real"),
            ("float(25)", "double precision"),
            ("double precision default 0", "double precision … default 0"),
            ("float4", "real"),
            ("timestamp", "timestamp without time zone"),
            ("timestamp(3)", "timestamp(3) without time zone"),
            ("TIMESTAMP WITH TIME ZONE DEFAULT now()", "timestamp with time zone … default now()"),
            ("timestamp (3) without time zone", "timestamp(3) without time zone"),
            ("timestamptz(9)", "timestamp(6) with time zone"),
            ("time with time zone", "time with time zone"),
            ("timetz", "time with time zone"),
            ("interval", "interval"),
            ("interval(3)", "interval(3)"),
            ("interval day to second(3)", "interval day to second(3)"),
            ("interval year to month not null", "interval year to month … not null"),
            ("bit", "bit(1)"),
            ("bit varying(5)", "bit varying(5)"),
            ("varbit", "bit varying"),
            ("text[]", "text[]"),
            ("varchar(3)[]", "character varying(3)[]"),
            ("int[3][4] null", "integer[] … null"),
            ("int ARRAY", "integer[]"),
            ("int array[3] unique", "integer[] … unique"),
            ("_text", "text[]"),
            ("public.citext", "citext"),
            ("\"Status\"[]", "Status[]"),
            ("app.\"Status\"", "app.Status"),
            ("geometry(Point, 4326)", "geometry(point,4326)"),
            ("users.email%TYPE", "users.email%type"),
            ("", "-"),
        ],
    );
}

#[test]
fn mysql() {
    all(
        Dialect::Mysql,
        &[
            ("INT(11)", "int"),
            ("integer unsigned NOT NULL", "int unsigned … not null"),
            ("TINYINT(1)", "tinyint(1)"),
            ("tinyint(4)", "tinyint"),
            ("bool", "tinyint(1)"),
            ("bigint(20) UNSIGNED zerofill", "bigint unsigned zerofill"),
            ("int zerofill", "int unsigned zerofill"),
            ("int3", "mediumint"),
            ("numeric", "decimal(10,0)"),
            ("DEC(5)", "decimal(5,0)"),
            ("fixed(5,2)", "decimal(5,2)"),
            ("real", "double"),
            ("double precision(8,2)", "double(8,2)"),
            ("float(30)", "double"),
            ("float(7,4)", "float(7,4)"),
            ("bit", "bit(1)"),
            ("char", "char(1)"),
            (
                "varchar(255) CHARACTER SET utf8 COLLATE utf8_bin",
                "varchar(255) character set utf8mb3 … collate utf8_bin",
            ),
            ("character varying(10)", "varchar(10)"),
            ("nvarchar(10)", "varchar(10) character set utf8mb3"),
            ("national varchar(10)", "varchar(10) character set utf8mb3"),
            ("national character varying(10)", "varchar(10) character set utf8mb3"),
            ("varchar(10) binary", "varchar(10)"),
            ("char(3) charset latin1 not null", "char(3) character set latin1 … not null"),
            ("char(3) character set = 'ascii'", "char(3) character set ascii"),
            ("long varchar", "mediumtext"),
            ("long varbinary", "mediumblob"),
            ("text(20)", "tinytext"),
            ("blob(70000)", "mediumblob"),
            ("year(4)", "year"),
            ("datetime(6) default now()", "datetime(6) … default now()"),
            ("timestamp(0)", "timestamp"),
            ("enum('a','b') not null", "enum('a','b') … not null"),
            ("ENUM(\"it's\", 'b')", "enum('it''s','b')"),
            ("set('x')", "set('x')"),
            ("json", "json"),
            ("inet6", "inet6"),
            ("uuid primary key", "uuid … primary key"),
        ],
    );
}

#[test]
fn sqlite() {
    all(
        Dialect::Sqlite,
        &[
            ("INTEGER PRIMARY KEY", "integer … primary key"),
            ("VARCHAR(255) NOT NULL", "varchar(255) … not null"),
            ("UNSIGNED BIG INT", "unsigned big int"),
            ("DECIMAL(10, 5)", "decimal(10,5)"),
            ("\"DATETIME\" default 1", "datetime … default 1"),
            ("double precision generated always as (1)", "double precision … generated always as(1)"),
            ("PRIMARY KEY", "- … primary key"),
            ("", "-"),
        ],
    );
}
