//! Findings become text: message, place, excerpt, remedy, in rustc's manner. Pure: whoever calls this prints.

use crate::source::{Sources, Span};
use crate::{Finding, Label};

/// A finding as text, and what its parts are: whoever shows it chooses the colours.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rendered {
    /// The text, without a colour and without a final newline.
    pub text: String,
    /// Its parts, in order. What lies between them is nothing special.
    pub parts: Vec<(Part, std::ops::Range<usize>)>,
}

/// What a part of a rendered finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The severity and the code.
    Lead,
    /// The sentence.
    Message,
    /// Arrows, line numbers and the bar beside the source.
    Frame,
    /// The marker below the guilty place, and what is said there.
    Primary,
    /// The same for a place that belongs to it.
    Secondary,
    /// The word before the remedy.
    Help,
}

impl Rendered {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn push_part(&mut self, part: Part, text: &str) {
        let start = self.text.len();
        self.text.push_str(text);
        self.parts.push((part, start..self.text.len()));
    }

    /// Takes blanks from the end, but leaves the line.
    fn trim(&mut self) {
        self.text.truncate(self.text.trim_end_matches(' ').len());
        if let Some((_, range)) = self.parts.last_mut() {
            range.end = range.end.min(self.text.len());
        }
    }
}

/// Renders one finding, without a colour and without a final newline. `with_severity` adds `error: ` in front, for
/// places where nothing else says it.
pub fn render(sources: &Sources, finding: &Finding, with_severity: bool) -> String {
    render_parts(sources, finding, with_severity).text
}

/// The same, and what the parts of the text are.
pub fn render_parts(sources: &Sources, finding: &Finding, with_severity: bool) -> Rendered {
    let mut shown = Rendered::default();
    let severity = if with_severity { format!("{}: ", finding.severity.name()) } else { String::new() };
    shown.push_part(Part::Lead, &format!("{severity}[{}]", finding.code));
    shown.push(" ");
    shown.push_part(Part::Message, &finding.message);
    let width = finding
        .primary
        .iter()
        .chain(&finding.secondary)
        .map(|label| digits(sources.position(label.span).line))
        .max()
        .unwrap_or(1);
    let margin = " ".repeat(width);
    if let Some(primary) = &finding.primary {
        excerpt(sources, primary, Part::Primary, width, &mut shown);
    } else if let Some(path) = &finding.path {
        shown.push_part(Part::Frame, &format!("\n{margin}-->"));
        shown.push(&format!(" {path}"));
    }
    for label in &finding.secondary {
        excerpt(sources, label, Part::Secondary, width, &mut shown);
    }
    if let Some(help) = &finding.help {
        if finding.primary.is_some() {
            shown.push_part(Part::Frame, &format!("\n{margin} |"));
        }
        for (number, line) in help.lines().enumerate() {
            if number == 0 {
                shown.push_part(Part::Frame, &format!("\n{margin} ="));
                shown.push(" ");
                shown.push_part(Part::Help, "help:");
                shown.push(&format!(" {line}"));
            } else {
                shown.push(&format!("\n{margin}         {line}"));
            }
        }
    }
    shown
}

fn digits(line: usize) -> usize {
    line.to_string().len()
}

/// The place, the line and the marker below it.
fn excerpt(sources: &Sources, label: &Label, part: Part, width: usize, shown: &mut Rendered) {
    let (arrow, mark) = if part == Part::Primary { ("-->", "^") } else { (":::", "-") };
    let position = sources.position(label.span);
    let file = sources.file(label.span.file);
    let text_shown = match file.relative == crate::load::CONFIG {
        true => crate::config::concealed(&file.text),
        false => std::borrow::Cow::Borrowed(file.text.as_str()),
    };
    let (line, before, marked) = cut(&text_shown, label.span);
    let margin = " ".repeat(width);
    shown.push_part(Part::Frame, &format!("\n{margin}{arrow}"));
    shown.push(&format!(" {}:{}:{}", file.path, position.line, position.column));
    shown.push_part(Part::Frame, &format!("\n{margin} |\n{:>width$} |", position.line));
    shown.push(&format!(" {line}"));
    shown.trim();
    shown.push_part(Part::Frame, &format!("\n{margin} |"));
    shown.push(&" ".repeat(before + 1));
    let mut said = mark.repeat(marked);
    if !label.text.is_empty() {
        said.push(' ');
        said.push_str(&label.text);
    }
    shown.push_part(part, &said);
    shown.trim();
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
    fn parts_are_in_order_and_cover_what_they_say() {
        let mut sources = Sources::default();
        let one = sources.add("versions/a.sql", "a", b"-- revision: a\n-- down_revision: x\n".to_vec());
        let finding = Finding::at(Code::Fork, Span::new(one, 33, 34), "two follow `x`")
            .label("here ")
            .also(Span::new(one, 0, 2), "")
            .help("decide\nor not");
        let shown = render_parts(&sources, &finding, true);
        assert_eq!(shown.text, render(&sources, &finding, true));
        let parts: Vec<_> = shown.parts.iter().map(|(part, range)| (*part, &shown.text[range.clone()])).collect();
        let expected = [
            (Part::Lead, "error: [RC103]"),
            (Part::Message, "two follow `x`"),
            (Part::Frame, "\n -->"),
            (Part::Frame, "\n  |\n2 |"),
            (Part::Frame, "\n  |"),
            (Part::Primary, "^ here"),
            (Part::Frame, "\n :::"),
            (Part::Frame, "\n  |\n1 |"),
            (Part::Frame, "\n  |"),
            (Part::Secondary, "--"),
            (Part::Frame, "\n  |"),
            (Part::Frame, "\n  ="),
            (Part::Help, "help:"),
        ];
        assert_eq!(parts, expected);
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
