//! Everything that a schema of MySQL's or MariaDB's can hold, made by statements and read back.

#![cfg(all(feature = "postgres", feature = "mysql", feature = "sqlite"))]
#![allow(clippy::unwrap_used, reason = "tests say so when they fail")]

mod common;

use common::dump::dump;
use common::{TestDatabase, assert_text};
use revchain_core::Dialect;
use revchain_reflect::Scope;
use revchain_schema::model::{Name, ObjectName};

/// What both servers know, and keep alike.
const STATEMENTS: &str = r#"
CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY);
CREATE TABLE revchain_journal (id int PRIMARY KEY);
CREATE TABLE users (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, `Odd ``name` text, email varchar(200) UNIQUE COMMENT 'it''s theirs')
  COMMENT 'who';
CREATE TABLE everything (
  a tinyint, b tinyint(1) NOT NULL DEFAULT 0, c smallint(5) unsigned, d mediumint, e int(11) DEFAULT 5, f bigint(20) unsigned zerofill,
  g decimal(10,2) NOT NULL DEFAULT 1.50, h decimal, i float, j double unsigned, k bit(3) DEFAULT b'101', l char, m varchar(20) DEFAULT 'it''s',
  n text, o longtext, p enum('a','b,c') DEFAULT 'a', q set('x','y'), r binary(16), s varbinary(9), t blob, u date DEFAULT '2020-01-01',
  v time, w datetime(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3), x timestamp NULL DEFAULT NULL, y year,
  z varchar(9) CHARACTER SET latin1, aa varchar(9) COLLATE utf8mb4_bin, ab varchar(9) CHARACTER SET latin1 COLLATE latin1_bin,
  ac int AS (a * 2) VIRTUAL, ad varchar(9) AS (concat(m, 'x')) STORED, ae json, af point NOT NULL, ag varchar(36) DEFAULT (uuid()),
  ah varchar(9) NOT NULL DEFAULT 'NULL', ai double(8,3)
);
CREATE TABLE old (a varchar(3), b varchar(3) COLLATE latin1_bin, c varchar(3) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci)
  ENGINE=MyISAM DEFAULT CHARSET=latin1;
CREATE TABLE sorted (a varchar(3), b varchar(3) COLLATE utf8mb4_general_ci) COLLATE utf8mb4_bin;
CREATE TABLE parents (x int, y int, z varchar(9), PRIMARY KEY (y, x), CONSTRAINT late UNIQUE (z));
CREATE TABLE children (id int PRIMARY KEY, x int, y int, u int, CONSTRAINT in_pairs FOREIGN KEY (y, x) REFERENCES parents (y, x)
  ON DELETE CASCADE ON UPDATE SET NULL, FOREIGN KEY (u) REFERENCES users (id), CONSTRAINT positive CHECK (u > 0 OR u IN (-1, -2)));
CREATE INDEX plain ON everything (m(5), a DESC, c);
CREATE UNIQUE INDEX once ON everything (m, n(10)) COMMENT 'rare';
CREATE FULLTEXT INDEX words ON everything (n, o);
CREATE SPATIAL INDEX places ON everything (af);
CREATE TABLE parts (id int, at date) PARTITION BY RANGE (year(at)) (PARTITION p0 VALUES LESS THAN (2020), PARTITION p1 VALUES LESS THAN MAXVALUE);
CREATE VIEW sums AS SELECT users.id, count(*) AS n FROM users JOIN children ON u = users.id GROUP BY 1;
CREATE FUNCTION twice(n int, t varchar(20)) RETURNS int DETERMINISTIC RETURN 2 * n;
CREATE PROCEDURE nothing() SELECT 1;
CREATE PROCEDURE twice(IN n int) SELECT 2 * n;
CREATE TRIGGER touched BEFORE UPDATE ON users FOR EACH ROW SET NEW.email = lower(NEW.email);
"#;

fn scope() -> Scope {
    Scope::of_chain(ObjectName::bare(Name::new("alembic_version", Dialect::Mysql)), Dialect::Mysql)
}

const EXPECTED: &str = r#"
table children
  id int not null
  x int
  y int
  u int
  primary key (id)
  foreign key children_ibfk_1 (u) → users(id) RESTRICT RESTRICT
  foreign key in_pairs (y, x) → parents(y, x) CASCADE SET NULL
  check positive `u`>0 or `u` in(-1,-2)
  index in_pairs (y, x)
  index u (u)
  character set: utf8mb4
  collate: utf8mb4_general_ci
table everything
  a tinyint
  b tinyint(1) not null default 0
  c smallint unsigned
  d mediumint
  e int default 5
  f bigint unsigned zerofill
  g decimal(10,2) not null default 1.50
  h decimal(10,0)
  i float
  j double unsigned
  k bit(3) default b'101'
  l char(1)
  m varchar(20) default 'it''s'
  n text
  o longtext
  p enum('a','b,c') default 'a'
  q set('x','y')
  r binary(16)
  s varbinary(9)
  t blob
  u date default '2020-01-01'
  v time
  w datetime(3) default current_timestamp(3) on update current_timestamp(3)
  x timestamp
  y year
  z varchar(9) character set latin1
  aa varchar(9) collate utf8mb4_bin
  ab varchar(9) character set latin1 collate latin1_bin
  ac int as (`a`*2) Virtual
  ad varchar(9) as (concat(`m`,'x')) Stored
  ae json
  af point not null
  ag varchar(36) default uuid()
  ah varchar(9) not null default 'NULL'
  ai double(8,3)
  index once unique (m, n(10)) comment "rare"
  index places spatial (af)
  index plain (m(5), a desc, c)
  index words fulltext (n, o)
  character set: utf8mb4
  collate: utf8mb4_general_ci
table old
  a varchar(3)
  b varchar(3) collate latin1_bin
  c varchar(3) character set utf8mb4
  character set: latin1
  collate: latin1_swedish_ci
  engine: myisam
table parents
  x int not null
  y int not null
  z varchar(9)
  primary key (y, x)
  index late unique (z)
  character set: utf8mb4
  collate: utf8mb4_general_ci
table parts
  id int
  at date
  character set: utf8mb4
  collate: utf8mb4_general_ci
  partition by: range(year(at))
table sorted
  a varchar(3)
  b varchar(3) collate utf8mb4_general_ci
  character set: utf8mb4
  collate: utf8mb4_bin
table users
  id int not null AutoIncrement
  Odd `name text
  email varchar(200) comment "it's theirs"
  primary key (id)
  index email unique (email)
  character set: utf8mb4
  collate: utf8mb4_general_ci
  comment "who"
view sums of users, children: select `users`.`id` as `id`,count(0)as `n` from(`users` join `children` on(`children`.`u`=`users`.`id`))group by 1
routine nothing()
routine twice(int(11), varchar(20))
routine twice(int(11))
trigger users.touched: before update for each row set new.email=lower(new.email)
"#;

async fn is_mariadb(db: &mut TestDatabase) -> bool {
    db.try_run("SELECT json_detailed('{}')").await
}

#[tokio::test]
async fn everything_is_read() {
    let Some(mut db) = TestDatabase::make(Dialect::Mysql).await else { return };
    db.run(STATEMENTS).await;
    let schema = db.reflect(&scope()).await;
    // MySQL spells expressions in another way.
    if is_mariadb(&mut db).await {
        assert_text(&dump(&schema), EXPECTED);
    }
    db.finish().await;
}

/// Servers and applications may have names in `"`, and then show expressions so.
#[tokio::test]
async fn what_is_read_does_not_depend_on_the_mode() {
    let Some(mut db) = TestDatabase::make(Dialect::Mysql).await else { return };
    db.run(STATEMENTS).await;
    let expected = dump(&db.reflect(&scope()).await);
    for mode in ["ANSI_QUOTES", "ANSI", "NO_BACKSLASH_ESCAPES", "PIPES_AS_CONCAT,ANSI_QUOTES,NO_BACKSLASH_ESCAPES", ""]
    {
        db.run(&format!("SET sql_mode = '{mode}'")).await;
        assert_text(&dump(&db.reflect(&scope()).await), &expected);
        // It has its mode back: this is a name there, and a text elsewhere.
        let is_name = !db.try_run("SELECT \"nobody\"").await;
        assert_eq!(is_name, mode.contains("ANSI"), "{mode}");
    }
    db.finish().await;
}

/// Both servers list them without their escapes.
#[tokio::test]
async fn texts_in_triggers_are_as_written() {
    let Some(mut db) = TestDatabase::make(Dialect::Mysql).await else { return };
    let body = r#"before insert on t for each row set new.a = concat('it''s', 'a\\b', "d\"d")"#;
    db.run(&format!("CREATE TABLE t (a varchar(20)); CREATE TRIGGER `two words` {body}")).await;
    let schema = db.reflect(&scope()).await;
    let wanted = revchain_schema::read_trigger(&format!("CREATE TRIGGER x {body}"), Dialect::Mysql);
    let found: Vec<_> = schema.triggers.values().map(|trigger| Some(trigger.body.clone())).collect();
    assert_eq!(found, [wanted]);
    db.finish().await;
}

/// What MariaDB alone has.
#[tokio::test]
async fn what_only_mariadb_has_is_read() {
    let Some(mut db) = TestDatabase::make(Dialect::Mysql).await else { return };
    if !is_mariadb(&mut db).await {
        return db.finish().await;
    }
    db.run(
        "CREATE SEQUENCE numbers; \
         CREATE TABLE t (a int CHECK (a > 0), b longtext CHECK (json_valid(b)), c uuid, d json CHECK (length(d) > 2), \
         e longtext, CONSTRAINT whole CHECK (json_valid(e)), KEY unseen (a) IGNORED) WITH SYSTEM VERSIONING",
    )
    .await;
    let schema = db.reflect(&scope()).await;
    // It forgets that a column is `json` where that has a check of its own.
    let expected = "sequence numbers
        table t
          a int
          b json
          c uuid
          d longtext collate utf8mb4_bin
          e longtext
          check `a`>0
          check octet_length(`d`)>2
          check whole json_valid(`e`)
          index unseen (a) [ignored]
          character set: utf8mb4
          collate: utf8mb4_general_ci
          system versioning: yes";
    assert_text(&dump(&schema), expected);
    db.finish().await;
}
