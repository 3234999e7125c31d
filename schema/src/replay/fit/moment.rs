//! Texts that are surely no day and no while. Of a format that isn't the plainest it says nothing.

/// Whether a text begins as `2026-12-31` does, and there is no such day. `longest` is what every month is taken to have; 0 asks the calendar.
pub(super) fn has_no_such_day(text: &str, longest: u32) -> bool {
    let mut parts = text.trim_ascii().splitn(3, '-');
    let (Some(year), Some(month), Some(rest)) = (parts.next(), parts.next(), parts.next()) else { return false };
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (day, behind) = rest.split_at(end);
    let is_number = |text: &str, length: std::ops::RangeInclusive<usize>| {
        length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !is_number(year, 4..=4) || !is_number(month, 1..=2) || !is_number(day, 1..=2) {
        return false;
    }
    let ends = behind.is_empty() || behind.starts_with([' ', 'T']);
    let (Ok(year), Ok(month), Ok(day)) = (year.parse::<u32>(), month.parse::<u32>(), day.parse::<u32>()) else {
        return false;
    };
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        _ if longest > 0 => longest,
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    // With a setting, MySQL takes zeros.
    let is_zero = (month == 0 || day == 0) && longest == 0;
    ends && (month > 12 || day > last || is_zero)
}

/// Whether a text may be an interval of PostgreSQL's: each word in it is a unit, of which ten letters count.
pub(super) fn may_be_interval(text: &str) -> bool {
    // `P1Y2M`: letters of their own.
    if text.is_empty() || !text.is_ascii() {
        return !text.is_empty();
    }
    if text.starts_with(['P', 'p']) {
        return true;
    }
    let mut words = text.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty());
    let has_digit = text.bytes().any(|byte| byte.is_ascii_digit());
    words.all(|word| {
        let word = word.to_ascii_lowercase();
        UNITS.binary_search(&word.get(..10).unwrap_or(&word)).is_ok()
    }) && (has_digit || text.to_ascii_lowercase().contains("infinity"))
}

/// Sorted (`deltatktbl` of PostgreSQL's `datetime.c`).
#[rustfmt::skip]
const UNITS: [&str; 59] = [
    "ago", "c", "cent", "centuries", "century", "d", "day", "days", "dec", "decade", "decades", "decs", "h", "hour", "hours", "hr",
    "hrs", "infinity", "m", "microsecon", "mil", "millennia", "millennium", "millisecon", "mils", "min", "mins", "minute", "minutes",
    "mon", "mons", "month", "months", "ms", "msec", "msecond", "mseconds", "msecs", "qtr", "quarter", "quarters", "s", "sec",
    "second", "seconds", "secs", "us", "usec", "usecond", "useconds", "usecs", "w", "week", "weeks", "y", "year", "years", "yr",
    "yrs",
];
