//! What the user may not see is not missing. On MySQL and MariaDB who may not use a thing is told that it isn't there: foreign keys
//! need another privilege on their table than SELECT, triggers TRIGGER, routines EXECUTE. PostgreSQL's catalogue and SQLite's
//! file are open to all.

use std::collections::BTreeSet;

use revchain_schema::{Changed, Difference, Object};

/// The privileges of this user on the whole database, of MySQL's servers. (Those of roles are not among them, nor those on one
/// table: where only they let somebody see, what is missing is not known to be.)
pub(in crate::tool) const QUERY: &str = "SELECT 'global', CAST(PRIVILEGE_TYPE AS CHAR) FROM information_schema.USER_PRIVILEGES \
    WHERE REPLACE(GRANTEE, '''', '') = CURRENT_USER() \
    UNION ALL SELECT 'database', CAST(PRIVILEGE_TYPE AS CHAR) FROM information_schema.SCHEMA_PRIVILEGES \
    WHERE REPLACE(GRANTEE, '''', '') = CURRENT_USER() AND DATABASE() LIKE TABLE_SCHEMA";

/// The privileges that let one see.
const ON_TABLES: [&str; 10] =
    ["INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "REFERENCES", "INDEX", "ALTER", "CREATE VIEW", "TRIGGER"];

/// What somebody may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::tool) struct Sight(Option<BTreeSet<(String, String)>>);

impl Sight {
    /// Of everything.
    pub(in crate::tool) const ALL: Sight = Sight(None);

    /// That of a user with these privileges: where, and which.
    pub(in crate::tool) fn of(privileges: impl IntoIterator<Item = (String, String)>) -> Sight {
        Sight(Some(privileges.into_iter().collect()))
    }

    /// The privilege without which a thing that is missing may be there.
    pub(super) fn lacks(&self, difference: &Difference) -> Option<&'static str> {
        let privileges = self.0.as_ref().filter(|_| difference.change == Changed::Missing)?;
        let has = |privilege: &str| privileges.iter().any(|(_, known)| known == privilege);
        let has_globally = |privilege: &str| privileges.contains(&("global".to_owned(), privilege.to_owned()));
        let changes = ON_TABLES.into_iter().any(has);
        match &difference.object {
            Object::ForeignKey(..) | Object::Check(..) if !changes => Some("REFERENCES"),
            Object::Trigger(..) if !has("TRIGGER") => Some("TRIGGER"),
            Object::Routine(..) if !has("EXECUTE") && !has_globally("SELECT") => Some("EXECUTE"),
            Object::Trigger(..) | Object::Routine(..) => None,
            _ if !has("SELECT") && !changes => Some("SELECT"),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use revchain_core::Dialect;
    use revchain_schema::model::{Name, ObjectName};

    use super::*;

    #[test]
    fn what_may_not_be_seen_is_not_missing() {
        let name = |text: &str| Name::new(text, Dialect::Mysql);
        let table = || ObjectName::bare(name("t"));
        let objects = [
            Object::Table(table()),
            Object::Column(table(), name("c")),
            Object::ForeignKey(table(), "f".to_owned()),
            Object::Trigger(table(), name("r")),
            Object::Routine(table(), String::new()),
        ];
        let all = "SELECT SELECT REFERENCES TRIGGER EXECUTE";
        for (privileges, lacking) in [
            ("", all),
            ("database SELECT", "- - REFERENCES TRIGGER EXECUTE"),
            ("global SELECT", "- - REFERENCES TRIGGER -"),
            ("global SELECT,database UPDATE", "- - - TRIGGER -"),
            ("database TRIGGER,database EXECUTE", "- - - - -"),
        ] {
            let privilege = |text: &str| text.split_once(' ').map(|(at, what)| (at.to_owned(), what.to_owned()));
            let sight = Sight::of(privileges.split(',').filter_map(privilege));
            let lacks = |change: Changed| {
                let of = |object: &Object| {
                    sight.lacks(&Difference { object: object.clone(), change: change.clone() }).unwrap_or("-")
                };
                objects.iter().map(of).collect::<Vec<_>>().join(" ")
            };
            assert_eq!(lacks(Changed::Missing), lacking, "{privileges}");
            assert_eq!(lacks(Changed::Extra), "- - - - -", "{privileges}");
        }
    }
}
