//! Where a migrations directory is, and how messages and generated code name it.

use std::env;
use std::path::{Path, PathBuf};

use syn::LitStr;

/// A migrations directory, found or not.
pub(crate) struct Directory {
    /// Where it is.
    pub(crate) path: PathBuf,
    /// How messages name it: relative to where the compiler runs, so that terminals can open it.
    pub(crate) shown: String,
    /// How the binary names it: as it was written.
    pub(crate) written: String,
    /// Whether it is named relative to the package.
    pub(crate) in_package: bool,
    /// The variable in which a build script hands over the digest of the directory.
    pub(crate) variable: String,
    /// The one in which it hands over what its replay found.
    pub(crate) findings_variable: String,
    /// The one in which it hands over what the chain leads to.
    pub(crate) head_variable: String,
}

/// Finds the directory: relative to the package, or else to the file of the call. The second is for tools that compile
/// a file in a package of their own making (trybuild does).
pub(crate) fn find(literal: &LitStr) -> Directory {
    let written = literal.value();
    let written = written.trim_end_matches('/').to_owned();
    let manifest = env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    let variable = revchain_core::checksum::variable(&manifest, &written);
    let findings_variable = revchain_core::checksum::findings_variable(&manifest, &written);
    let head_variable = revchain_core::checksum::head_variable(&manifest, &written);
    let in_package = Path::new(&manifest).join(&written);
    let beside_call = proc_macro::Span::call_site()
        .local_file()
        .and_then(|file| Some(env::current_dir().ok()?.join(file).parent()?.join(&written)));
    let (path, is_in_package) = match beside_call {
        Some(beside) if !in_package.is_dir() && beside.is_dir() => (beside, false),
        _ => (in_package, !Path::new(&written).is_absolute()),
    };
    let shown = show(&path);
    Directory { path, shown, written, in_package: is_in_package, variable, findings_variable, head_variable }
}

fn show(path: &Path) -> String {
    let here = env::current_dir().ok();
    let relative = here.as_deref().and_then(|here| path.strip_prefix(here).ok()).unwrap_or(path);
    relative.display().to_string().replace('\\', "/")
}
