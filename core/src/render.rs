//! Findings become text: message, place, excerpt, remedy, in rustc's manner. Pure: whoever calls this prints.

use std::fmt::Write;

use crate::source::{Sources, Span};
use crate::{Finding, Label};

/// Renders one finding, without a colour and without a final newline. `with_severity` adds `error: ` in front, for
/// places where nothing else says it.
pub fn render(sources: &Sources, finding: &Finding, with_severity: bool) -> String {
    let mut text = String::new();
    if with_severity {
        text.push_str(finding.severity.name());
        text.push_str(": ");
    }
    let _ = write!(text, "[{}] {}", finding.code, finding.message);
    let width = finding
        .primary
        .iter()
        .chain(&finding.secondary)
        .map(|label| digits(sources.position(label.span).line))
        .max()
        .unwrap_or(1);
    let margin = " ".repeat(width);
    if let Some(primary) = &finding.primary {
        excerpt(sources, primary, "-->", '^', width, &mut text);
    } else if let Some(path) = &finding.path {
        let _ = write!(text, "\n{margin}--> {path}");
    }
    for label in &finding.secondary {
        excerpt(sources, label, ":::", '-', width, &mut text);
    }
    if let Some(help) = &finding.help {
        if finding.primary.is_some() {
            let _ = write!(text, "\n{margin} |");
        }
        for (number, line) in help.lines().enumerate() {
            let lead = if number == 0 { "= help: " } else { "        " };
            let _ = write!(text, "\n{margin} {lead}{line}");
        }
    }
    text
}

fn digits(line: usize) -> usize {
    line.to_string().len()
}

/// The place, the line and the marker below it.
fn excerpt(sources: &Sources, label: &Label, arrow: &str, mark: char, width: usize, text: &mut String) {
    let position = sources.position(label.span);
    let file = sources.file(label.span.file);
    let text_shown = match file.relative == crate::load::CONFIG {
        true => crate::config::concealed(&file.text),
        false => std::borrow::Cow::Borrowed(file.text.as_str()),
    };
    let (line, before, marked) = cut(&text_shown, label.span);
    let margin = " ".repeat(width);
    let _ = write!(text, "\n{margin}{arrow} {}:{}:{}", file.path, position.line, position.column);
    let _ = write!(text, "\n{margin} |\n{:>width$} | {line}", position.line);
    text.truncate(text.trim_end().len());
    let _ = write!(text, "\n{margin} | ");
    text.push_str(&" ".repeat(before));
    for _ in 0..marked {
        text.push(mark);
    }
    if !label.text.is_empty() {
        text.push(' ');
        text.push_str(&label.text);
    }
    while text.ends_with(' ') {
        text.pop();
    }
}

/// Lines longer than this many characters are shown around the marked place only.
const MAX_LINE: usize = 140;

/// The line of a span as it is shown, and how many characters stand before and below the marker.
fn cut(text: &str, span: Span) -> (String, usize, usize) {
    let start = crate::source::floor_boundary(text, span.start as usize);
    let end = crate::source::floor_boundary(text, span.end as usize).max(start);
    let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let line_end = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
    let before = shown(&text[line_start..start]);
    let marked = shown(text[start..end.min(line_end)].trim_end_matches('\r'));
    let after = shown(text[end.min(line_end)..line_end].trim_end_matches('\r'));
    let marker = marked.chars().count().clamp(1, MAX_LINE);
    let mut lead: Vec<char> = before.chars().collect();
    if lead.len() > MAX_LINE / 2 {
        lead = "…".chars().chain(lead[lead.len() - MAX_LINE / 2..].iter().copied()).collect();
    }
    let column = lead.len();
    let mut line: Vec<char> = lead;
    line.extend(marked.chars().chain(after.chars()));
    if line.len() > MAX_LINE + 1 {
        line.truncate(MAX_LINE);
        line.push('…');
    }
    let line: String = line.into_iter().collect();
    (line.trim_end().to_owned(), column, marker)
}

/// Tabs and control characters as blanks, so that markers stand where they should.
fn shown(text: &str) -> String {
    text.trim_start_matches('\u{feff}').chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Code;

    #[test]
    fn a_finding_shows_places_and_remedy() {
        let mut sources = Sources::default();
        let one = sources.add("versions/a.sql", "a", b"-- revision: a\n-- down_revision: x\r\n".to_vec());
        let two = sources.add("versions/b.sql", "b", b"\n\n\n\n\n\n\n\n\n-- down_revision:\tx\n".to_vec());
        let finding = Finding::at(Code::Fork, Span::new(one, 33, 34), "two revisions follow `x`")
            .label("`a` starts here")
            .also(Span::new(two, 27, 28), "`b` starts here")
            .help("decide\nor not");
        assert_eq!(
            render(&sources, &finding, true),
            "\
error: [RC103] two revisions follow `x`
  --> versions/a.sql:2:19
   |
 2 | -- down_revision: x
   |                   ^ `a` starts here
  ::: versions/b.sql:10:19
   |
10 | -- down_revision: x
   |                   - `b` starts here
   |
   = help: decide
           or not"
        );
    }

    #[test]
    fn long_lines_and_odd_spans_are_shown_without_a_panic() {
        let mut sources = Sources::default();
        let file = sources.add("a", "a", format!("{}é{}", "x".repeat(500), "y".repeat(500)).into_bytes());
        for span in
            [Span::new(file, 501, 502), Span::new(file, 5000, 6000), Span::new(file, 0, 1002), Span::new(file, 3, 1)]
        {
            let text = render(&sources, &Finding::at(Code::Gap, span, "m"), false);
            assert!(text.lines().all(|line| line.chars().count() < 330), "{text}");
        }
    }
}
