//! Models against the chain: what differs, and the sections of the revision that mends it. For `revision --autogenerate` and
//! `check`. What is the same, what is a rename and what is written decides `revchain-autogenerate`; here it is put together for
//! all dialects, and said.

mod renames;
mod report;
mod source;

use std::collections::BTreeSet;

use revchain_autogenerate::{
    Adopted, Declared, Proof, Renames, Script, Written, adopt, prove, renamed, sections, write,
};
use revchain_core::{Dialect, Sources, VerifiedChain};
use revchain_schema::{Difference, Schema, compare};

use super::command::Hints;
use super::directory::Directory;
use super::drift::Drift;
use crate::BoxError;
use crate::terminal::say;

pub(super) use report::{changes, json, shown};
use source::Models;

/// The models and the chain, next to each other.
pub(super) struct Compared {
    of: Vec<OfDialect>,
    /// What was not compared, for people.
    pub(super) not_compared: Vec<String>,
    /// What may be one thing under another name, for people.
    pub(super) open: Vec<String>,
}

/// The same on one dialect.
pub(super) struct OfDialect {
    dialect: Dialect,
    /// What the chain leads to.
    have: Schema,
    /// What there should be.
    want: Schema,
    renames: Renames,
    /// In what they differ, beside the renames.
    differences: Vec<Difference>,
    /// What the chain leads to and what there should be then, where a database differs from that, and is compared in its
    /// place.
    chain: Option<(Schema, Schema)>,
}

/// A chain's replay on a dialect, and what the models declare there.
struct Declaration {
    dialect: Dialect,
    have: Schema,
    declared: Declared,
}

/// Compares the models with the chain; on one dialect with a database that is at head, where one is given. Where it could be a rename, it is asked on a terminal, and refused elsewhere.
pub(super) fn compared(
    directory: &Directory,
    sources: &Sources,
    chain: &VerifiedChain,
    hints: &Hints,
    live: Option<&Drift>,
    writes: bool,
) -> Result<Compared, BoxError> {
    let config = chain.config();
    let models = Models::of(directory, config)?;
    let last = chain.revisions().len().checked_sub(1);
    let (mut declarations, mut faults) = (Vec::new(), BTreeSet::new());
    for dialect in config.dialects.iter() {
        let have = match live.filter(|live| live.dialect == dialect) {
            Some(live) => live.have(),
            None => revchain_schema::replay(sources, chain, dialect, last),
        };
        let (declared, found) = models.declare(&have, config)?;
        faults.extend(found);
        declarations.push(Declaration { dialect, have, declared });
    }
    if !faults.is_empty() {
        return Err(report::faulty(&faults, writes).into());
    }
    let (all, open) = renames::settle(&declarations, &models, &config.objects, hints, writes)?;
    let mut compared = Compared { of: Vec::new(), not_compared: Vec::new(), open };
    for (Declaration { dialect, have, declared }, renames) in declarations.into_iter().zip(all) {
        let known = renamed(&have, &renames);
        let Adopted { schema: want, not_compared } = adopt(&declared, &known, &config.objects)
            .map_err(|nothing| format!("{nothing}\n  help: {}", models.nothing()))?;
        for one in not_compared.iter().map(ToString::to_string) {
            if !compared.not_compared.contains(&one) {
                compared.not_compared.push(one);
            }
        }
        let differences = compare(&known, &want);
        // What is written from a database is replayed on the chain, too.
        let drifted = live.filter(|live| live.dialect == dialect && !live.is_clean());
        let chain = drifted.map(|live| -> Result<_, BoxError> {
            let have = live.at_revision().clone();
            let (declared, _) = models.declare(&have, config)?;
            let want = adopt(&declared, &renamed(&have, &renames), &config.objects)?.schema;
            Ok((have, want))
        });
        compared.of.push(OfDialect { dialect, have, want, renames, differences, chain: chain.transpose()? });
    }
    Ok(compared)
}

/// Whether a script runs, and what it leads to differs in nothing but what it doesn't say.
fn leads_there(proof: &Proof, script: &Script) -> bool {
    proof.holds() || proof.problems.is_empty() && proof.lost.is_empty() && !script.omitted.is_empty()
}

impl Compared {
    /// Whether nothing differs.
    pub(super) fn is_clean(&self) -> bool {
        let renames = |renames: &Renames| renames.tables.is_empty() && renames.columns.is_empty();
        self.of.iter().all(|of| of.differences.is_empty() && renames(&of.renames))
    }

    /// The sections of the revision that leads from the chain to the models, and back. Each is replayed before anybody sees
    /// it.
    pub(super) fn sections(&self) -> Result<String, BoxError> {
        let mut written = Vec::with_capacity(self.of.len());
        for of in &self.of {
            let upgrade = write(&of.have, &of.want, &of.renames);
            let proof = prove(&of.have, &upgrade, &of.want);
            if !proof.holds() && upgrade.omitted.is_empty() {
                return Err(report::unproved(of.dialect, "upgrade", &proof).into());
            }
            let after = proof.schema;
            let on_chain = of.chain.as_ref().map(|(have, want)| prove(have, &upgrade, want));
            if let Some(proof) = on_chain.as_ref().filter(|proof| !leads_there(proof, &upgrade)) {
                return Err(report::drifted(of.dialect, proof).into());
            }
            let downgrade = write(&after, &of.have, &of.renames.reversed());
            let proof = prove(&after, &downgrade, &of.have);
            if !proof.holds() && downgrade.omitted.is_empty() {
                return Err(report::unproved(of.dialect, "downgrade", &proof).into());
            }
            if let (Some((have, _)), Some(upgraded)) = (&of.chain, on_chain) {
                let proof = prove(&upgraded.schema, &downgrade, have);
                if !leads_there(&proof, &downgrade) {
                    return Err(report::drifted(of.dialect, &proof).into());
                }
            }
            for omitted in upgrade.omitted.iter().chain(&downgrade.omitted) {
                say(&format!("not written for {}: {}: {}\n", of.dialect, omitted.difference.object, omitted.why));
            }
            written.push(Written { dialect: of.dialect, upgrade, downgrade });
        }
        Ok(sections(&written, written.len()))
    }
}
