//! What the replay of a chain finds, and what the chain leads to: as the build script hands it over, or where it hands over
//! nothing that is of these sources, found here and now.

use std::path::Path;
use std::{env, fs, process, thread};

use proc_macro2::TokenStream;
use revchain_core::{Sources, VerifiedChain, checksum};
use syn::LitStr;

use crate::directory::Directory;
use crate::table;

/// What was found.
#[derive(Default)]
pub(crate) struct Replayed {
    /// Each error as one of the compiler's.
    pub(crate) errors: TokenStream,
    /// What the chain leads to, where that was asked for. None only where there are errors.
    pub(crate) head: Option<Vec<u8>>,
}

/// What a chain's replay finds. What the build script found in other sources than these is of no use; the build will say that
/// they are stale, and an editor says nothing until the script runs again.
pub(crate) fn of(
    sources: &Sources,
    digest: &str,
    chain: Option<&VerifiedChain>,
    directory: &Directory,
    literal: &LitStr,
    with_head: bool,
) -> Replayed {
    let Some(chain) = chain else { return Replayed::default() };
    let handed_over = |variable: &str| env::var_os(variable).and_then(|path| fs::read(path).ok());
    let of_these = |bytes: Vec<u8>| bytes.strip_prefix(digest.as_bytes()).map(<[u8]>::to_vec);
    let head = if with_head { handed_over(&directory.head_variable).and_then(of_these) } else { None };
    if head.is_some() == with_head
        && let Some(found) = handed_over(&directory.findings_variable)
    {
        let rendered = of_these(found).and_then(|rendered| String::from_utf8(rendered).ok()).unwrap_or_default();
        let findings = rendered.split(checksum::FINDINGS_SEPARATOR).filter(|text| !text.is_empty());
        let errors = findings.map(|text| syn::Error::new(literal.span(), text).into_compile_error()).collect();
        return Replayed { errors, head };
    }
    let (findings, schemas) = revchain_schema::check_and_lead(sources, chain);
    let head = (with_head && !findings.has_errors()).then(|| revchain_schema::head(&schemas, chain.config()));
    if let (Some(head), Some(place)) = (&head, env::var_os(&directory.head_variable)) {
        leave(Path::new(&place), &[digest.as_bytes(), head].concat());
    }
    Replayed { errors: table::errors(sources, findings, literal), head }
}

/// Leaves it where the build script looks, which makes it anew with every change from then on. Whole, or not at all: another
/// target of the package may be compiled at the same time.
fn leave(place: &Path, bytes: &[u8]) {
    let unfinished = place.with_extension(format!("{}-{:?}", process::id(), thread::current().id()));
    if fs::write(&unfinished, bytes).and_then(|()| fs::rename(&unfinished, place)).is_err() {
        let _ = fs::remove_file(&unfinished);
    }
}
