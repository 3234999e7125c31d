//! RC210: an `@allow` line that silences nothing. What it was about is mended, or was never there; left in place it would
//! silence the next mistake. Judged only where everything that it might silence was looked for.

use std::collections::BTreeSet;

use revchain_core::revision::Direction;
use revchain_core::{Code, Finding, Findings, Severity, Span, VerifiedChain};

/// Looks through the revisions that can still be changed. `silenced` are the lines that the replay had use for; `all_known` is
/// whether it could read everything.
pub(super) fn report(chain: &VerifiedChain, silenced: &BTreeSet<Span>, all_known: bool, findings: &mut Findings) {
    let config = chain.config();
    let sections = chain.revisions().iter().skip(chain.released()).flat_map(|revision| &revision.sections);
    for section in sections.filter(|section| !section.dialects.intersection(config.dialects).is_empty()) {
        for allow in &section.allows {
            let code = allow.code;
            let is_of_replay = code >= Code::MissingSemicolon;
            // What is live, and so in danger, changes with each release.
            let may_come_back = code.is_hazard() && section.direction == Direction::Upgrade && chain.released() > 0;
            if chain.silenced().contains(&allow.span)
                || silenced.contains(&allow.span)
                || may_come_back
                || is_of_replay && !all_known
                || code == Code::IdleAllow
                || code == Code::OtherFlavour && config.flavour.is_none()
                || !config.levels.says(code)
            {
                continue;
            }
            let mut finding = Finding::at(Code::IdleAllow, allow.span, format!("`@allow {code}` silences nothing"))
                .help("remove the line: it would silence the next mistake; it stands directly above the statement that it is about");
            finding.severity = Severity::Warning;
            findings.push(finding);
        }
    }
    findings.sort();
}

#[cfg(test)]
mod tests {
    use revchain_core::lock::{Lock, Released};
    use revchain_core::{Code, Sources, chain, checksum};

    use crate::check::check;

    /// How many idle lines are found in a chain of one upgrade, with this `[check]`, released or not.
    fn idle(levels: &str, upgrade: &str, is_released: bool) -> usize {
        let mut sources = Sources::default();
        let config = format!("dialects = ['postgres']\n[check]\n{levels}");
        sources.add("revchain.toml", "revchain.toml", config.into_bytes());
        let text = format!(
            "-- m\n-- revision: a\n-- down_revision: base\n-- @upgrade\n{upgrade}\n-- @downgrade; irreversible: a test\n"
        );
        sources.add("versions/a.sql", "versions/a.sql", text.into_bytes());
        let (linked, findings) = chain::verify(&sources);
        let mut linked = linked.unwrap_or_else(|| panic!("a faulty test: {findings:?}"));
        if is_released {
            let id = linked.revisions()[0].id.clone().expect("an id");
            let checksum = checksum::of_revision(&sources, &linked.revisions()[0]);
            let lock = Lock { released: vec![Released { id, checksum }], ..Lock::default() };
            sources.add("revchain.lock", "revchain.lock", lock.text(["a"]).into_bytes());
            linked = chain::verify(&sources).0.expect("a chain");
        }
        check(&sources, &linked).iter().filter(|finding| finding.code == Code::IdleAllow).count()
    }

    #[test]
    fn only_what_was_looked_for_and_not_found_is_idle() {
        let old = "-- @allow RC301: x\nSELECT 1;";
        assert_eq!(idle("", old, false), 1);
        assert_eq!(idle("", old, true), 0, "a released revision can't be changed");
        assert_eq!(idle("RC301 = 'off'", old, false), 0, "nobody looked");
        assert_eq!(idle("", &format!("CALL f();\n{old}"), false), 0, "nobody knows what is there");
        assert_eq!(idle("", "CALL f();\n-- @allow RC203: x\nSELECT 1;", false), 1, "its words are read all the same");
        assert_eq!(idle("", &format!("DROP TABLE b;\n{old}"), false), 0, "first things first");
        assert_eq!(idle("", "-- @allow RC301: x\nDROP TABLE b;", false), 0);
        assert_eq!(idle("", "-- @allow RC203: x\nSET search_path TO a;", false), 0);
        assert_eq!(idle("", "-- @allow RC301: x\n-- @replay DROP TABLE b;\nCALL f();", false), 0);
    }
}
