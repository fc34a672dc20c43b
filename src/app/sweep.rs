//! A purge by pattern: which messages, in which rooms, how far back, and for how long from now on.

use std::time::Duration;

use jiff::Timestamp;

use super::commands::words::quote;
use super::queue::Why;
use super::room::query::Query;

/// How far back a purge may look: what is older has been read by everybody.
const LONGEST_PAST: Duration = Duration::from_hours(24);

/// How long a purge may go on: what is forgotten must not delete for long.
const LONGEST_NEXT: Duration = Duration::from_mins(10);

/// How far back it looks if nobody says.
pub const USUAL_PAST: &str = "10m";

/// Messages that a purge deletes by itself before it stops: a pattern that fits too much must not empty a room.
pub const MOST: usize = 500;

/// What a purge is to hit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sweep {
    /// The pattern, in the language of the filter.
    pub text: String,
    /// In all live rooms, not only in the one that is shown.
    pub everywhere: bool,
    /// How far back.
    pub past: Duration,
    /// For how long from now on.
    pub next: Option<Duration>,
    /// The number of the reason, if it is chosen already.
    pub reason: Option<usize>,
}

/// The same as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    /// The pattern.
    pub text: String,
    /// `all`, or nothing.
    pub rooms: String,
    /// Such as `10m`.
    pub past: String,
    /// Such as `60s`, or nothing.
    pub next: String,
    /// A digit, or nothing.
    pub reason: String,
}

/// What is wrong with one of them: its name, and what.
pub type Problem = (&'static str, String);

impl Typed {
    /// What stands behind `:purge`: words with an `=` that are known are members, all others are the pattern.
    pub fn of(words: &[String]) -> Self {
        let mut typed = Self { past: USUAL_PAST.to_owned(), ..Self::default() };
        let mut pattern = Vec::new();
        for word in words {
            match word.split_once('=') {
                Some(("rooms", value)) => value.clone_into(&mut typed.rooms),
                Some(("past", value)) => value.clone_into(&mut typed.past),
                Some(("next", value)) => value.clone_into(&mut typed.next),
                Some(("reason", value)) => value.clone_into(&mut typed.reason),
                Some(_) | None => pattern.push(quote(word)),
            }
        }
        typed.text = pattern.join(" ");
        typed
    }

    /// What it means.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(&self) -> Result<Sweep, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut wrong = |name: &'static str, why: String| problems.push((name, why));
        match Query::parse(&self.text) {
            Ok(query) if query.is_empty() => wrong("text", "must say what is to be deleted".to_owned()),
            Ok(_) => {}
            Err(why) => wrong("text", why),
        }
        let past = within(&self.past, LONGEST_PAST, "24h").unwrap_or_else(|why| {
            wrong("past", why);
            Duration::ZERO
        });
        let next = Some(self.next.trim()).filter(|next| !next.is_empty());
        let next = next.and_then(|next| within(next, LONGEST_NEXT, "10m").map_err(|why| wrong("next", why)).ok());
        let reason = Some(self.reason.trim()).filter(|reason| !reason.is_empty());
        let digit = reason.and_then(|reason| reason.parse().ok()).filter(|digit| (1..=9).contains(digit));
        if let Some(reason) = reason.filter(|_| digit.is_none()) {
            wrong("reason", format!("is {reason:?}, must be a digit from 1 to 9"));
        }
        if !matches!(self.rooms.as_str(), "" | "this" | "all") {
            wrong("rooms", format!("is {:?}, must be this or all", self.rooms));
        }
        let everywhere = self.rooms == "all";
        if problems.is_empty() {
            Ok(Sweep { text: self.text.clone(), everywhere, past, next, reason: digit })
        } else {
            Err(problems)
        }
    }
}

fn within(text: &str, longest: Duration, most: &str) -> Result<Duration, String> {
    match span(text) {
        Some(span) if span <= longest => Ok(span),
        Some(_) => Err(format!("is {text}, at most {most}")),
        None => Err(format!("is {text:?}, must be a time such as 60s, 10m or 1h")),
    }
}

/// A time such as `60s`, `10m` or `1h`.
fn span(text: &str) -> Option<Duration> {
    let text = text.trim();
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let number: u64 = number.parse().ok().filter(|number| *number > 0)?;
    let seconds = match unit {
        "s" => number,
        "m" => number.checked_mul(60)?,
        "h" => number.checked_mul(3600)?,
        _ => return None,
    };
    Some(Duration::from_secs(seconds))
}

/// A purge that goes on for a while.
#[derive(Debug, Clone)]
pub struct Window {
    /// What it hits.
    pub sweep: Sweep,
    /// The same, to be asked.
    pub query: Query,
    /// Why.
    pub why: Why,
    /// When it ends.
    pub until: Timestamp,
    /// Messages that it has hit.
    pub hit: usize,
}

impl Window {
    /// How long it goes on, in steps that are coarse enough for a quiet screen.
    pub fn left(&self, now: Timestamp) -> String {
        let seconds = self.until.duration_since(now).as_secs().max(0);
        match (seconds + 9) / 10 * 10 {
            steps if steps > 90 => format!("{} min", (steps + 59) / 60),
            steps => format!("{steps} s"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Sweep, Vec<Problem>> {
        let words: Vec<String> = super::super::commands::words::words(line).words.into_iter().map(|w| w.text).collect();
        Typed::of(&words).read()
    }

    #[test]
    fn a_line_is_a_pattern_and_members_in_any_order() {
        let sweep = read("past=5m \"free coins\" /b+a/ next=60s reason=2 rooms=all").unwrap();
        assert_eq!(sweep.text, "\"free coins\" /b+a/");
        assert_eq!((sweep.past, sweep.next), (Duration::from_mins(5), Some(Duration::from_mins(1))));
        assert_eq!((sweep.reason, sweep.everywhere), (Some(2), true));
        let plain = read("coins").unwrap();
        assert_eq!((plain.past, plain.next, plain.everywhere), (Duration::from_mins(10), None, false));
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let problems = read("past=x next=11m reason=0 rooms=some").unwrap_err();
        let names: Vec<&str> = problems.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["text", "past", "next", "reason", "rooms"]);
        assert!(read("/(/").unwrap_err()[0].0 == "text");
        for past in ["", "s", "0s", "5", "-1m", "25h", "é", "99999999999999999999h", "9999999999999999h"] {
            assert!(read(&format!("x past={past}")).is_err(), "{past}");
        }
    }

    #[test]
    fn what_is_left_is_told_in_coarse_steps() {
        let sweep = read("x next=5m").unwrap();
        let at = |second| Timestamp::from_second(second).unwrap();
        let (query, why) = (Query::default(), Why::default());
        let window = Window { sweep, query, why, until: at(300), hit: 0 };
        let left: Vec<String> = [0, 240, 251, 259, 300, 400].map(|now| window.left(at(now))).into();
        assert_eq!(left, ["5 min", "60 s", "50 s", "50 s", "0 s", "0 s"]);
    }
}
