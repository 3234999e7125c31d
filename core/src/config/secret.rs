//! Passwords in `revchain.toml`: where one stands, for the finding that refuses it and for excerpts that must not show it.
//! A build's output is kept and shared; a finding about a password must not be what spreads it.

use std::borrow::Cow;
use std::ops::Range;

/// Where a URL has a password that is written out: before the `@`, or in a parameter. `${NAME}` is none.
pub(super) fn literal(url: &str) -> Option<Range<usize>> {
    let before_at = credentials(url).filter(|range| !range.is_empty());
    let written = |range: &Range<usize>| !url[range.clone()].contains("${");
    before_at.filter(written).or_else(|| parameters(url).find(written))
}

/// What stands between `user:` and `@host`.
fn credentials(url: &str) -> Option<Range<usize>> {
    let start = url.find("://")? + 3;
    let end = url[start..].find('?').map_or(url.len(), |question| start + question);
    let authority = url[start..end].find(['/', '#']).map_or(end, |slash| start + slash);
    // A password may hold a slash that nobody escaped: then the authority has no `@`, and what looks like a port is no
    // number.
    let at = match url[start..authority].rfind('@') {
        Some(at) => start + at,
        None => {
            let port = &url[start + url[start..authority].find(':')? + 1..authority];
            let is_port = port.bytes().all(|byte| byte.is_ascii_digit());
            start + url[start..end].rfind('@').filter(|_| !is_port)?
        }
    };
    let colon = start + url[start..at].find(':')?;
    Some(colon + 1..at)
}

/// The values after `password=` and the like.
fn parameters(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let lower = text.to_ascii_lowercase();
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let key = from + [lower[from..].find("passw"), lower[from..].find("pwd")].into_iter().flatten().min()?;
            let after = key + lower[key..].bytes().take_while(|byte| byte.is_ascii_alphanumeric()).count();
            from = after;
            let Some(value) = lower[after..].trim_start().strip_prefix('=') else { continue };
            // In a URL the value comes at once, in TOML after a blank and a quote.
            let start = lower.len() - value.trim_start_matches([' ', '\t', '"', '\'']).len();
            let length = lower[start..].find(['&', '"', '\'', ' ', '\n', '\r', '#']).unwrap_or(lower.len() - start);
            from = start + length;
            if length > 0 {
                return Some(start..start + length);
            }
        }
    })
}

/// A `revchain.toml` with a `*` for each byte of what may be a password. Hides too much rather than too little: nothing
/// but the excerpts of findings is made of it.
pub(crate) fn concealed(text: &str) -> Cow<'_, str> {
    let mut hidden = Vec::new();
    let mut line_start = 0;
    for line in text.split_inclusive('\n') {
        let urls: Vec<usize> = line.match_indices("://").map(|(at, _)| at + 3).collect();
        for (number, start) in urls.iter().enumerate() {
            let region = &line[*start..urls.get(number + 1).copied().unwrap_or(line.len())];
            if let Some(at) = region.rfind('@')
                && let Some(colon) = region[..at].find(':')
                && !is_reference(&region[colon + 1..at])
            {
                hidden.push(line_start + start + colon + 1..line_start + start + at);
            }
        }
        let values = parameters(line).filter(|range| !is_reference(&line[range.clone()]));
        hidden.extend(values.map(|range| line_start + range.start..line_start + range.end));
        line_start += line.len();
    }
    if hidden.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut shown = text.to_owned();
    for range in hidden {
        shown.replace_range(range.clone(), &"*".repeat(range.len()));
    }
    Cow::Owned(shown)
}

/// Whether a text is `${NAME}` and nothing else.
fn is_reference(text: &str) -> bool {
    text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')).is_some_and(|name| !name.contains(['}', '$']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_found_where_it_is_written_out() {
        for (url, expect) in [
            ("postgres://me:secret@host/db", Some("secret")),
            ("postgres://me:se/cr@et@host/db", Some("se/cr@et")),
            ("postgres://me:p@host:5432/db?x=y@z", Some("p")),
            ("postgres:///db?host=/run&password=secret&x=1", Some("secret")),
            ("mysql://h/db?sslPassword=s", Some("s")),
            ("mysql://me:${PASSWORD}@h/db?password=s", Some("s")),
            ("${SCHEME}://me:secret@h/db", Some("secret")),
            ("postgres://me:${PASSWORD}@host/db", None),
            ("postgres://me@host:5432/db", None),
            ("postgres://host:5432/d@b", None),
            ("postgres://me:@host/db", None),
            ("postgres://host:5432/db?options=a@b:c", None),
            ("postgres:///db?password=${PASSWORD}", None),
            ("postgres:///db?password=&x=1", None),
            ("sqlite://a@b.db", None),
            ("sqlite:passwords.db", None),
            ("${URL}", None),
            ("", None),
        ] {
            assert_eq!(literal(url).map(|range| &url[range]), expect, "{url}");
        }
    }

    #[test]
    fn an_excerpt_shows_no_password() {
        for (text, expect) in [
            ("url = \"postgres://me:sé@h/d\"\nx = 1\n", "url = \"postgres://me:***@h/d\"\nx = 1\n"),
            ("x = 1\nurl = \"postgres://me:p'q@h/d\" # me@x", "x = 1\nurl = \"postgres://me:*************@x"),
            ("a = '://u:p@h', b = '://u:${P}@h'", "a = '://u:*@h', b = '://u:${P}@h'"),
            ("url = '://u:a${P}@h?password=${P}'", "url = '://u:*****@h?password=${P}'"),
            ("password = \"secret\"", "password = \"******\""),
            ("url = 'sqlite:app.db' # mail: me@x", "url = 'sqlite:app.db' # mail: me@x"),
        ] {
            let shown = concealed(text);
            assert_eq!(shown.len(), text.len(), "{text}");
            assert_eq!(shown, expect.replace("sé", "***"));
        }
    }
}
