//! `edited`: what a run does where a revision has been edited since it was applied to the database that it meets.

use toml::Spanned;
use toml::de::DeValue;

use super::shape::{string, wrong_value};
use crate::{Findings, Span};

/// What a run does about applied revisions that have been edited since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Edited {
    /// It stops before anything runs.
    #[default]
    Error,
    /// It says so, and goes on.
    Warning,
    /// Nobody looks, and nothing is noted that could tell.
    Off,
}

/// Reads the value.
pub(super) fn read(value: &Spanned<DeValue<'_>>, place: Span, findings: &mut Findings) -> Edited {
    match string(value) {
        Some("error") => Edited::Error,
        Some("warning") => Edited::Warning,
        Some("off") => Edited::Off,
        _ => {
            let message = "`edited` is `\"error\"`, `\"warning\"` or `\"off\"`".to_owned();
            let help = "leave the key out for `\"error\"`: an upgrade stops before anything runs";
            findings.push(wrong_value(place, (message, help.to_owned())));
            Edited::default()
        }
    }
}
