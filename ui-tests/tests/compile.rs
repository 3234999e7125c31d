//! What the macros say about the cases, through rustc. `TRYBUILD=overwrite cargo test -p ui-tests --test compile` rewrites
//! the `main.stderr` files; the difference is then reviewed like code.
//!
//! The sound cases are modules of this file, so that one compilation serves them all.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of a test may fail loudly, too")]

mod case;

/// Compiles each program as a module, and compares what it embeds with what core says.
macro_rules! sound {
    ($($module:ident $path:literal)*) => {
        $(
            #[allow(dead_code, unreachable_pub, reason = "a program of its own, whose items would be public")]
            #[path = $path]
            mod $module;
        )*

        #[test]
        fn sound_directories_compile_and_are_embedded_whole() {
            let compiled = [$(($path, $module::MIGRATIONS.revisions().len())),*];
            let cases = || ["pass", "warn"].into_iter().flat_map(|kind| case::all(kind).into_iter().map(move |case| (kind, case)));
            let paths: Vec<String> = cases().map(|(kind, case)| format!("../cases/{kind}/{}/main.rs", case.name)).collect();
            assert_eq!(compiled.map(|(path, _)| path).to_vec(), paths, "every folder of cases/pass and cases/warn, in order");
            for ((_, case), (path, revisions)) in cases().zip(compiled) {
                assert_eq!(case.verify().revisions, Some(revisions), "{path}");
            }
        }
    };
}

sound! {
    a_rebuild_that_fills "../cases/pass/a-rebuild-that-fills/main.rs"
    a_view_out_of_the_way "../cases/pass/a-view-out-of-the-way/main.rs"
    allowed "../cases/pass/allowed/main.rs"
    bodies_and_savepoints "../cases/pass/bodies-and-savepoints/main.rs"
    calls_that_are_answered "../cases/pass/calls-that-are-answered/main.rs"
    columns_in_conditions "../cases/pass/columns-in-conditions/main.rs"
    columns_nobody_waits_for "../cases/pass/columns-nobody-waits-for/main.rs"
    columns_on_mysql "../cases/pass/columns-on-mysql/main.rs"
    columns_that_fit "../cases/pass/columns-that-fit/main.rs"
    comments_before_the_first_section "../cases/pass/comments-before-the-first-section/main.rs"
    comments_that_look_like_ours "../cases/pass/comments-that-look-like-ours/main.rs"
    committed_before "../cases/pass/committed-before/main.rs"
    constraints_nobody_waits_for "../cases/pass/constraints-nobody-waits-for/main.rs"
    crlf_and_byte_order_mark "../cases/pass/crlf-and-byte-order-mark/main.rs"
    data_nobody_waits_for "../cases/pass/data-nobody-waits-for/main.rs"
    declared "../cases/pass/declared/main.rs"
    dropped_in_the_right_order "../cases/pass/dropped-in-the-right-order/main.rs"
    drops_nobody_misses "../cases/pass/drops-nobody-misses/main.rs"
    empty "../cases/pass/empty/main.rs"
    empty_revchain_toml "../cases/pass/empty-revchain-toml/main.rs"
    every_database "../cases/pass/every-database/main.rs"
    every_level "../cases/pass/every-level/main.rs"
    every_option "../cases/pass/every-option/main.rs"
    every_setting "../cases/pass/every-setting/main.rs"
    expression "../cases/pass/expression/main.rs"
    files_left_alone "../cases/pass/files-left-alone/main.rs"
    first_words_that_few_know "../cases/pass/first-words-that-few-know/main.rs"
    foreign_keys_in_a_rebuild "../cases/pass/foreign-keys-in-a-rebuild/main.rs"
    foreign_keys_on_mysql "../cases/pass/foreign-keys-on-mysql/main.rs"
    foreign_keys_on_postgres "../cases/pass/foreign-keys-on-postgres/main.rs"
    ids_at_the_edge "../cases/pass/ids-at-the-edge/main.rs"
    if_exists "../cases/pass/if-exists/main.rs"
    in_good_taste "../cases/pass/in-good-taste/main.rs"
    indexes_nobody_waits_for "../cases/pass/indexes-nobody-waits-for/main.rs"
    made_elsewhere "../cases/pass/made-elsewhere/main.rs"
    names_against_the_order "../cases/pass/names-against-the-order/main.rs"
    names_as_long_as_they_may_be "../cases/pass/names-as-long-as-they-may-be/main.rs"
    names_per_table "../cases/pass/names-per-table/main.rs"
    names_that_postgres_makes_up "../cases/pass/names-that-postgres-makes-up/main.rs"
    no_way_back "../cases/pass/no-way-back/main.rs"
    one_revision "../cases/pass/one-revision/main.rs"
    one_schema_in_three_dialects "../cases/pass/one-schema-in-three-dialects/main.rs"
    operands_that_agree "../cases/pass/operands-that-agree/main.rs"
    outside_a_transaction "../cases/pass/outside-a-transaction/main.rs"
    quotes_full_of_semicolons "../cases/pass/quotes-full-of-semicolons/main.rs"
    quotes_on_mysql "../cases/pass/quotes-on-mysql/main.rs"
    quotes_on_sqlite "../cases/pass/quotes-on-sqlite/main.rs"
    released "../cases/pass/released/main.rs"
    renamed_and_back "../cases/pass/renamed-and-back/main.rs"
    renamed_with_the_old_name_kept "../cases/pass/renamed-with-the-old-name-kept/main.rs"
    restored_by_a_rebuild "../cases/pass/restored-by-a-rebuild/main.rs"
    restored_in_other_words "../cases/pass/restored-in-other-words/main.rs"
    rows_that_fit "../cases/pass/rows-that-fit/main.rs"
    rows_that_may_be_written_twice "../cases/pass/rows-that-may-be-written-twice/main.rs"
    rust_revisions "../cases/pass/rust-revisions/main.rs"
    sections_for_some_dialects "../cases/pass/sections-for-some-dialects/main.rs"
    settings_that_end_with_the_transaction "../cases/pass/settings-that-end-with-the-transaction/main.rs"
    sql_of_either_server "../cases/pass/sql-of-either-server/main.rs"
    sql_of_mariadb "../cases/pass/sql-of-mariadb/main.rs"
    sql_of_mysql "../cases/pass/sql-of-mysql/main.rs"
    unicode "../cases/pass/unicode/main.rs"
    unreleased_lock "../cases/pass/unreleased-lock/main.rs"
    what_a_client_would_read "../cases/pass/what-a-client-would-read/main.rs"
    words_of_one_version "../cases/pass/words-of-one-version/main.rs"
    idle_allow "../cases/warn/RC210-idle-allow/main.rs"
    data_lost "../cases/warn/RC321-data-lost/main.rs"
    split_by_commit "../cases/warn/RC323-split-by-commit/main.rs"
    lock_behind "../cases/warn/RC344-lock-behind/main.rs"
    lock_behind_order "../cases/warn/RC344-lock-behind-order/main.rs"
    index_blocks_writes "../cases/warn/RC401-index-blocks-writes/main.rs"
    drop_index_blocks "../cases/warn/RC402-drop-index-blocks/main.rs"
    reindex_blocks "../cases/warn/RC403-reindex-blocks/main.rs"
    detach_blocks "../cases/warn/RC404-detach-blocks/main.rs"
    foreign_key_scans "../cases/warn/RC405-foreign-key-scans/main.rs"
    foreign_key_scans_mysql "../cases/warn/RC405-foreign-key-scans-mysql/main.rs"
    check_scans "../cases/warn/RC406-check-scans/main.rs"
    validate_under_lock "../cases/warn/RC407-validate-under-lock/main.rs"
    unique_builds_index "../cases/warn/RC408-unique-builds-index/main.rs"
    primary_key_builds_index "../cases/warn/RC409-primary-key-builds-index/main.rs"
    exclusion_scans "../cases/warn/RC410-exclusion-scans/main.rs"
    unique_on_existing "../cases/warn/RC411-unique-on-existing/main.rs"
    constraint_dropped "../cases/warn/RC412-constraint-dropped/main.rs"
    volatile_default "../cases/warn/RC420-volatile-default/main.rs"
    volatile_default_sqlite "../cases/warn/RC420-volatile-default-sqlite/main.rs"
    stored_generated "../cases/warn/RC421-stored-generated/main.rs"
    auto_increment_added "../cases/warn/RC422-auto-increment-added/main.rs"
    required_column "../cases/warn/RC423-required-column/main.rs"
    set_not_null "../cases/warn/RC424-set-not-null/main.rs"
    set_not_null_mysql "../cases/warn/RC424-set-not-null-mysql/main.rs"
    sqlite_not_null "../cases/warn/RC425-sqlite-not-null/main.rs"
    implicit_zero_fill "../cases/warn/RC426-implicit-zero-fill/main.rs"
    type_rewrite "../cases/warn/RC427-type-rewrite/main.rs"
    type_rewrite_mysql "../cases/warn/RC427-type-rewrite-mysql/main.rs"
    type_with_check "../cases/warn/RC428-type-with-check/main.rs"
    expression_default "../cases/warn/RC429-expression-default/main.rs"
    inline_references_ignored "../cases/warn/RC431-inline-references-ignored/main.rs"
    copies_table "../cases/warn/RC432-copies-table/main.rs"
    lock_option "../cases/warn/RC433-lock-option/main.rs"
    column_renamed "../cases/warn/RC450-column-renamed/main.rs"
    table_renamed "../cases/warn/RC451-table-renamed/main.rs"
    enum_value_renamed "../cases/warn/RC452-enum-value-renamed/main.rs"
    schema_renamed "../cases/warn/RC453-schema-renamed/main.rs"
    column_dropped "../cases/warn/RC454-column-dropped/main.rs"
    table_dropped "../cases/warn/RC455-table-dropped/main.rs"
    schema_dropped "../cases/warn/RC456-schema-dropped/main.rs"
    truncate_cascade "../cases/warn/RC457-truncate-cascade/main.rs"
    backfill_with_ddl "../cases/warn/RC458-backfill-with-ddl/main.rs"
    rewrites_table "../cases/warn/RC459-rewrites-table/main.rs"
    domain_constraint "../cases/warn/RC460-domain-constraint/main.rs"
    int_primary_key "../cases/warn/RC480-int-primary-key/main.rs"
    serial "../cases/warn/RC481-serial/main.rs"
    varchar_limit "../cases/warn/RC482-varchar-limit/main.rs"
    char_type "../cases/warn/RC483-char-type/main.rs"
    timestamp_without_zone "../cases/warn/RC484-timestamp-without-zone/main.rs"
    json_type "../cases/warn/RC485-json-type/main.rs"
    enum_value_order "../cases/warn/RC486-enum-value-order/main.rs"
    unqualified_table "../cases/warn/RC487-unqualified-table/main.rs"
    nullable_again "../cases/warn/RC488-nullable-again/main.rs"
    wide_index "../cases/warn/RC489-wide-index/main.rs"
}

/// What is embedded of it. (The values in full; core's own tests read them from the file.)
#[test]
fn the_databases_are_embedded_as_they_stand() {
    let chain = &every_database::MIGRATIONS;
    assert_eq!(
        chain.configured_url(None),
        Some("postgres://app:${DB_PASSWORD}@db.example:5432/app?options=a@b"),
        "variables are for the program's run"
    );
    let named: Vec<_> = chain.configured_names().map(|name| (name, chain.configured_url(Some(name)))).collect();
    let fast = Some("sqlite:passwords@home.db?x=$${y");
    assert_eq!(named, [("2-fast_2", fast), ("staging", Some("${STAGING_URL}"))]);
    let elsewhere: Vec<_> = chain.configured_elsewhere().collect();
    assert_eq!(elsewhere, [("orders", None), ("stock", Some("mariadb://db.example/stock"))]);
    assert_eq!(chain.configured_url(Some("stock")), None, "this chain is not for it");
    let settings = format!("{chain:?}");
    assert!(settings.contains("lock_timeout: Some(500ms), statement_timeout: Some(0ns)"), "{settings}");
    let settings = format!("{:?}", every_setting::MIGRATIONS);
    assert!(settings.contains("lock_timeout: None, statement_timeout: None"), "{settings}");
}

/// Checked without a sound case among them: trybuild then compiles them in one go.
#[test]
fn broken_directories_do_not_compile() {
    trybuild::TestCases::new().compile_fail("cases/fail/*/main.rs");
}
