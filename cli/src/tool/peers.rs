//! Tables in which other tools note what they have run. They are no part of anybody's schema, and nobody wants to have them
//! made or dropped by a revision.

use revchain_schema::Schema;
use revchain_schema::model::ObjectName;

/// The tables, and whose each is.
const KNOWN: [(&str, &str); 19] = [
    ("_sqlx_migrations", "sqlx"),
    ("__diesel_schema_migrations", "diesel"),
    ("refinery_schema_history", "refinery"),
    ("seaql_migrations", "SeaORM"),
    ("_prisma_migrations", "Prisma"),
    ("alembic_version", "Alembic"),
    ("django_migrations", "Django"),
    ("schema_migrations", "Rails, dbmate or golang-migrate"),
    ("ar_internal_metadata", "Rails"),
    ("flyway_schema_history", "Flyway"),
    ("databasechangelog", "Liquibase"),
    ("databasechangeloglock", "Liquibase"),
    ("goose_db_version", "goose"),
    ("atlas_schema_revisions", "Atlas"),
    ("gorp_migrations", "sql-migrate"),
    ("knex_migrations", "Knex"),
    ("knex_migrations_lock", "Knex"),
    ("__efmigrationshistory", "Entity Framework"),
    ("sequelizemeta", "Sequelize"),
];

/// Whose a table is, if it is a known one.
pub(super) fn owner(table: &ObjectName) -> Option<&'static str> {
    let name = table.name.as_str().to_lowercase();
    KNOWN.iter().find(|(known, _)| *known == name).map(|(_, owner)| *owner)
}

/// Takes out of a database's schema what is another tool's and not in `chain`; gives what that was.
pub(super) fn leave_out(stored: &mut Schema, chain: &Schema) -> Vec<(ObjectName, &'static str)> {
    let is_theirs = |name: &ObjectName| owner(name).filter(|_| !chain.tables.contains_key(name));
    let found: Vec<_> =
        stored.tables.keys().filter_map(|name| is_theirs(name).map(|owner| (name.clone(), owner))).collect();
    for (name, _) in &found {
        stored.tables.remove(name);
        stored.triggers.retain(|(table, _), _| table != name);
        stored.sequences.retain(|_, sequence| sequence.owned_by.as_ref().is_none_or(|(table, _)| table != name));
        stored.others.retain(|(_, on, _), _| on.as_ref() != Some(name));
    }
    found
}
