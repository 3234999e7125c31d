//! An instant as people write it, in UTC or at a fixed offset.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

/// An instant, and the offset at which it is shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    /// Seconds since 1970.
    pub(super) epoch: i64,
    /// Minutes from UTC.
    offset: i32,
}

/// The parts of a date and a time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Parts {
    pub(super) year: i64,
    pub(super) month: i64,
    pub(super) day: i64,
    pub(super) hour: i64,
    pub(super) minute: i64,
    pub(super) second: i64,
}

impl Moment {
    pub(super) const fn new(epoch: i64, offset: i32) -> Moment {
        Moment { epoch, offset }
    }

    /// This instant.
    pub(super) fn now(offset: i32) -> Moment {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs());
        Moment::new(i64::try_from(since).unwrap_or(0), offset)
    }

    /// The Gregorian calendar, after Howard Hinnant's `civil_from_days`: years begin in March, so that the leap day is
    /// the last of its year.
    pub(super) const fn parts(self) -> Parts {
        let shown = self.epoch + self.offset as i64 * 60;
        let (days, of_day) = (shown.div_euclid(86_400) + 719_468, shown.rem_euclid(86_400));
        let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let march_month = (5 * day_of_year + 2) / 153;
        let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
        Parts {
            year: year_of_era + era * 400 + (month <= 2) as i64,
            month,
            day: day_of_year - (153 * march_month + 2) / 5 + 1,
            hour: of_day / 3_600,
            minute: of_day / 60 % 60,
            second: of_day % 60,
        }
    }
}

/// RFC 3339.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Parts { year, month, day, hour, minute, second } = self.parts();
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        match self.offset {
            0 => f.write_str("Z"),
            offset => {
                let (sign, offset) = (if offset < 0 { '-' } else { '+' }, offset.abs());
                write!(f, "{sign}{:02}:{:02}", offset / 60, offset % 60)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Moment;

    #[test]
    fn instants_are_shown_at_their_offset() {
        for (epoch, offset, expect) in [
            (1_343_228_885, 0, "2012-07-25T15:08:05Z"),
            (1_343_228_885, 120, "2012-07-25T17:08:05+02:00"),
            (1_343_228_885, -240, "2012-07-25T11:08:05-04:00"),
            (0, 0, "1970-01-01T00:00:00Z"),
            (0, -210, "1969-12-31T20:30:00-03:30"),
            (1_709_164_800, 0, "2024-02-29T00:00:00Z"),
            (4_107_542_399, 0, "2100-02-28T23:59:59Z"),
            (4_107_542_400, 0, "2100-03-01T00:00:00Z"),
            (951_782_400, 0, "2000-02-29T00:00:00Z"),
        ] {
            assert_eq!(Moment::new(epoch, offset).to_string(), expect);
        }
    }
}
