//! README.md and the pages in docs say what is true: their revisions are sound, their messages are those that come
//! out, their links lead somewhere.

// clippy.toml allows these in tests, but knows a test by its attribute: the functions that tests call are none.
#![allow(clippy::expect_used, clippy::panic)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use revchain_core::{Code, Sources, VerifiedChain, chain, load, render};

mod commands;

const README: &str = include_str!("../../README.md");
const REFERENCE: &str = include_str!("../../docs/revision-files.md");
const CHECKS: &str = include_str!("../../docs/checks.md");
const FROM_ALEMBIC: &str = include_str!("../../docs/from-alembic.md");

/// The example of a Rust revision, compiled.
#[path = "8c1f0e7d2a35_adopt_orphans.rs"]
#[allow(dead_code, unreachable_pub, reason = "the compiler's opinion is the test")]
mod adopt_orphans;

#[test]
fn every_check_is_listed() {
    for code in Code::ALL {
        let (number, slug) = (code.number(), code.slug());
        let row = format!("| [{number}](../core/src/codes/{number}-{slug}.md) | {slug} | {} | ", code.title());
        assert!(CHECKS.contains(&row), "docs/checks.md lacks\n{row}");
    }
    let rows = CHECKS.lines().filter(|line| line.starts_with("| [RC")).count();
    assert_eq!(rows, Code::ALL.len(), "a row for each");
}

/// What the guide shows of `cargo test` is one of `tests/prove.rs`'s.
#[test]
fn the_guide_to_testing_names_a_test() {
    let shown = blocks(include_str!("../../docs/testing.md"), "text");
    let [test] = &shown.iter().filter(|block| block.starts_with("test ")).collect::<Vec<_>>()[..] else {
        panic!("one line of cargo's")
    };
    let stem = test.strip_prefix("test proved::sqlite::r").and_then(|test| test.strip_suffix(" ... ok\n"));
    let file = format!("migrations/versions/{}.sql", stem.expect("a revision on SQLite"));
    assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(&file).exists(), "{file}");
}

#[test]
fn the_reference_is_a_sound_chain() {
    let mut sources = Sources::default();
    let config = blocks(REFERENCE, "toml");
    sources.add("revchain.toml", "revchain.toml", config.concat().into_bytes());
    let mut last = add(&mut sources, "53994db980f1", blocks(REFERENCE, "sql")[0].clone());
    let [rust] = &blocks(REFERENCE, "rust")[..] else { panic!("one Rust revision") };
    assert_eq!(rust, include_str!("8c1f0e7d2a35_adopt_orphans.rs"), "the example is the file that is compiled");
    sources.add("versions/8c1f0e7d2a35_x.rs", "versions/8c1f0e7d2a35_x.rs", rust.clone().into_bytes());
    assert_eq!(last, "53994db980f1");
    last = "8c1f0e7d2a35".to_owned();
    // Sections without a header get one.
    for (number, block) in blocks(REFERENCE, "sql")[1..].iter().enumerate() {
        assert!(block.starts_with("-- @"), "a block is a revision or its sections:\n{block}");
        let text = format!("-- Example\n-- revision: example_{number}\n-- down_revision: {last}\n\n{block}");
        last = add(&mut sources, &format!("example_{number}"), text);
    }
    let chain = sound(&sources);
    assert!(chain.revisions().len() > 7, "{}", chain.revisions().len());
}

#[test]
fn the_reference_names_every_code_and_every_key() {
    // Those of the schema are docs/checks.md's alone: the format has nothing to do with them.
    let is_of_schema = |code: &&Code| ("RC3".."RC34").contains(&code.number()) || code.is_hazard();
    for code in Code::ALL.iter().filter(|code| !is_of_schema(code)) {
        let page = format!("[{0}](../core/src/codes/{0}-{1}.md)", code.number(), code.slug());
        assert!(REFERENCE.contains(&page), "docs/revision-files.md has no {page}");
    }
    for key in [
        "dialects",
        "version_table",
        "version_table_schema",
        "transaction",
        "lock_timeout",
        "statement_timeout",
        "url",
        "migrations",
        "ix",
        "uq",
        "ck",
        "fk",
        "pk",
        "include",
        "exclude",
        "file_template",
        "truncate_slug_length",
        "timezone",
        "template",
        "template_rust",
        "schema",
        "binary",
        "package",
        "features",
        "arguments",
        "command",
        "cwd",
        "format",
        "session-state",
    ] {
        assert!(REFERENCE.contains(&format!("{key} = ")), "docs/revision-files.md does not show `{key}`");
    }
}

/// Alembic 1.19's commands, options, keys and operations.
#[test]
fn nothing_of_alembic_is_passed_over() {
    for word in [
        "list_templates init revision check merge upgrade downgrade current history heads branches show stamp edit",
        "ensure_version --config --name -x --raiseerr --quiet --version --package --autogenerate --sql --head --splice",
        "--branch-label --version-path --rev-id --depends-on --tag --check-heads -i --resolve-dependencies --purge",
        "script_location file_template truncate_slug_length timezone output_encoding revision_environment sourceless",
        "version_locations path_separator recursive_version_locations prepend_sys_path post_write_hooks databases",
        "connection url dialect_name target_metadata include_name include_object include_schemas compare_type",
        "compare_server_default render_item render_as_batch process_revision_directives on_version_apply",
        "transaction_per_migration transactional_ddl autocommit_block version_table version_table_schema",
        "version_table_pk literal_binds output_buffer starting_rev tag autogenerate_plugins add_column drop_column",
        "alter_column create_table drop_table rename_table create_index drop_index create_unique_constraint",
        "create_primary_key create_check_constraint create_exclude_constraint create_foreign_key drop_constraint",
        "create_table_comment drop_table_comment execute bulk_insert inline_literal batch_alter_table `f` invoke",
        "register_operation get_bind get_context run_async if_exists if_not_exists new_column_name server_default",
    ]
    .iter()
    .flat_map(|words| words.split(' '))
    {
        assert!(FROM_ALEMBIC.contains(word), "docs/from-alembic.md says nothing about `{word}`");
    }
}

/// What the reference claims in words, tried.
#[test]
fn the_reference_is_right_about_what_is_refused() {
    for (claim, text, expected) in [
        (
            "the message may be left out",
            "-- revision: a1\n-- down_revision: base\n-- @upgrade\n-- @downgrade\n",
            &[][..],
        ),
        (
            "a byte-order mark and Windows line ends are tolerated",
            "\u{feff}-- m\r\n-- revision: a1\r\n\r\n-- down_revision: base\r\n-- @upgrade\r\n-- @downgrade\r\n",
            &[],
        ),
        (
            "a key line is taken for one up to the next blank line",
            "-- m\n-- revision: a1\n-- author: me\n-- down_revision: base\n\n-- note: slow\n-- @upgrade\n-- @downgrade\n",
            &["RC012"],
        ),
        (
            "keys are written exactly so",
            "-- m\n-- revision: a1\n-- Down-Revision: base\n-- @upgrade\n-- @downgrade\n",
            &["RC012"],
        ),
        (
            "an unnamed section serves every dialect",
            &body("-- @upgrade\nSELECT 1;\n-- @upgrade mysql\n-- @downgrade\n"),
            &[],
        ),
        ("a forgotten dialect", &body("-- @upgrade postgres\n-- @downgrade\n"), &["RC022"]),
        ("empty ones included", &body("-- @upgrade\n"), &["RC023"]),
        (
            "a marker is a marker inside a string",
            &body("-- @upgrade\nSELECT '\n-- @downgrade\n';\n"),
            &["RC201", "RC201"],
        ),
        ("other comments with an `@`", &body("-- @upgrade\n-- @param x\nSELECT 1;\n-- @downgrade\n"), &[]),
        (
            "at most one of the three",
            &body("-- @upgrade sqlite; rebuild; repeat: 5\n-- @upgrade mysql, postgres\n-- @downgrade\n"),
            &["RC025"],
        ),
        ("rebuild is for sqlite alone", &body("-- @upgrade; rebuild\n-- @downgrade\n"), &["RC025"]),
        (
            "irreversible may be for some dialects",
            &body("-- @upgrade\n-- @downgrade mysql; irreversible: x; y\n-- @downgrade postgres, sqlite\n"),
            &[],
        ),
        (
            "irreversible holds no statement",
            &body("-- @upgrade\n-- @downgrade; irreversible: x\nSELECT 1;\n"),
            &["RC025"],
        ),
        (
            "DELIMITER is obeyed on MySQL",
            &body(
                "-- @upgrade mysql\nDELIMITER //\nSELECT 1//\nDELIMITER ;\n-- @upgrade postgres, sqlite\n-- @downgrade\n",
            ),
            &[],
        ),
        (
            "and a finding elsewhere",
            &body(
                "-- @upgrade sqlite\nDELIMITER //\nSELECT 1//\nDELIMITER ;\n-- @upgrade postgres, mysql\n-- @downgrade\n",
            ),
            &["RC208"],
        ),
        (
            "savepoints, SET LOCAL and timeouts",
            &body(
                "-- @upgrade postgres\nSAVEPOINT a;\nRELEASE a;\nSET LOCAL search_path = x;\nSET lock_timeout = 1;\n-- @upgrade mysql, sqlite\n-- @downgrade\n",
            ),
            &[],
        ),
        ("allowed RC202", &body("-- @upgrade\n-- @allow RC202: x\nCOMMIT;\n-- @downgrade\n"), &[]),
        ("allowed RC203", &body("-- @upgrade\n-- @allow RC203: x\nUSE other;\n-- @downgrade\n"), &[]),
        ("allowed RC204", &body("-- @upgrade\n-- @allow RC204: x\nPRAGMA foreign_keys = OFF;\n-- @downgrade\n"), &[]),
        ("allowed RC205", &body("-- @upgrade\n-- @allow RC205: x\nVACUUM;\n-- @downgrade\n"), &[]),
        ("allowed RC207", &body("-- @upgrade; repeat: 5\n-- @allow RC207: x\nCALL p();\n-- @downgrade\n"), &[]),
        ("allowed RC208", &body("-- @upgrade\n-- @allow RC208: x\nCOPY t FROM STDIN;\n-- @downgrade\n"), &[]),
        (
            "an @allow is for one statement",
            &body("-- @upgrade\n-- @allow RC203: x\nSELECT 1;\nUSE other;\n-- @downgrade\n"),
            &["RC203"],
        ),
    ] {
        let mut sources = Sources::default();
        add(&mut sources, "a1", text.to_owned());
        let (_, findings) = chain::verify(&sources);
        let codes: Vec<&str> = findings.iter().map(|finding| finding.code.number()).collect();
        assert_eq!(codes, expected, "{claim}\n{text}");
    }
}

/// A revision with these sections.
fn body(sections: &str) -> String {
    format!("-- m\n-- revision: a1\n-- down_revision: base\n\n{sections}")
}

#[test]
fn links_lead_somewhere() {
    for (file, text) in [
        ("README.md", README),
        ("docs/revision-files.md", REFERENCE),
        ("docs/commands.md", include_str!("../../docs/commands.md")),
        ("docs/json.md", include_str!("../../docs/json.md")),
        ("docs/from-alembic.md", FROM_ALEMBIC),
        ("docs/tool.md", include_str!("../../docs/tool.md")),
        ("docs/taking-over.md", include_str!("../../docs/taking-over.md")),
        ("docs/models.md", include_str!("../../docs/models.md")),
        ("docs/testing.md", include_str!("../../docs/testing.md")),
        ("docs/performance.md", include_str!("../../docs/performance.md")),
        ("docs/troubleshooting.md", include_str!("../../docs/troubleshooting.md")),
    ] {
        let folder = root().join(file);
        let folder = folder.parent().expect("a file is in a folder");
        for (at, _) in text.match_indices("](") {
            let link = text[at + 2..].split(')').next().unwrap_or_default();
            let is_file = !link.starts_with("http") && !link.starts_with('#');
            let target = link.split('#').next().unwrap_or_default();
            assert!(!is_file || folder.join(target).exists(), "{file} links to `{link}`, which is not there");
        }
    }
}

#[test]
fn the_readmes_revision_is_sound() {
    let mut sources = Sources::default();
    let before = "-- Before\n-- revision: fc3df1d9ee4e\n-- down_revision: base\n-- @upgrade\n-- @downgrade\n";
    add(&mut sources, "fc3df1d9ee4e", before.to_owned());
    let [revision] = &blocks(README, "sql")[..] else { panic!("one revision") };
    add(&mut sources, "53994db980f1", revision.clone());
    sound(&sources);
}

/// "Break it": the edit that README.md describes gives the message that it shows.
#[test]
fn the_readme_breaks_as_it_says() {
    let (_, section) = README.split_once("## Break it").expect("the section is there");
    let edit: Vec<&str> = section.split('`').collect();
    let (directory, wrong, right) = (edit[1], edit[3], edit[5]);
    let right_line = wrong.replace(wrong.split(' ').next_back().expect("an id"), right);
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let copy = folder.path().join("migrations");
    fs::create_dir_all(copy.join("versions")).expect("a folder can be made");
    let mut edited = 0;
    for entry in fs::read_dir(root().join(directory)).expect("the versions directory is there") {
        let path = entry.expect("an entry").path();
        let text = fs::read_to_string(&path).expect("a revision file");
        edited += usize::from(text.contains(&right_line));
        let name = path.file_name().expect("a file has a name");
        fs::write(copy.join("versions").join(name), text.replace(&right_line, wrong)).expect("a file can be written");
    }
    assert_eq!(edited, 1, "`{right_line}` stands in one file");

    let sources = load::load(&copy, "migrations");
    let (chain, findings) = chain::verify(&sources);
    assert!(chain.is_none());
    let mut said = String::new();
    for finding in findings.iter() {
        let _ = writeln!(said, "error: {}", indented(&render::render(&sources, finding, false)));
    }
    assert_eq!(blocks(section, "text")[0], said);
}

/// The two commands that a newcomer types are there, and mean what they say.
#[test]
fn the_readmes_commands_are_there() {
    for (marker, command) in [
        ("<!-- main command -->", "cargo run -- upgrade head"),
        ("<!-- test command -->", "cargo xtask test --install"),
    ] {
        let (_, after) = README.split_once(marker).expect("the marker is there");
        assert_eq!(blocks(after, "sh")[0], format!("{command}\n"));
    }
    // `cargo run` without more would ask which of the workspace's binaries is meant.
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("Cargo.toml is there");
    assert!(manifest.contains("default-run = \"ibutsu-db\""), "`cargo run` is the application");
    let aliases = fs::read_to_string(root().join(".cargo/config.toml")).expect(".cargo/config.toml is there");
    assert!(aliases.contains("xtask = "), "`cargo xtask` is an alias");
}

/// The chain of these sources, without a finding.
fn sound(sources: &Sources) -> VerifiedChain {
    let (chain, findings) = chain::verify(sources);
    let said: Vec<String> = findings.iter().map(|finding| render::render(sources, finding, true)).collect();
    assert!(said.is_empty(), "{}", said.join("\n"));
    chain.expect("a chain without a finding")
}

fn add(sources: &mut Sources, id: &str, text: String) -> String {
    let path = format!("versions/{id}_example.sql");
    sources.add(path.clone(), path, text.into_bytes());
    id.to_owned()
}

/// The fenced blocks of a language.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut open: Option<(bool, String)> = None;
    for line in text.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => open = Some((info == language, String::new())),
            (Some(_), Some(_)) => blocks.extend(open.take().filter(|(wanted, _)| *wanted).map(|(_, block)| block)),
            (Some((_, block)), None) => {
                block.push_str(line);
                block.push('\n');
            }
            (None, None) => {}
        }
    }
    blocks
}

/// As rustc shows the text of a `compile_error!`: every line but the first is moved to the right.
fn indented(text: &str) -> String {
    text.lines().collect::<Vec<_>>().join("\n       ")
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}
