//! A lowered chain becomes tokens.
//!
//! The table is written as Rust source and handed to the compiler's own lexer in one piece: this crate is compiled
//! without optimisation in most builds, the lexer is not, and building 1,000 revisions token by token costs seconds.

use std::fmt::Write;

use proc_macro2::{Span, TokenStream};
use quote::quote;
use revchain_core::lower::{self, Batch, Chain, Script, Work};
use revchain_core::revision::Mode;
use revchain_core::{Code, Finding, Findings, Sources, chain, checksum, config, load, render};
use syn::LitStr;

use crate::directory::{self, Directory};
use crate::input::{Expression, Item};

/// The item form: `pub static MIGRATIONS`, the modules of `.rs` revisions beside it.
pub(crate) fn item(item: &Item) -> TokenStream {
    let visibility = item.visibility.to_string();
    let name = item.name.as_ref().map_or("MIGRATIONS".to_owned(), ToString::to_string);
    let directory = directory::find(&item.directory);
    let sources = load::load(&directory.path, &directory.shown);
    let (chain, findings) = chain::verify(&sources);
    let doc = format!("The revisions of `{}`, from base to head.", directory.written);
    let mut text = String::new();
    let errors = errors(&sources, findings, &item.directory);
    match chain {
        Some(chain) => {
            let chain = lower::lower(&sources, &chain);
            write_modules(&chain, &directory, &name, &mut text);
            let _ = write!(text, "#[doc = {doc:?}] {visibility} static {name}: ::revchain::Migrations = ");
            write_chain(&chain, &directory, &name, &mut text);
            text.push(';');
            write_watch(&sources, &directory, &mut text);
        }
        None => {
            let _ = write!(text, "#[doc = {doc:?}] {visibility} static {name}: ::revchain::Migrations = {EMPTY};");
            write_tracking(&sources, &directory, &mut text);
        }
    }
    join(errors, &text, item.directory.span())
}

/// The expression form: a reference to a static of its own.
pub(crate) fn expression(expression: &Expression) -> TokenStream {
    let directory = directory::find(&expression.directory);
    let sources = load::load(&directory.path, &directory.shown);
    let (chain, mut findings) = chain::verify(&sources);
    let mut text = String::from("{ static MIGRATIONS: ::revchain::Migrations = ");
    match chain {
        Some(chain) => {
            let chain = lower::lower(&sources, &chain);
            findings.append(rust_revisions(&sources, &chain));
            write_chain(&chain, &directory, "", &mut text);
            text.push(';');
            write_watch(&sources, &directory, &mut text);
        }
        None => {
            let _ = write!(text, "{EMPTY};");
            write_tracking(&sources, &directory, &mut text);
        }
    }
    let errors = errors(&sources, findings, &expression.directory);
    if !errors.is_empty() {
        let empty = join(TokenStream::new(), &format!("static MIGRATIONS: ::revchain::Migrations = {EMPTY};"), Span::call_site());
        return quote!({ #errors #empty &MIGRATIONS });
    }
    text.push_str(" &MIGRATIONS }");
    join(errors, &text, expression.directory.span())
}

/// An empty chain: stands in for a faulty one, so that the faults are the only errors.
const EMPTY: &str = "::revchain::__private::Migrations::new(::revchain::__private::Settings::new([true; 3], \
                     \"alembic_version\", ::core::option::Option::None, ::revchain::__private::Transaction::Default), &[])";

fn join(errors: TokenStream, text: &str, span: Span) -> TokenStream {
    match text.parse::<TokenStream>() {
        Ok(tokens) => quote!(#errors #tokens),
        Err(error) => syn::Error::new(span, format!("revchain wrote code that is not Rust: {error}")).into_compile_error(),
    }
}

/// Each finding as an error of its own, shown at the directory's name.
fn errors(sources: &Sources, findings: Findings, literal: &LitStr) -> TokenStream {
    findings
        .into_iter()
        .filter(|finding| finding.severity == revchain_core::Severity::Error)
        .map(|finding| syn::Error::new(literal.span(), render::render(sources, &finding, false)).into_compile_error())
        .map(|error| quote!(#error;))
        .collect()
}

fn rust_revisions(sources: &Sources, chain: &Chain) -> Findings {
    let mut findings = Findings::default();
    for (_, file) in sources.iter() {
        let is_ours = chain.revisions.iter().any(|revision| revision.file == file.relative);
        if is_ours && file.relative.ends_with(".rs") {
            findings.push(
                Finding::about(Code::RustInExpression, file.path.clone(), "an expression cannot hold a Rust revision's module")
                    .help("write `revchain::embed_migrations!(\"…\");` as an item on its own line, and use the `MIGRATIONS` that it makes"),
            );
        }
    }
    findings
}

/// The modules of `.rs` revisions. The path is absolute because rustc reads it relative to the file of the call.
fn write_modules(chain: &Chain, directory: &Directory, name: &str, text: &mut String) {
    for revision in chain.revisions.iter().filter(|revision| is_rust(revision)) {
        let path = directory.path.join(&revision.file).display().to_string();
        let _ = write!(text, "#[doc(hidden)] #[path = {path:?}] mod {};", module(name, &revision.id));
    }
}

fn is_rust(revision: &lower::Revision) -> bool {
    revision.upgrade == Work::Rust || revision.downgrade == Work::Rust
}

fn module(name: &str, id: &str) -> String {
    format!("__revchain_{}_{id}", name.to_lowercase())
}

fn write_chain(chain: &Chain, directory: &Directory, name: &str, text: &mut String) {
    text.push_str("{ use ::revchain::__private as r; ");
    let _ = write!(text, "static S: [&[r::Batch]; {}] = [", chain.scripts.len());
    for script in &chain.scripts {
        text.push_str("&[");
        for batch in script {
            write_batch(batch, text);
        }
        text.push_str("],");
    }
    text.push_str("]; ");
    let _ = write!(text, "static R: [r::Revision; {}] = [", chain.revisions.len());
    for revision in &chain.revisions {
        let _ = write!(
            text,
            "r::Revision::new({:?}, {}, {:?}, {}, {:?}, {}, ",
            revision.id,
            option(revision.down_revision.as_deref()),
            revision.message,
            option(revision.created.as_deref()),
            format!("{}/{}", directory.written, revision.file),
            revision.checksum,
        );
        let module = module(name, &revision.id);
        write_work(&revision.upgrade, &module, "upgrade", text);
        text.push_str(", ");
        write_work(&revision.downgrade, &module, "downgrade", text);
        text.push_str("),");
    }
    let transaction = match chain.transaction {
        None => "Default",
        Some(config::Transaction::PerRevision) => "PerRevision",
        Some(config::Transaction::PerRun) => "PerRun",
    };
    let _ = write!(
        text,
        "]; r::Migrations::new(r::Settings::new({:?}, {:?}, {}, r::Transaction::{transaction}), &R) }}",
        chain.dialects,
        chain.version_table,
        option(chain.version_table_schema.as_deref()),
    );
}

fn option(value: Option<&str>) -> String {
    value.map_or("::core::option::Option::None".to_owned(), |value| format!("::core::option::Option::Some({value:?})"))
}

fn write_work(work: &Work, module: &str, function: &str, text: &mut String) {
    match work {
        Work::Rust => {
            let _ = write!(text, "r::Work::Rust(|op| ::std::boxed::Box::pin({module}::{function}(op)))");
        }
        Work::Irreversible(reason) => {
            let _ = write!(text, "r::Work::Irreversible({reason:?})");
        }
        Work::Sql(scripts) => {
            text.push_str("r::Work::Sql([");
            for script in scripts {
                let _ = match script {
                    Script::Absent => write!(text, "r::Script::Absent,"),
                    Script::Irreversible(reason) => write!(text, "r::Script::Irreversible({reason:?}),"),
                    Script::Batches(position) => write!(text, "r::Script::Batches(S[{position}]),"),
                };
            }
            text.push_str("])");
        }
    }
}

fn write_batch(batch: &Batch, text: &mut String) {
    let mode = match batch.mode {
        Mode::Transaction => "Transaction".to_owned(),
        Mode::NoTransaction => "NoTransaction".to_owned(),
        Mode::Repeat(rows) => format!("Repeat({rows})"),
        Mode::Rebuild => "Rebuild".to_owned(),
    };
    let _ = write!(text, "r::Batch::new(r::Mode::{mode}, {:?}, b\"", batch.sql);
    for statement in &batch.statements {
        for number in [statement.start, statement.end, statement.line] {
            for byte in number.to_le_bytes() {
                let _ = write!(text, "\\x{byte:02x}");
            }
        }
    }
    text.push_str("\"),");
}

/// Makes a build that embeds other bytes than the build script saw fail, and says what is missed without one.
///
/// The comparison is left to the compiler (a constant's evaluation), not made here: an editor that expands this macro
/// again after an edit, before a build script ran, must not show a false "stale".
fn write_watch(sources: &Sources, directory: &Directory, text: &mut String) {
    write_tracking(sources, directory, text);
    let digest = checksum::of_sources(sources);
    let variable = &directory.variable;
    let _ = write!(
        text,
        "const _: () = ::revchain::__private::assert_fresh(::core::option_env!({variable:?}), {digest:?});"
    );
    if directory.in_package && std::env::var_os(variable).is_none() {
        let note = format!(
            "no build script watches `{0}`, so a revision file that is added is not seen until another changes: write \
             `fn main() {{ revchain_build::watch(\"{0}\"); }}` in build.rs",
            directory.written
        );
        let _ = write!(
            text,
            "const _: () = {{ #[deprecated(note = {note:?})] const BUILD_SCRIPT_IS_MISSING: () = (); BUILD_SCRIPT_IS_MISSING }};"
        );
    }
}

/// Makes the compiler depend on every file that was read.
fn write_tracking(sources: &Sources, directory: &Directory, text: &mut String) {
    for (_, file) in sources.iter() {
        if file.relative.ends_with(".rs") {
            continue;
        }
        let _ = if directory.in_package {
            let path = format!("/{}/{}", directory.written, file.relative);
            write!(
                text,
                "const _: &[u8] = ::core::include_bytes!(::core::concat!(::core::env!(\"CARGO_MANIFEST_DIR\"), {path:?}));"
            )
        } else {
            let path = directory.path.join(&file.relative).display().to_string();
            write!(text, "const _: &[u8] = ::core::include_bytes!({path:?});")
        };
    }
}
