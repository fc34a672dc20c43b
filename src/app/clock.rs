//! How moments are told: in which time zone, and in lists as dates or as how long ago.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde::{Deserialize, Serialize};

/// How lists tell when something was.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Listed {
    /// Today's moments to the minute, others to the day.
    #[default]
    Dates,
    /// How long ago it was.
    Ago,
}

/// In which time zone moments are told, and how. The zone stands beside the time wherever there is no line that says it;
/// records (the journal, details, copies) are in UTC whatever is chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clock {
    /// None is UTC.
    zone: Option<TimeZone>,
    listed: Listed,
}

impl Clock {
    /// A clock of this zone; none is UTC.
    pub fn new(zone: Option<TimeZone>, listed: Listed) -> Self {
        Self { zone: zone.filter(|zone| *zone != TimeZone::UTC), listed }
    }

    /// The time of day to the second. It stands in the feed, whose zone the strip tells.
    pub fn second(&self, time: Timestamp) -> String {
        // In a feed there are many of them, and UTC needs no rules of a zone.
        let Some(zone) = &self.zone else {
            let second = time.as_second().rem_euclid(86_400);
            return format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
        };
        let time = zone.to_datetime(time);
        format!("{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second())
    }

    /// The time of day to the minute, with the zone: `21:07Z`, `23:07 CEST`, `02:37 +0530`.
    pub fn minute(&self, time: Timestamp) -> String {
        let Some(zone) = &self.zone else { return format!("{}Z", &self.second(time)[..5]) };
        time.to_zoned(zone.clone()).strftime("%H:%M %Z").to_string()
    }

    /// The day.
    pub fn day(&self, time: Timestamp) -> Date {
        self.zoned(time).date()
    }

    /// A moment in ten cells that stands still while nothing happens.
    pub fn listed(&self, time: Option<Timestamp>, now: Timestamp) -> String {
        let Some(time) = time else { return "-".to_owned() };
        match self.listed {
            Listed::Ago => ago(time, now),
            Listed::Dates if self.day(time) != self.day(now) => self.zoned(time).strftime("%Y-%m-%d").to_string(),
            Listed::Dates if self.zone.is_none() => self.minute(time),
            // The strip has the zone.
            Listed::Dates => self.zoned(time).strftime("%H:%M").to_string(),
        }
    }

    fn zoned(&self, time: Timestamp) -> Zoned {
        time.to_zoned(self.zone.clone().unwrap_or(TimeZone::UTC))
    }
}

/// How long ago, in its largest unit: minutes are the smallest, as the screen moves on by minutes.
fn ago(time: Timestamp, now: Timestamp) -> String {
    let minutes = now.duration_since(time).as_secs().max(0) / 60;
    match minutes {
        0 => "just now".to_owned(),
        1..60 => format!("{minutes} min"),
        60..1440 => format!("{} h", minutes / 60),
        1440..86_400 => format!("{} d", minutes / 1440),
        86_400..1_051_200 => format!("{} mon", minutes / 43_800),
        _ => format!("{} y", minutes / 525_600),
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_zone_is_told_beside_the_time() {
        let time = at("2026-11-21T21:07:09Z");
        let utc = Clock::default();
        assert_eq!((utc.second(time), utc.minute(time)), ("21:07:09".to_owned(), "21:07Z".to_owned()));
        let india = Clock::new(
            Some(TimeZone::fixed(tz::offset(5).saturating_add(jiff::SignedDuration::from_mins(30)))),
            Listed::Dates,
        );
        assert_eq!((india.second(time).as_str(), india.day(time).day()), ("02:37:09", 22));
        assert!(india.minute(time).starts_with("02:37 +05"), "{}", india.minute(time));
        assert_eq!(Clock::new(Some(TimeZone::UTC), Listed::Dates).minute(time), "21:07Z");
    }

    #[test]
    fn lists_tell_dates_or_how_long_ago() {
        let now = at("2026-11-21T12:00:00Z");
        let dates = Clock::default();
        assert_eq!(dates.listed(Some(at("2026-11-21T00:00:07Z")), now), "00:00Z");
        assert_eq!(dates.listed(Some(at("2026-11-20T23:59:59Z")), now), "2026-11-20");
        assert_eq!(dates.listed(None, now), "-");
        let east = Clock::new(Some(TimeZone::fixed(tz::offset(2))), Listed::Dates);
        assert_eq!(east.listed(Some(at("2026-11-20T23:59:59Z")), now), "01:59");
        let ago = Clock::new(None, Listed::Ago);
        for (time, wanted) in [
            ("2026-11-21T11:59:30Z", "just now"),
            ("2026-11-21T12:00:30Z", "just now"),
            ("2026-11-21T11:01:00Z", "59 min"),
            ("2026-11-21T03:00:00Z", "9 h"),
            ("2026-11-01T12:00:00Z", "20 d"),
            ("2026-06-01T12:00:00Z", "5 mon"),
            ("2023-06-01T12:00:00Z", "3 y"),
        ] {
            assert_eq!(ago.listed(Some(at(time)), now), wanted);
        }
    }
}
