//! `[objects]`: which tables autogenerate and check look at. Patterns over `table` or `schema.table`, where `*` is any
//! text and `?` any character. What `include_name` is for in Alembic's env.py.

use toml::Spanned;
use toml::de::DeValue;

use super::shape::{Spans, string, table, unknown_key, wrong_value};
use crate::Findings;

/// Which tables are looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ObjectFilter {
    /// These alone; without any, all.
    include: Vec<Pattern>,
    /// And none of these.
    exclude: Vec<Pattern>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Pattern {
    /// Without one, a table in any schema.
    schema: Option<String>,
    table: String,
}

const KEYS: [&str; 2] = ["include", "exclude"];

impl ObjectFilter {
    /// Whether a table is looked at. `schema` is the one that it is in; where that is not known, only patterns without a
    /// schema can name it. Names are compared as they stand.
    pub fn admits(&self, schema: Option<&str>, table: &str) -> bool {
        let is_one_of = |patterns: &[Pattern]| patterns.iter().any(|pattern| pattern.matches(schema, table));
        (self.include.is_empty() || is_one_of(&self.include)) && !is_one_of(&self.exclude)
    }

    /// The patterns: whether tables of it are looked at or left out, its schema where it names one, its table.
    pub fn patterns(&self) -> impl Iterator<Item = (bool, Option<&str>, &str)> {
        let all = self.include.iter().map(|one| (true, one)).chain(self.exclude.iter().map(|one| (false, one)));
        all.map(|(is_looked_at, one)| (is_looked_at, one.schema.as_deref(), one.table.as_str()))
    }
}

impl Pattern {
    fn parse(text: &str) -> Result<Pattern, (String, String)> {
        let help = "a pattern is `table` or `schema.table`; `*` is any text, `?` any character";
        let wrong = |message: String| Err((message, help.to_owned()));
        let shown = text.escape_debug();
        if text.contains(['[', ']', '{', '}']) {
            return wrong(format!("`{shown}` has brackets, which mean nothing in a pattern"));
        }
        let (schema, table) = match text.split_once('.') {
            Some((schema, table)) => (Some(schema), table),
            None => (None, text),
        };
        if table.is_empty() || schema.is_some_and(str::is_empty) || table.contains('.') {
            return wrong(format!("`{shown}` names no table"));
        }
        Ok(Pattern { schema: schema.map(str::to_owned), table: table.to_owned() })
    }

    fn matches(&self, schema: Option<&str>, table: &str) -> bool {
        let in_schema = match (&self.schema, schema) {
            (None, _) => true,
            (Some(pattern), Some(schema)) => matches(pattern, schema),
            (Some(_), None) => false,
        };
        in_schema && matches(&self.table, table)
    }
}

/// Whether a pattern matches the whole of a text. Goes back to the last `*` only, so it never takes more steps than the
/// product of the lengths.
fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut at, mut here) = (0, 0);
    // Behind the last `*`, and where its text ends so far.
    let mut star: Option<(usize, usize)> = None;
    while here < text.len() {
        match (pattern.get(at), star) {
            (Some('*'), _) => {
                at += 1;
                star = Some((at, here));
            }
            (Some(c), _) if *c == '?' || Some(c) == text.get(here) => {
                at += 1;
                here += 1;
            }
            (_, Some((behind, end))) => {
                at = behind;
                here = end + 1;
                star = Some((behind, here));
            }
            _ => return false,
        }
    }
    pattern.get(at..).is_some_and(|rest| rest.iter().all(|c| *c == '*'))
}

/// Reads the table.
pub(super) fn read(value: &Spanned<DeValue<'_>>, span: &Spans<'_>, findings: &mut Findings) -> ObjectFilter {
    let mut filter = ObjectFilter::default();
    let Some(table) = table(value, span, "objects", "[objects]", findings) else { return filter };
    for (key, value) in table {
        match key.get_ref().as_ref() {
            "include" => filter.include = read_patterns("include", value, span, findings),
            "exclude" => filter.exclude = read_patterns("exclude", value, span, findings),
            unknown => findings.push(unknown_key(unknown, "[objects]", &KEYS, span(key.span()))),
        }
    }
    filter
}

fn read_patterns(key: &str, value: &Spanned<DeValue<'_>>, span: &Spans<'_>, findings: &mut Findings) -> Vec<Pattern> {
    let shape = || {
        let help = format!("for instance `{key} = [\"spatial_ref_sys\", \"audit.*\"]`");
        (format!("`{key}` is a list of patterns in quotes"), help)
    };
    let DeValue::Array(entries) = value.get_ref() else {
        findings.push(wrong_value(span(value.span()), shape()));
        return Vec::new();
    };
    if key == "include" && entries.is_empty() {
        let help = "leave the key out to look at all tables".to_owned();
        findings
            .push(wrong_value(span(value.span()), ("`include` is empty, so there is nothing to look at".into(), help)));
    }
    let mut patterns = Vec::new();
    for entry in entries.iter() {
        match string(entry).ok_or_else(shape).and_then(Pattern::parse) {
            Ok(pattern) => patterns.push(pattern),
            Err(fault) => findings.push(wrong_value(span(entry.span()), fault)),
        }
    }
    patterns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(include: &[&str], exclude: &[&str]) -> ObjectFilter {
        let patterns = |texts: &[&str]| texts.iter().map(|text| Pattern::parse(text).unwrap()).collect();
        ObjectFilter { include: patterns(include), exclude: patterns(exclude) }
    }

    #[test]
    fn patterns_choose_tables() {
        for (include, exclude, schema, table, admitted) in [
            (&[][..], &[][..], None, "users", true),
            (&[], &["users"], None, "users", false),
            (&[], &["users"], Some("audit"), "users", false),
            (&[], &["user"], None, "users", true),
            (&[], &["Users"], None, "users", true),
            (&[], &["pg_stat_*"], None, "pg_stat_statements", false),
            (&[], &["pg_stat_*"], None, "pg_stat", true),
            (&[], &["*_old"], None, "a_old_old", false),
            (&[], &["a*b*c"], None, "axxbxbxc", false),
            (&[], &["a*b*c"], None, "axxbxbx", true),
            (&[], &["t?"], None, "té", false),
            (&[], &["t?"], None, "t", true),
            (&[], &["audit.*"], Some("audit"), "log", false),
            (&[], &["audit.*"], Some("app"), "log", true),
            (&[], &["audit.*"], None, "log", true),
            (&["app.*"], &[], Some("app"), "log", true),
            (&["app.*"], &[], Some("audit"), "log", false),
            (&["app_*"], &["*_tmp"], None, "app_x", true),
            (&["app_*"], &["*_tmp"], None, "app_x_tmp", false),
            (&["app_*"], &["*_tmp"], None, "other", false),
        ] {
            let found = filter(include, exclude).admits(schema, table);
            assert_eq!(found, admitted, "{include:?} {exclude:?} {schema:?} {table}");
        }
        let long = "a".repeat(2000);
        assert!(!matches(&"*a".repeat(50).replace("*a", "*ab"), &long));
    }

    #[test]
    fn what_names_no_table_is_refused() {
        for (text, expect) in [
            ("", "`` names no table"),
            (".t", "`.t` names no table"),
            ("s.", "`s.` names no table"),
            ("a.b.c", "`a.b.c` names no table"),
            ("pg_[a-z]*", "has brackets"),
        ] {
            let (message, _) = Pattern::parse(text).unwrap_err();
            assert!(message.contains(expect), "{text}: {message}");
        }
    }
}
