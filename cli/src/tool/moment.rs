//! An instant as people write it, where their clock hangs: in UTC, at an offset, or in a zone of the time zone database,
//! which is built in, so that a machine without one gives the same answers.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use jiff::Timestamp;
use jiff::tz::{TimeZone as Rules, TimeZoneDatabase};
use revchain_core::config::TimeZone;
use revchain_core::load;

use super::directory::Directory;
use crate::BoxError;

/// Where a clock hangs.
#[derive(Debug, Clone)]
pub(super) enum Zone {
    /// Minutes from UTC, all the year.
    Offset(i32),
    /// As the rules of a place have it.
    Place(Rules),
}

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

impl Zone {
    /// The zone of the settings.
    pub(super) fn find(zone: &TimeZone, directory: &Directory) -> Result<Zone, BoxError> {
        match zone {
            TimeZone::Offset(minutes) => Ok(Zone::Offset(*minutes)),
            TimeZone::Named(name) => Zone::named(name).ok_or_else(|| {
                let help = match like(name) {
                    Some(known) => format!("did you mean `{known}`?"),
                    None => "write `utc`, an offset such as `+02:00`, or a name such as `Europe/Berlin`".to_owned(),
                };
                // Alembic's sentence.
                format!(
                    "Can't locate timezone: {name}, which `timezone` in {}/{} names; nothing was written\n  help: {help}",
                    directory.shown,
                    load::CONFIG
                )
                .into()
            }),
        }
    }

    /// The zone of this name, whatever its case. (Alembic tries the name as it is given, then in upper case.)
    pub(super) fn named(name: &str) -> Option<Zone> {
        TimeZoneDatabase::bundled().get(name).ok().map(Zone::Place)
    }

    /// An instant, given in seconds since 1970, as the clock shows it.
    pub(super) fn moment(&self, epoch: i64) -> Moment {
        let offset = match self {
            Zone::Offset(minutes) => *minutes,
            // An instant that the calendar can't hold is nobody's clock's; it stays in UTC.
            Zone::Place(rules) => {
                Timestamp::from_second(epoch).map_or(0, |instant| rules.to_offset(instant).seconds() / 60)
            }
        };
        Moment { epoch, offset }
    }
}

/// The name that may have been meant: one that ends so, for who writes only the city, or one that is nearly the same.
fn like(name: &str) -> Option<String> {
    let known: Vec<String> = TimeZoneDatabase::bundled().available().map(|known| known.as_str().to_owned()).collect();
    let city = |known: &&String| known.rsplit('/').next().is_some_and(|city| city.eq_ignore_ascii_case(name));
    let like = || revchain_core::suggest::nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
    known.iter().find(city).cloned().or_else(like)
}

impl Moment {
    /// This instant.
    pub(super) fn now(zone: &Zone) -> Moment {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs());
        zone.moment(i64::try_from(since).unwrap_or(0))
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
    use super::*;

    #[test]
    fn instants_are_shown_at_their_offset() {
        for (epoch, offset, expect) in [
            (1_343_228_885, 0, "2012-07-25T15:08:05Z"),
            (1_343_228_885, 120, "2012-07-25T17:08:05+02:00"),
            (0, 0, "1970-01-01T00:00:00Z"),
            (0, -210, "1969-12-31T20:30:00-03:30"),
            (1_709_164_800, 0, "2024-02-29T00:00:00Z"),
            (4_107_542_399, 0, "2100-02-28T23:59:59Z"),
            (4_107_542_400, 0, "2100-03-01T00:00:00Z"),
            (951_782_400, 0, "2000-02-29T00:00:00Z"),
        ] {
            assert_eq!(Zone::Offset(offset).moment(epoch).to_string(), expect);
        }
    }

    /// Alembic's vector C-16, and both sides of the days on which clocks are put forward and back.
    #[test]
    fn a_place_has_the_offset_of_the_season() {
        for (zone, epoch, expect) in [
            ("EST5EDT", 1_343_228_885, "2012-07-25T11:08:05-04:00"),
            ("est5edt", 1_343_228_885, "2012-07-25T11:08:05-04:00"),
            ("Europe/Berlin", 1_343_228_885, "2012-07-25T17:08:05+02:00"),
            ("europe/berlin", 1_343_228_885, "2012-07-25T17:08:05+02:00"),
            ("Europe/Berlin", 1_768_478_885, "2026-01-15T13:08:05+01:00"),
            ("Europe/Berlin", 1_774_745_999, "2026-03-29T01:59:59+01:00"),
            ("Europe/Berlin", 1_774_746_000, "2026-03-29T03:00:00+02:00"),
            ("Europe/Berlin", 1_792_889_999, "2026-10-25T02:59:59+02:00"),
            ("Europe/Berlin", 1_792_890_000, "2026-10-25T02:00:00+01:00"),
            ("Asia/Kolkata", 0, "1970-01-01T05:30:00+05:30"),
            ("America/St_Johns", 1_768_478_885, "2026-01-15T08:38:05-03:30"),
            ("Australia/Lord_Howe", 1_768_478_885, "2026-01-15T23:08:05+11:00"),
            ("Etc/UTC", 1_343_228_885, "2012-07-25T15:08:05Z"),
            ("Etc/GMT+5", 1_343_228_885, "2012-07-25T10:08:05-05:00"),
        ] {
            assert_eq!(Zone::named(zone).unwrap().moment(epoch).to_string(), expect, "{zone}");
        }
        assert_eq!(Zone::named("utc").unwrap().moment(i64::MAX).offset, 0);
    }

    #[test]
    fn a_name_that_is_none_is_nearly_one() {
        for (name, expect) in [
            ("fake", None),
            ("europe/berln", Some("Europe/Berlin")),
            ("berlin", Some("Europe/Berlin")),
            ("Europe_Berlin", Some("Europe/Berlin")),
            ("New_York", Some("America/New_York")),
        ] {
            assert!(Zone::named(name).is_none(), "{name}");
            assert_eq!(like(name).as_deref(), expect, "{name}");
        }
    }
}
