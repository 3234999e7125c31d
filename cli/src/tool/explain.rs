//! `explain`: the page of a code.

use std::fmt::Write as _;
use std::process::ExitCode;

use revchain_core::{Code, suggest};
use serde_json::{Value, json};

use super::print;
use crate::BoxError;
use crate::json::object;

pub(super) fn run(code: Option<&str>, json: bool) -> Result<ExitCode, BoxError> {
    let said = |codes: &[Code]| {
        let codes: Vec<Value> = codes.iter().map(|code| as_json(*code)).collect();
        object("explain", json!({ "codes": codes }))
    };
    let Some(word) = code else {
        print(&if json { said(Code::ALL) } else { list() })?;
        return Ok(ExitCode::SUCCESS);
    };
    // `103` and `[RC103]` are what people copy.
    let bare = word.trim_matches(['[', ']']);
    match Code::find(bare).or_else(|| Code::find(&format!("RC{bare}"))) {
        Some(code) => {
            print(&if json { said(&[code]) } else { code.page().to_owned() })?;
            Ok(ExitCode::SUCCESS)
        }
        None => Err(unknown(word, bare).into()),
    }
}

fn as_json(code: Code) -> Value {
    json!({ "code": code.number(), "name": code.slug(), "title": code.title(), "page": code.page() })
}

fn list() -> String {
    let width = Code::ALL.iter().map(|code| code.slug().len()).max().unwrap_or(0);
    let mut text = String::new();
    for code in Code::ALL {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}  {:width$}  {}", code.number(), code.slug(), code.title());
    }
    text
}

fn unknown(word: &str, bare: &str) -> String {
    let known = Code::ALL.iter().flat_map(|code| [code.number(), code.slug()]);
    match suggest::nearest(bare, known) {
        Some(like) => format!("there is no code `{word}`; did you mean `{like}`?"),
        None => format!("there is no code `{word}`; `revchain explain` lists them all"),
    }
}
