//! `file_template`: how a new revision's file is called. The keys are Alembic's.

use std::fmt::Write as _;

/// A name with places for what differs between revisions, without the extension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileTemplate(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    /// A field, and to how many digits a number is filled up.
    Field(Field, usize),
}

/// What a [`FileTemplate`] can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The revision's id.
    Rev,
    /// The message, as part of a file's name.
    Slug,
    /// Seconds since 1970.
    Epoch,
    /// The year.
    Year,
    /// The month, from 1.
    Month,
    /// The day of the month, from 1.
    Day,
    /// The hour, from 0.
    Hour,
    /// The minute.
    Minute,
    /// The second.
    Second,
}

const FIELDS: [(&str, Field); 9] = [
    ("rev", Field::Rev),
    ("slug", Field::Slug),
    ("epoch", Field::Epoch),
    ("year", Field::Year),
    ("month", Field::Month),
    ("day", Field::Day),
    ("hour", Field::Hour),
    ("minute", Field::Minute),
    ("second", Field::Second),
];

/// No number of a date has more digits than this.
const MAX_WIDTH: usize = 20;

impl Default for FileTemplate {
    fn default() -> FileTemplate {
        FileTemplate(vec![Piece::Field(Field::Rev, 0), Piece::Text("_".to_owned()), Piece::Field(Field::Slug, 0)])
    }
}

impl FileTemplate {
    /// Reads a template: `%(rev)s`, `%(slug)s`, `%(year)d`, `%(month).2d`, … `%%` is taken for `%`, because that is how
    /// alembic.ini writes it.
    ///
    /// # Errors
    ///
    /// What is wrong with it, and what to do, for the two parts of a finding.
    pub fn parse(text: &str) -> Result<FileTemplate, (String, String)> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(percent) = rest.find('%') {
            push_text(&mut pieces, &rest[..percent]);
            let key = rest[percent..].trim_start_matches('%');
            let Some((name, after)) = key.strip_prefix('(').and_then(|key| key.split_once(')')) else {
                return Err((
                    "a `%` in `file_template` begins a key, and this one does not".to_owned(),
                    format!("the keys look like `%(rev)s` and `%(month).2d`; they are {}", keys()),
                ));
            };
            let Some((_, field)) = FIELDS.iter().find(|(known, _)| *known == name) else {
                let help = match crate::suggest::nearest(name, FIELDS.map(|(known, _)| known)) {
                    Some(known) => format!("did you mean `%({known})s`?"),
                    None => format!("the keys are {}", keys()),
                };
                return Err((format!("`file_template` has no key `%({name})s`"), help));
            };
            let digits = after.trim_start_matches('.');
            let width = digits.len() - digits.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let is_number = !matches!(field, Field::Rev | Field::Slug);
            let fill = digits[..width].parse().unwrap_or(if width == 0 { 0 } else { usize::MAX });
            rest = match digits[width..].chars().next() {
                Some('s') if width == 0 => &digits[1..],
                Some('d') if is_number && fill <= MAX_WIDTH => &digits[width + 1..],
                _ => {
                    return Err((
                        format!("`%({name})` in `file_template` is not followed by how it is written"),
                        "write `s` behind it, or for a number `d`, or `.2d` for two digits".to_owned(),
                    ));
                }
            };
            pieces.push(Piece::Field(*field, fill));
        }
        push_text(&mut pieces, rest);
        let template = FileTemplate(pieces);
        match template.objection() {
            Some(objection) => Err(objection),
            None => Ok(template),
        }
    }

    /// What makes a name that the versions directory could not hold.
    fn objection(&self) -> Option<(String, String)> {
        let is_bound_to_id = match self.0.as_slice() {
            [Piece::Field(Field::Rev, _)] => true,
            [Piece::Field(Field::Rev, _), Piece::Text(text), ..] => text.starts_with('_'),
            _ => false,
        };
        if !is_bound_to_id {
            return Some((
                "`file_template` does not begin with `%(rev)s_`".to_owned(),
                "a revision's file begins with its id, for instance `%(rev)s_%(slug)s` or \
                 `%(rev)s_%(year)d_%(month).2d_%(day).2d_%(slug)s`"
                    .to_owned(),
            ));
        }
        let is_odd = |c: char| matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|') || c.is_control();
        self.0.iter().find_map(|piece| match piece {
            Piece::Text(text) if text.contains(is_odd) => Some((
                format!("`{text}` in `file_template` cannot stand in the name of a file"),
                "revision files are in the versions directory itself; leave `/` and the like out".to_owned(),
            )),
            _ => None,
        })
    }

    /// The name for one revision. `text` says what a field is.
    pub fn render(&self, text: impl Fn(Field) -> String) -> String {
        let mut name = String::new();
        for piece in &self.0 {
            // Writing to a String cannot fail.
            let _ = match piece {
                Piece::Text(text) => name.write_str(text),
                Piece::Field(field, fill) => write!(name, "{:0>fill$}", text(*field)),
            };
        }
        name
    }
}

fn push_text(pieces: &mut Vec<Piece>, text: &str) {
    if !text.is_empty() {
        pieces.push(Piece::Text(text.to_owned()));
    }
}

fn keys() -> String {
    super::listed(&FIELDS.map(|(name, _)| name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(template: &str) -> String {
        let field = |field| match field {
            Field::Rev => "12345".to_owned(),
            Field::Slug => "this_is_a_message".to_owned(),
            Field::Epoch => "1343228885".to_owned(),
            Field::Year => "2012".to_owned(),
            Field::Month => "7".to_owned(),
            Field::Day => "25".to_owned(),
            Field::Hour => "15".to_owned(),
            Field::Minute => "8".to_owned(),
            Field::Second => "5".to_owned(),
        };
        match FileTemplate::parse(template) {
            Ok(template) => template.render(field),
            Err((message, help)) => format!("{message}; {help}"),
        }
    }

    #[test]
    fn alembics_keys_give_alembics_names() {
        for (template, expect) in [
            ("%(rev)s_%(slug)s", "12345_this_is_a_message"),
            ("%%(rev)s_%%(slug)s", "12345_this_is_a_message"),
            (
                "%(rev)s_%(slug)s_%(year)s_%(month)s_%(day)s_%(hour)s_%(minute)s_%(second)s",
                "12345_this_is_a_message_2012_7_25_15_8_5",
            ),
            ("%(rev)s_%(year)d-%(month).2d-%(day)02d", "12345_2012-07-25"),
            ("%(rev)s_%(epoch)s", "12345_1343228885"),
            ("%(rev)s", "12345"),
        ] {
            assert_eq!(name(template), expect, "{template}");
        }
        assert_eq!(FileTemplate::parse("%(rev)s_%(slug)s"), Ok(FileTemplate::default()));
    }

    #[test]
    fn a_template_that_gives_no_name_is_refused_with_a_remedy() {
        for (template, expect) in [
            ("", "does not begin with `%(rev)s_`"),
            ("%(year)d_%(rev)s", "does not begin with `%(rev)s_`"),
            ("%(rev)sx", "does not begin with `%(rev)s_`"),
            ("%(rev)s_%(slag)s", "did you mean `%(slug)s`?"),
            ("%(rev)s_%(nothing)s", "the keys are `rev`, `slug`"),
            ("%(rev)s_%d", "begins a key"),
            ("%(rev)s_100%", "begins a key"),
            ("%(rev)s_%(slug", "begins a key"),
            ("%(rev)s_%(slug)d", "not followed by how it is written"),
            ("%(rev)s_%(day)", "not followed by how it is written"),
            ("%(rev)s_%(day).99999999999999999999999d", "not followed by how it is written"),
            ("%(rev)s_%(day)é", "not followed by how it is written"),
            ("%(rev)s_/%(slug)s", "cannot stand in the name of a file"),
        ] {
            assert!(name(template).contains(expect), "{template}: {}", name(template));
        }
    }
}
