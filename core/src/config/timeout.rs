//! Durations, as `lock_timeout` and `statement_timeout` have them: `500ms`, `5s`, `2min`, `1h`; `none` for no limit.

use std::time::Duration;

use crate::suggest::nearest;

const UNITS: [(&str, u64); 4] = [("ms", 1), ("s", 1_000), ("min", 60_000), ("h", 3_600_000)];

/// What people write for a unit elsewhere.
const ALIASES: [(&str, &str); 16] = [
    ("milliseconds", "ms"),
    ("millis", "ms"),
    ("msec", "ms"),
    ("sec", "s"),
    ("secs", "s"),
    ("second", "s"),
    ("seconds", "s"),
    ("m", "min"),
    ("mins", "min"),
    ("minute", "min"),
    ("minutes", "min"),
    ("hr", "h"),
    ("hrs", "h"),
    ("hour", "h"),
    ("hours", "h"),
    ("hs", "h"),
];

/// PostgreSQL and SQLite count milliseconds in 32 bits, with a sign.
const MAX_MILLISECONDS: u64 = i32::MAX as u64;

/// Reads a duration. Zero stands for `none`.
///
/// # Errors
///
/// What is wrong with it, and what to do, for the two parts of a finding.
pub(super) fn parse(key: &str, text: Option<&str>) -> Result<Duration, (String, String)> {
    let example = "a number and `ms`, `s`, `min` or `h`, for instance `\"5s\"`; `\"none\"` is no limit";
    let shape = || (format!("`{key}` is a duration in quotes"), format!("write {example}"));
    let text = text.ok_or_else(shape)?.trim();
    if text == "none" {
        return Ok(Duration::ZERO);
    }
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let unit = unit.trim();
    if number.is_empty() {
        return Err((format!("`{key}` does not begin with a number"), format!("write {example}")));
    }
    let Some((_, factor)) = UNITS.iter().find(|(known, _)| *known == unit) else {
        let lower = unit.to_ascii_lowercase();
        let meant = ALIASES.iter().find(|(alias, _)| *alias == lower).map(|(_, meant)| *meant);
        let meant = meant.or_else(|| nearest(unit, UNITS.map(|(known, _)| known)).filter(|_| unit.len() > 1));
        return Err(match meant {
            _ if unit.is_empty() => (format!("`{key}` has no unit"), format!("write {example}")),
            Some(meant) => {
                (format!("`{key}` has an unknown unit, `{unit}`"), format!("did you mean `\"{number}{meant}\"`?"))
            }
            None => (
                format!("`{key}` is not one whole number and a unit"),
                format!("write {example}; for an hour and a half write `\"90min\"`"),
            ),
        });
    };
    match number.parse::<u64>().ok().and_then(|number| number.checked_mul(*factor)) {
        Some(0) => Err((
            format!("`{key}` is zero, which servers read as no limit"),
            "write `\"none\"` if that is meant; leave the key out for the server's own setting".to_owned(),
        )),
        Some(milliseconds) if milliseconds <= MAX_MILLISECONDS => Ok(Duration::from_millis(milliseconds)),
        _ => {
            Err((format!("`{key}` is longer than a server can count, 24 days"), "write `\"none\"` for no limit".into()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_and_a_unit() {
        for (text, milliseconds) in [
            ("500ms", 500),
            ("5s", 5_000),
            ("5 s", 5_000),
            (" 2min ", 120_000),
            ("1h", 3_600_000),
            ("2147483647ms", 2_147_483_647),
            ("none", 0),
        ] {
            assert_eq!(parse("t", Some(text)), Ok(Duration::from_millis(milliseconds)), "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused_with_a_remedy() {
        for (text, expect) in [
            (None, "`t` is a duration in quotes; write a number and `ms`, `s`, `min` or `h`"),
            (Some(""), "`t` does not begin with a number"),
            (Some("-5s"), "`t` does not begin with a number"),
            (Some("never"), "`t` does not begin with a number"),
            (Some("5"), "`t` has no unit"),
            (Some("5sec"), "`t` has an unknown unit, `sec`; did you mean `\"5s\"`?"),
            (Some("5M"), "`t` has an unknown unit, `M`; did you mean `\"5min\"`?"),
            (Some("5mn"), "`t` has an unknown unit, `mn`; did you mean"),
            (Some("1.5s"), "`t` is not one whole number and a unit"),
            (Some("1h30min"), "for an hour and a half write `\"90min\"`"),
            (Some("3d"), "`t` is not one whole number and a unit"),
            (Some("0s"), "`t` is zero, which servers read as no limit; write `\"none\"`"),
            (Some("600h"), "`t` is longer than a server can count, 24 days"),
            (Some("99999999999999999999h"), "`t` is longer than a server can count"),
        ] {
            let (message, help) = parse("t", text).unwrap_err();
            let said = format!("{message}; {help}");
            assert!(said.contains(expect), "{text:?}: {said}");
        }
    }
}
