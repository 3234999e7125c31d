//! Findings as SARIF 2.1.0: what code scanning reads. A rule for each code that was found, with its page.

use revchain_core::revision::Direction;
use revchain_core::{Code, Finding, Findings, Label, Sources};
use revchain_schema::Unjudged;
use serde_json::{Map, Value, json};

use super::reading::Reading;
use super::unjudged;
use super::verify::place;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The whole log.
pub(super) fn log(sources: &Sources, findings: &Findings, unread: &[Unjudged]) -> String {
    let mut codes: Vec<Code> = findings.iter().map(|finding| finding.code).collect();
    codes.sort_unstable();
    codes.dedup();
    let revisions = Reading::of(sources).revisions;
    let results: Vec<Value> = findings
        .iter()
        .map(|finding| {
            let place = place(sources, finding, &revisions);
            let mut result = result(sources, finding, &codes);
            let mut properties = Map::new();
            properties.extend(place.revision.map(|id| ("revision".to_owned(), id.into())));
            properties.extend(place.direction.map(|one| ("direction".to_owned(), Direction::name(one).into())));
            if !properties.is_empty() {
                result.insert("properties".to_owned(), properties.into());
            }
            result.into()
        })
        .collect();
    let notes: Vec<Value> = unread
        .iter()
        .flat_map(|of| unjudged::since(of).into_iter().map(move |taint| (of, taint)))
        .map(|(of, taint)| {
            let label = taint.place.span.map(|span| Label { span, text: String::new() });
            json!({
                "level": "note",
                "message": { "text": escaped(&unjudged::sentence(of, taint)) },
                "locations": label.map(|label| location(sources, &label)).into_iter().collect::<Vec<_>>(),
            })
        })
        .collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "revchain",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": codes.iter().map(|code| rule(*code)).collect::<Vec<_>>(),
            } },
            "invocations": [{ "executionSuccessful": true, "toolExecutionNotifications": notes }],
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

fn rule(code: Code) -> Value {
    json!({
        "id": code.number(),
        "name": code.slug(),
        "shortDescription": { "text": code.title() },
        "help": { "text": code.page(), "markdown": code.page() },
    })
}

fn result(sources: &Sources, finding: &Finding, codes: &[Code]) -> Map<String, Value> {
    let text = match &finding.help {
        Some(help) => format!("{}\n{help}", finding.message),
        None => finding.message.clone(),
    };
    let mut result = Map::new();
    result.insert("ruleId".to_owned(), finding.code.number().into());
    result.insert("ruleIndex".to_owned(), codes.binary_search(&finding.code).unwrap_or_default().into());
    result.insert("level".to_owned(), finding.severity.name().into());
    result.insert("message".to_owned(), json!({ "text": escaped(&text) }));
    let location = match (&finding.primary, &finding.path) {
        (Some(label), _) => Some(location(sources, label)),
        (None, Some(path)) => Some(json!({ "physicalLocation": { "artifactLocation": { "uri": uri(path) } } })),
        (None, None) => None,
    };
    result.insert("locations".to_owned(), location.into_iter().collect::<Vec<_>>().into());
    if !finding.secondary.is_empty() {
        let related: Vec<Value> = finding.secondary.iter().map(|label| location_of(sources, label)).collect();
        result.insert("relatedLocations".to_owned(), related.into());
    }
    result
}

/// A place, and what is said there.
fn location_of(sources: &Sources, label: &Label) -> Value {
    let mut location = location(sources, label);
    if let (Value::Object(members), false) = (&mut location, label.text.is_empty()) {
        members.insert("message".to_owned(), json!({ "text": escaped(&label.text) }));
    }
    location
}

fn location(sources: &Sources, label: &Label) -> Value {
    let mut end = label.span;
    end.start = end.end;
    let (from, to) = (sources.position(label.span), sources.position(end));
    json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri(&sources.file(label.span.file).path) },
        // The end is the column behind the last one.
        "region": {
            "startLine": from.line,
            "startColumn": from.column,
            "endLine": to.line,
            "endColumn": to.column,
        },
    } })
}

/// In a message, brackets around a word and parentheses behind it would be a link.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
}

/// A path as a reference: relative as it is shown, or a file on this machine.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    if path.starts_with('/') {
        uri.push_str("file://");
    } else if path.get(1..3) == Some(":/") {
        uri.push_str("file:///");
    }
    for byte in path.bytes() {
        let is_plain = byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
        // A colon in the first part of a relative path would make a scheme of what is before it.
        match is_plain || (byte == b':' && uri.starts_with("file:")) {
            true => uri.push(char::from(byte)),
            false => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_becomes_a_reference() {
        for (path, expect) in [
            ("migrations/versions/a1_x.sql", "migrations/versions/a1_x.sql"),
            ("../my app/ü%.sql", "../my%20app/%C3%BC%25.sql"),
            ("a:b/c", "a%3Ab/c"),
            ("/srv/app", "file:///srv/app"),
            ("C:/app", "file:///C:/app"),
        ] {
            assert_eq!(uri(path), expect, "{path}");
        }
    }

    #[test]
    fn brackets_are_no_links() {
        assert_eq!(escaped(r"[released](x) C:\y"), r"\[released\](x) C:\\y");
    }
}
