//! Which database, and which chain: `--name`, and what `revchain.toml` says.

use std::fs;

use crate::package::Package;
use crate::project::{Project, Said, revision_text, run};

/// A chain with databases of its own, and another chain beside it.
fn two_chains() -> Project {
    let project = Project::new(&["a1 -> base", "b2 -> a1"]);
    project.write(
        "migrations/revchain.toml",
        "dialects = ['sqlite']\nurl = 'sqlite:${HERE}dev.db'\n\
         [databases.staging]\nurl = '${STAGING_URL}'\n\
         [databases.orders]\nmigrations = '../orders'\nurl = 'sqlite:orders.db'\n\
         [databases.stock]\nmigrations = '../stock'\n\
         [databases.gone]\nmigrations = '../gone'\n",
    );
    for (name, url) in [("orders", "sqlite:not_asked.db"), ("stock", "sqlite:stock.db")] {
        let head = format!("{name}_2");
        project.write(&format!("{name}/revchain.toml"), &format!("dialects = ['sqlite']\nurl = '{url}'\n"));
        project.write(&format!("{name}/versions/{name}_1_x.sql"), &revision_text(&format!("{name}_1"), "base"));
        project.write(&format!("{name}/versions/{head}_x.sql"), &revision_text(&head, &format!("{name}_1")));
    }
    project
}

fn with(project: &Project, variables: &[(&str, &str)], words: &[&str]) -> Said {
    let mut command = project.command(words);
    for name in ["HERE", "STAGING_URL"] {
        command.env_remove(name);
    }
    run(command.envs(variables.iter().copied()))
}

fn databases(project: &Project) -> Vec<String> {
    let files = fs::read_dir(project.root()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut files: Vec<String> = files.filter(|name| name.ends_with(".db")).collect();
    files.sort();
    files
}

#[test]
fn the_precedence_is_the_documented_one() {
    let project = two_chains();
    let environment = ("DATABASE_URL", "sqlite:environment.db");
    for (variables, words, expect) in [
        (&[("HERE", ""), environment][..], &["--url", "sqlite:flag.db"][..], "flag.db"),
        (&[("HERE", ""), environment], &[], "environment.db"),
        (&[("HERE", ""), ("DATABASE_URL", "")], &[], "dev.db"),
        (&[("HERE", "our_")], &[], "our_dev.db"),
        (&[("STAGING_URL", "sqlite:stage.db"), environment], &["-n", "staging"], "stage.db"),
        (&[environment], &["-n", "staging", "--url", "sqlite:flag.db"], "flag.db"),
        (&[environment], &["--name", "orders"], "orders.db"),
        (&[environment], &["--name", "orders", "--url", "sqlite:flag.db"], "flag.db"),
        (&[environment], &["--name=stock"], "stock.db"),
    ] {
        with(&project, variables, &[words, &["upgrade"]].concat()).done();
        assert_eq!(databases(&project), [expect], "{variables:?} {words:?}");
        with(&project, variables, &[&["current", "--check-heads"], words].concat()).done();
        fs::remove_file(project.path(expect)).unwrap();
    }
}

#[test]
fn every_verb_works_on_the_named_chain() {
    let project = two_chains();
    let named = |words: &[&str]| with(&project, &[], &[&["-n", "orders"], words].concat());
    assert_eq!(named(&["heads"]).done(), "orders_2 (head)\n");
    assert_eq!(named(&["verify"]).done(), "orders: 2 revisions from orders_1 to orders_2, sound on sqlite\n");
    assert_eq!(named(&["plan"]).code, 3);
    named(&["upgrade", "+1"]).done();
    assert_eq!(named(&["current"]).done(), "orders_1\n");
    assert!(named(&["status"]).stdout.contains("Database: sqlite:orders.db (sqlite)"));
    let script = named(&["upgrade", "head", "--sql"]).done();
    assert!(script.contains("CREATE TABLE orders_2"), "{script}");
    assert_eq!(named(&["revision", "-m", "third", "--rev-id", "o3"]).done(), "orders/versions/o3_third.sql\n");
    assert!(project.path("orders/revchain.lock").is_file());
    assert!(!project.path("migrations/revchain.lock").exists());
    named(&["upgrade"]).done();
    assert!(named(&["show", "current"]).done().contains("Path: orders/versions/o3_third.sql\n"));
    let mut edit = project.command(&["edit", "current", "--name", "orders"]);
    run(edit.env("EDITOR", "ls")).done();
    named(&["downgrade", "base"]).done();
    assert_eq!(databases(&project), ["orders.db"]);

    // From another folder, and with the directory's own name for it.
    let inside = run(project.command(&["-n", "orders", "verify"]).current_dir(project.path("migrations/versions")));
    assert!(inside.done().starts_with("../../orders: 3 revisions"));
    // A fault of the one chain is no matter of the other's.
    project.write("migrations/versions/z9_x.sql", &revision_text("z9", "nowhere"));
    named(&["verify"]).done();
    assert!(project.refused(&["-n", "staging", "verify"], 1).contains("[RC104]"));
}

#[test]
fn a_name_that_does_not_lead_anywhere_is_refused() {
    let project = two_chains();
    for (words, code, expect) in [
        (&["-n", "ordres", "heads"][..], 2, "a similar value exists: 'orders'"),
        (&["-n", "ordres", "verify"], 2, "a similar value exists: 'orders'"),
        (&["-n", "nothing-like-it", "upgrade"], 2, "[possible values: gone, orders, staging, stock]"),
        (&["-n", "", "upgrade"], 2, "[possible values: gone, orders, staging, stock]"),
        (&["-n", "staging", "init"], 2, "`init` looks at no directory and no database; leave --name out"),
        (&["-n", "gone", "verify"], 1, "`databases.gone.migrations` in `migrations/revchain.toml` is `../gone`"),
        (&["-n", "gone", "verify"], 1, "which does not exist"),
        (&["upgrade"], 1, "`url` in revchain.toml needs the environment variable HERE, which is not set"),
        (
            &["-n", "staging", "upgrade"],
            1,
            "`databases.staging.url` in revchain.toml needs the environment variable STAGING_URL, which is not set",
        ),
    ] {
        let before = project.files();
        let said = with(&project, &[("DATABASE_URL", "")], words).refused(code);
        assert!(said.contains(expect), "{words:?}: {said}");
        assert_eq!(project.files(), before, "{words:?}");
    }

    let plain = Project::new(&["a1 -> base"]);
    assert!(plain.refused(&["-n", "x", "heads"], 2).contains("no database has a name"));
    fs::remove_file(plain.path("migrations/revchain.toml")).unwrap();
    assert!(plain.refused(&["-n", "x", "heads"], 2).contains("no database has a name"));
    plain.write("migrations/revchain.toml", "[databases.x]\nmigrations = '../other'\n");
    plain.write("other/revchain.toml", "dialects = ['sqlite']\n");
    plain.write("other/versions/a1_x.sql", &revision_text("a1", "base"));
    let said = run(plain.command(&["-n", "x", "upgrade"]).env("DATABASE_URL", "sqlite:wrong.db")).refused(1);
    assert!(said.contains("nothing says where the database `x` is"), "{said}");
    assert!(said.contains("DATABASE_URL is the default database's"), "{said}");
    assert_eq!(databases(&plain), Vec::<String>::new());
    plain.write("migrations/revchain.toml", "[databases.x]\nurk = 3\n");
    assert!(plain.refused(&["-n", "x", "verify"], 1).contains("did you mean `url`?"));
}

#[test]
fn no_password_is_said() {
    let project = Project::new(&["a1 -> base"]);
    let toml = |url: &str| format!("dialects = ['sqlite', 'mysql']\nurl = '{url}'\n");
    // One that was written out is refused, and hidden in the excerpt.
    for url in ["mysql://me:s3cret@127.0.0.1/d", "mysq://me:s3cret@127.0.0.1/d", "mysql:///d?password=s3cret"] {
        project.write("migrations/revchain.toml", &toml(url));
        for words in [&["verify"][..], &["verify", "--json"], &["verify", "--github"], &["upgrade"]] {
            let said = project.run(words);
            assert_eq!(said.code, 1, "{said:#?}");
            let all = format!("{}{}", said.stdout, said.stderr);
            assert!(all.contains("RC032") && !all.contains("s3cret"), "{words:?}: {all}");
        }
    }
    // One that came from the environment is in no message.
    project.write("migrations/revchain.toml", &toml("mysql://me:${WORD}@127.0.0.1:1/d?x=${MISSING}"));
    for (variables, expect) in [
        (&[("WORD", "s3cret")][..], "MISSING"),
        (&[("WORD", "s3cret"), ("MISSING", "1")], "mysql://me:***@127.0.0.1:1/d"),
    ] {
        for words in [&["upgrade"][..], &["status"], &["status", "--json"]] {
            let said = with(&project, variables, words).refused(1);
            // Without the driver the URL is refused before anybody is called.
            assert!(said.contains(expect) || said.contains("mysql"), "{words:?}: {said}");
            assert!(!said.contains("s3cret"), "{words:?}: {said}");
        }
    }
}

/// The dialect of a script is that of the URL, and no variable is needed for that.
#[test]
fn a_script_has_the_dialect_of_the_named_database() {
    let project = Project::new(&["a1 -> base"]);
    project.write(
        "migrations/revchain.toml",
        "dialects = ['sqlite', 'mysql']\n[databases.m]\nurl = 'mysql://me:${WORD}@h/d'\n[databases.s]\nurl = '${S}'\n",
    );
    let script = project.run(&["-n", "m", "upgrade", "--sql"]).done();
    assert!(script.contains("mysql") || script.contains("mariadb"), "{script}");
    let script = run(project.command(&["-n", "s", "upgrade", "--sql"]).env("S", "sqlite:x.db")).done();
    assert!(script.contains("sqlite3"), "{script}");
    assert!(project.refused(&["-n", "s", "upgrade", "--sql"], 1).contains("environment variable S"));
}

/// What the tool does with directories, an application does with the chains in it.
#[test]
fn an_application_has_several_databases() {
    let project = two_chains();
    let said = project.run(&["init", "unused", "--dialects", "sqlite"]).done();
    let manifest = crate::init::lines_below(&said, "Cargo.toml:");
    let package = Package::new(&project, "several_databases", &manifest);
    project.write(
        "build.rs",
        "fn main() { for directory in [\"migrations\", \"orders\", \"stock\"] { revchain_build::watch(directory); } }\n",
    );
    project.write(
        "src/main.rs",
        "use revchain_cli::Cli;\n\
         revchain::embed_migrations!(\"migrations\");\n\
         revchain::embed_migrations!(static ORDERS = \"orders\");\n\
         revchain::embed_migrations!(static STOCK = \"stock\");\n\
         fn main() -> std::process::ExitCode {\n    \
         Cli::new(&MIGRATIONS)\n        \
         .named(\"orders\", Cli::new(&ORDERS))\n        \
         .named(\"stock\", Cli::new(&STOCK).url(|| Ok(\"sqlite:shelf.db\".to_owned())))\n        \
         .run()\n}\n",
    );
    let environment = ("DATABASE_URL", "sqlite:environment.db");
    for (variables, words, expect, head) in [
        (&[("HERE", ""), environment][..], &["--url", "sqlite:flag.db"][..], "flag.db", "b2 (head)\n"),
        (&[("HERE", ""), environment], &[], "environment.db", "b2 (head)\n"),
        (&[("HERE", "")], &[], "dev.db", "b2 (head)\n"),
        (&[("STAGING_URL", "sqlite:stage.db"), environment], &["-n", "staging"], "stage.db", "b2 (head)\n"),
        (&[environment], &["--name", "orders"], "orders.db", "orders_2 (head)\n"),
        (&[environment], &["--name", "stock"], "shelf.db", "stock_2 (head)\n"),
        (&[environment], &["--name", "stock", "--url", "sqlite:flag.db"], "flag.db", "stock_2 (head)\n"),
    ] {
        package.run_with(variables, &[words, &["upgrade"]].concat()).done();
        assert_eq!(databases(&project), [expect], "{variables:?} {words:?}");
        assert_eq!(package.run_with(variables, &[&["current"], words].concat()).done(), head);
        fs::remove_file(project.path(expect)).unwrap();
    }
    for (words, code, expect) in [
        (&["-n", "ordres", "heads"][..], 2, "a similar value exists: 'orders'"),
        (&["-n", "gone", "heads"], 2, "`gone` has a chain of its own, which this program does not have"),
        (&["upgrade"], 1, "`url` in revchain.toml needs the environment variable HERE, which is not set"),
        (&["-n", "staging", "upgrade"], 1, "the environment variable STAGING_URL, which is not set"),
    ] {
        let said = package.run(words).refused(code);
        assert!(said.contains(expect), "{words:?}: {said}");
        assert_eq!(databases(&project), Vec::<String>::new(), "{words:?}");
    }
}
