//! How a room's connection stands, at a glance: a mark for lists and frames, words for the status line.

use jiff::Timestamp;
use ratatui::style::Style;

use crate::app::look::Look;

use super::link::{Link, Renewal, Session};
use super::view::clock;

/// One mark: live, on the way, stopped, or not watched.
pub fn mark(link: &Link, look: Look) -> (&'static str, Style) {
    match link {
        Link::Live { renewal: Renewal::NotDue | Renewal::UnderWay { trouble: None, .. }, .. } => ("*", look.good()),
        // One that can't be renewed is as good as lost.
        Link::Live { renewal: Renewal::UnderWay { trouble: Some(_), .. }, .. }
        | Link::Asking
        | Link::Connecting(_)
        | Link::Waiting(_) => ("~", look.busy()),
        Link::Stopped => ("!", look.bad()),
        Link::Off => (" ", look.text()),
    }
}

/// Words, of which the first matter most. They change with the connection, and by the minute at most: an idle screen is
/// not drawn anew.
pub fn words(link: &Link, now: Timestamp, look: Look) -> Vec<(String, Style)> {
    let one = |words: &str, style| vec![(words.to_owned(), style)];
    match link {
        Link::Off => one("not watched: C-r connects", look.quiet()),
        Link::Asking => one("asking for a chat token", look.busy()),
        Link::Connecting(_) => one("connecting", look.busy()),
        Link::Live { session, renewal, .. } => live(*session, renewal, now, look),
        Link::Waiting(until) => one(&format!("reconnecting at {}Z", clock(*until)), look.busy()),
        Link::Stopped => one("stopped: C-r reconnects", look.bad()),
    }
}

fn live(session: Session, renewal: &Renewal, now: Timestamp, look: Look) -> Vec<(String, Style)> {
    let until = format!("  session until {}Z", &clock(session.until)[..5]);
    match renewal {
        Renewal::NotDue => vec![("live".to_owned(), look.good()), (until, look.quiet())],
        Renewal::UnderWay { trouble: None, .. } => {
            vec![("live, renewing".to_owned(), look.good()), (until, look.quiet())]
        }
        Renewal::UnderWay { trouble: Some(trouble), .. } => {
            let ends = format!("session ends {}, {}", left(session, now), trouble.as_str());
            vec![(ends, look.busy())]
        }
    }
}

/// The time that a session has left, in minutes.
fn left(session: Session, now: Timestamp) -> String {
    match session.until.duration_since(now).as_mins() {
        minutes if minutes < 1 => "in under 1 min".to_owned(),
        minutes => format!("in {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::room::link::Step;
    use crate::app::text::clean;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn live(renewal: Renewal) -> Link {
        Link::Live { since: at(0), session: Session { until: at(3600), renew: at(3500) }, renewal }
    }

    #[test]
    fn each_state_has_a_mark_and_words() {
        let renewing = |trouble: Option<&str>| Renewal::UnderWay { step: Step::Asking, trouble: trouble.map(clean) };
        let session = Session { until: at(3600), renew: at(3500) };
        for (link, shown, told) in [
            (Link::Off, " ", "not watched: C-r connects"),
            (Link::Asking, "~", "asking for a chat token"),
            (Link::Connecting(session), "~", "connecting"),
            (live(Renewal::NotDue), "*", "live  session until 01:00Z"),
            (live(renewing(None)), "*", "live, renewing  session until 01:00Z"),
            (live(renewing(Some("no"))), "~", "session ends in 2 min, no"),
            (Link::Waiting(at(12)), "~", "reconnecting at 00:00:12Z"),
            (Link::Stopped, "!", "stopped: C-r reconnects"),
        ] {
            let look = Look::terminal();
            let all: String = words(&link, at(3450), look).into_iter().map(|(words, _)| words).collect();
            assert_eq!((mark(&link, look).0, all.as_str()), (shown, told));
        }
    }

    #[test]
    fn words_change_by_the_minute_at_most() {
        let link = live(Renewal::UnderWay { step: Step::Asking, trouble: Some(clean("no")) });
        let mut told: Vec<_> = (3421..3600).map(|second| words(&link, at(second), Look::terminal())).collect();
        told.dedup();
        assert_eq!(told.len(), 3);
    }
}
