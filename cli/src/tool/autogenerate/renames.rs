//! What has another name, on all dialects: by hints, by flags, and by the answers of somebody at a terminal.

use std::io::{self, BufRead as _, IsTerminal as _};

use revchain_autogenerate::{Answers, Candidates, Question, Renames, candidates};
use revchain_core::config::ObjectFilter;

use super::super::command::Hints;
use super::Declaration;
use super::source::Models;
use crate::BoxError;
use crate::terminal::say;

/// Finds out what has another name, for each dialect; and where nobody is asked (`writes` is false), what would have been.
pub(super) fn settle(
    declarations: &[Declaration],
    models: &Models,
    filter: &ObjectFilter,
    hints: &Hints,
    writes: bool,
) -> Result<(Vec<Renames>, Vec<String>), BoxError> {
    let mut open_questions = Vec::new();
    let mut said: Vec<(Question, bool)> = Vec::new();
    let known = flags(declarations, hints)?;
    loop {
        let found: Vec<Candidates> =
            declarations.iter().zip(&known).map(|(of, flags)| settled(of, filter, flags.clone(), &said)).collect();
        if let Some(problem) = found.iter().flat_map(|found| &found.problems).next() {
            let help = problem.help.as_ref().map_or_else(String::new, |help| format!("\n  help: {help}"));
            return Err(format!("{}{help}", problem.message).into());
        }
        let mut open: Vec<&Question> = Vec::new();
        for question in found.iter().flat_map(|found| &found.questions) {
            if !open.contains(&question) {
                open.push(question);
            }
        }
        let Some(first) = open.first() else {
            return Ok((found.into_iter().map(|found| found.certain).collect(), open_questions));
        };
        if !writes {
            // Whatever the answer, something differs.
            open_questions.push(in_a_sentence(first));
            said.push(((*first).clone(), false));
            continue;
        }
        if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
            return Err(refused(&open, models).into());
        }
        let question = (*first).clone();
        let yes = ask(&question)?;
        said.push((question, yes));
    }
}

/// What the command line says, for each dialect: a hint may be about a table that only one of them has.
fn flags(declarations: &[Declaration], hints: &Hints) -> Result<Vec<Answers>, BoxError> {
    let (mut wrong, none): (Vec<String>, &[String]) = (Vec::new(), &[]);
    let mut kept = vec![(Vec::new(), Vec::new()); declarations.len()];
    for (hint, is_rename) in
        hints.rename.iter().map(|hint| (hint, true)).chain(hints.drop.iter().map(|hint| (hint, false)))
    {
        let one = std::slice::from_ref(hint);
        let (renames, drops) = if is_rename { (one, none) } else { (none, one) };
        let (mut fits, mut problem) = (false, None);
        for (of, (own_renames, own_drops)) in declarations.iter().zip(&mut kept) {
            match Answers::of(renames, drops, &of.declared, &of.have) {
                Ok(_) => {
                    fits = true;
                    if is_rename { &mut *own_renames } else { &mut *own_drops }.push(hint.clone());
                }
                Err(problems) => problem = problems.into_iter().next(),
            }
        }
        if let Some(problem) = problem.filter(|_| !fits) {
            let help = problem.help.map_or_else(String::new, |help| format!("\n  help: {help}"));
            wrong.push(format!("{}{help}", problem.message));
        }
    }
    if !wrong.is_empty() {
        return Err(wrong.join("\n").into());
    }
    let all = declarations.iter().zip(kept);
    Ok(all
        .map(|(of, (renames, drops))| Answers::of(&renames, &drops, &of.declared, &of.have).unwrap_or_default())
        .collect())
}

/// What is certain and what is open on a dialect, with what somebody said so far about what is there.
fn settled(of: &Declaration, filter: &ObjectFilter, mut answers: Answers, said: &[(Question, bool)]) -> Candidates {
    loop {
        let found = candidates(&of.declared, &of.have, filter, &answers);
        let known = said.iter().find(|(question, _)| found.questions.contains(question));
        let Some((question, yes)) = known else { return found };
        answers.answer(question.clone(), *yes);
    }
}

fn ask(question: &Question) -> Result<bool, BoxError> {
    loop {
        say(&format!("{question} [y/n] "));
        let mut line = String::new();
        if io::stdin().lock().read_line(&mut line)? == 0 {
            return Err("nobody answered; nothing was written".into());
        }
        match line.trim().to_lowercase().as_str() {
            "y" | "yes" => return Ok(true),
            "n" | "no" => return Ok(false),
            _ => {}
        }
    }
}

/// A question that `check` leaves open.
fn in_a_sentence(question: &Question) -> String {
    format!("{question} `{}` says so", question.as_rename())
}

/// Nothing is guessed where nobody can be asked.
fn refused(open: &[&Question], models: &Models) -> String {
    let mut text = "what goes and what comes may be one, under another name: nothing was written".to_owned();
    for question in open {
        // A file has no attributes.
        let attribute = match models {
            Models::Structs(_) => format!(", or `{}`", question.as_attribute()),
            Models::File(..) => String::new(),
        };
        let (yes, no) = (question.as_rename(), question.as_drop());
        text.push_str(&format!("\n  {question}\n    yes: {yes}{attribute}\n    no:  {no}"));
    }
    text
}
