//! Everything that a schema of SQLite's can hold, made by statements and read back.

#![cfg(all(feature = "postgres", feature = "mysql", feature = "sqlite"))]
#![allow(clippy::unwrap_used, reason = "tests say so when they fail")]

mod common;

use common::dump::dump;
use common::{TestDatabase, assert_text};
use revchain_core::Dialect;
use revchain_reflect::Scope;
use revchain_schema::model::{Name, ObjectName};

const STATEMENTS: &str = r#"
CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY);
CREATE TABLE revchain_journal (id integer PRIMARY KEY);
CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, "Odd ""name" text, email VARCHAR (200) NOT NULL UNIQUE, plain);
CREATE TABLE everything (a int DEFAULT 5, b text DEFAULT 'it''s', c timestamp DEFAULT CURRENT_TIMESTAMP, d DECIMAL(10, 2) DEFAULT (1 + 2),
  e DOUBLE  PRECISION, f blob NOT NULL DEFAULT x'00', UNIQUE (b, a));
CREATE TABLE parents (x int, y int, PRIMARY KEY (y, x));
CREATE TABLE descending (id INTEGER PRIMARY KEY DESC);
CREATE TABLE short (id int PRIMARY KEY);
CREATE TABLE twice (id int PRIMARY KEY, UNIQUE (id));
CREATE TABLE keyed (k text, v, PRIMARY KEY (k)) WITHOUT ROWID;
CREATE TABLE exact (id INTEGER PRIMARY KEY, n ANY) STRICT;
CREATE TABLE children (x int REFERENCES users ON DELETE CASCADE, y int,
  FOREIGN KEY (y, x) REFERENCES parents (y, x) ON UPDATE SET NULL ON DELETE SET DEFAULT);
CREATE TABLE text (a int CHECK (a > 0), b text COLLATE NOCASE, c int AS (a + 1), d int GENERATED ALWAYS AS (a * 2) STORED,
  e int REFERENCES users DEFERRABLE INITIALLY DEFERRED);
CREATE INDEX plain ON everything (a DESC, b COLLATE NOCASE);
CREATE UNIQUE INDEX once ON everything (c);
CREATE TABLE counted (a int, b int);
CREATE INDEX some ON counted (a) WHERE b > 0;
CREATE INDEX lowered ON counted (lower(a), b);
CREATE VIRTUAL TABLE words USING fts5(body);
CREATE VIEW sums AS SELECT users.id, count(*) FROM users JOIN "Children" ON x = users.id GROUP BY 1;
CREATE TRIGGER touched AFTER UPDATE ON users BEGIN UPDATE users SET plain = 1 WHERE id = new.id; END;
CREATE TEMPORARY TABLE mine (id int);
"#;

const EXPECTED: &str = r#"
table children
  x int
  y int
  foreign key (x) → users() CASCADE NO ACTION
  foreign key (y, x) → parents(y, x) SET DEFAULT SET NULL
table counted
  a int
  b int
  index some (a) where b>0
  index lowered ({lower(a)}, b)
table descending
  id integer
  primary key (id)
  unknown: PRIMARY KEY DESC
table everything
  a int default 5
  b text default 'it''s'
  c timestamp default current_timestamp
  d decimal(10,2) default 1+2
  e double precision
  f blob not null default x'00'
  unique (b, a)
  index plain (a desc, b NOCASE)
  index once unique (c)
table exact
  id integer not null
  n any
  primary key (id)
  strict: yes
table keyed
  k text not null
  v
  primary key (k)
  without rowid: yes
table parents
  x int
  y int
  primary key (y, x)
table short
  id int
  primary key (id)
table text
  a int
  b text collate NOCASE
  c int as (a+1) Virtual
  d int as (a*2) Stored
  e int
  foreign key (e) → users() NO ACTION NO ACTION initially deferred
  check a>0
table twice
  id int
  primary key (id)
  unique (id)
table users
  id integer not null AutoIncrement
  Odd "name text
  email varchar(200) not null
  plain
  primary key (id)
  unique (email)
table words
  unknown: a virtual table's columns are its module's
view sums of users, Children: select users.id,count(*)from users join "Children" on x=users.id group by 1
trigger users.touched: after update begin update users set plain=1 where id=new.id ; end
"#;

#[tokio::test]
async fn everything_is_read() {
    let mut db = TestDatabase::make(Dialect::Sqlite).await.unwrap();
    db.run(STATEMENTS).await;
    let version_table = ObjectName::bare(Name::new("alembic_version", Dialect::Sqlite));
    let schema = db.reflect(&Scope::of_chain(version_table, Dialect::Sqlite)).await;
    assert_text(&dump(&schema), EXPECTED);
    db.finish().await;
}
