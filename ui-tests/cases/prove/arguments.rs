//! Mistakes between the parentheses of `prove!(…)`.

revchain::embed_migrations!("../pass/allowed/migrations");

mod a_directory {
    revchain::prove!("migrations");
}

mod no_such_word {
    revchain::prove!(crate::MIGRATIONS, skip("a1" = "why"));
}

mod a_chain_behind {
    revchain::prove!(migrations = "../pass/allowed/migrations", crate::MIGRATIONS);
}

mod no_reason {
    use crate::MIGRATIONS;

    revchain::prove!(MIGRATIONS, migrations = "../pass/allowed/migrations", except("a1" = ""));
}

mod nothing_but_a_name {
    revchain::prove!(crate::MIGRATIONS, migrations = "../pass/allowed/migrations", except("a1"));
}

mod no_such_name {
    revchain::prove!(crate::MIGRATIONS, migrations = "../pass/allowed/migrations", except(first = "why"));
}

mod no_such_revision {
    revchain::prove!(crate::MIGRATIONS, migrations = "../pass/allowed/migrations", except("3f2a" = "why"));
}

mod a_dialect_that_is_not_served {
    revchain::prove!(crate::MIGRATIONS, migrations = "../pass/allowed/migrations", except(mysql = { head = "why" }));
}

mod sqlite_has_no_server {
    revchain::prove!(crate::MIGRATIONS, migrations = "../pass/allowed/migrations", env(sqlite = "URL"));
}

mod a_url {
    revchain::prove!(crate::MIGRATIONS, migrations = "../pass/allowed/migrations", env(postgres = "postgres://me:secret@localhost/app"));
}

fn main() {}
