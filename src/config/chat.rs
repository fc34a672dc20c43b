//! How live rooms are watched and moderated.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::api::limit::{self, Checks};
use crate::app::room::people::Naming;
use crate::app::room::protected::Protected;

use super::path::Path;
use super::problem::Problem;
use super::token::Capability;

/// The reason of a deletion if none is configured.
const DELETE_REASON: &str = "Removed by a moderator";
/// Attributes that may be looked at for a name or for badges.
const ATTRIBUTES: usize = 16;
/// Minutes that a user may be watched.
const WATCH_RANGE: RangeInclusive<u32> = 1..=1440;
/// Rows that may be kept of each room.
const SCROLLBACK_RANGE: RangeInclusive<usize> = 100..=1_000_000;
/// Seconds that an action may wait to be cancelled: longer, and what should be gone stays too long.
const GRACE_SECONDS: u32 = 10;
/// Deletions, and as many disconnections, that an account may send a second (User Guide, service quotas).
const QUOTA_PER_SECOND: u32 = 100;

/// Deletions by rules in a minute that may be configured: more than the account's quota allows need no brake.
const MOST_BY_RULES: usize = 6_000;

/// Live rooms.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Chat {
    /// As whom the console watches; if left out, a name made of the login name.
    pub user_id: Option<String>,
    /// What that user may do besides reading.
    pub capabilities: Vec<Capability>,
    /// What is sent along with each message of that user.
    pub attributes: BTreeMap<String, String>,
    /// How long a session of that user lasts; the service's 60 minutes if left out.
    pub session_minutes: Option<u32>,
    /// The reason that a deletion gives; everyone in the room can read it. Empty gives none.
    pub delete_reason: String,
    /// The reason that stands in the form for a disconnection; everyone in the room can read it. Empty gives none.
    pub disconnect_reason: String,
    /// Rows that are kept of each room.
    pub scrollback: usize,
    /// How long a deletion or disconnection waits before it is sent, so that it can be cancelled.
    pub grace_seconds: u32,
    /// Deletions, and as many disconnections, that are sent a second at most. Other programs live on the account's
    /// quota, too.
    pub actions_per_second: u32,
    /// The attributes of a token that may hold a user's name: the first that is filled counts.
    pub name_attributes: Vec<String>,
    /// The attributes of a token that hold a user's badges: all that are filled count.
    pub badge_attributes: Vec<String>,
    /// How many minutes a user is watched.
    pub watch_minutes: u32,
    /// Messages that rules may delete in an armed room within a minute; one more disarms it.
    pub rule_deletions_per_minute: usize,
    /// Users whom no rule and nothing in bulk hits.
    pub protected: Vec<String>,
}

impl Default for Chat {
    fn default() -> Self {
        let Naming { names, badges } = Naming::default();
        Self {
            user_id: None,
            capabilities: Vec::new(),
            attributes: BTreeMap::new(),
            session_minutes: None,
            delete_reason: DELETE_REASON.to_owned(),
            disconnect_reason: String::new(),
            scrollback: 20_000,
            grace_seconds: 0,
            actions_per_second: 80,
            name_attributes: names,
            badge_attributes: badges,
            watch_minutes: 15,
            rule_deletions_per_minute: 300,
            protected: Vec::new(),
        }
    }
}

impl Chat {
    /// What is wrong with it.
    pub(super) fn check(&self, at: &Path, problems: &mut Vec<Problem>) {
        let mut bad = |key: &str, what: Option<String>| {
            problems.extend(what.map(|what| Problem::new(at.key(key), what)));
        };
        let reason = |text: &str| limit::REASON.problem(text).filter(|_| !text.is_empty());
        bad("user_id", self.user_id.as_ref().and_then(|id| limit::USER_ID.problem(id)));
        bad("delete_reason", reason(&self.delete_reason));
        bad("disconnect_reason", reason(&self.disconnect_reason));
        bad("scrollback", outside(self.scrollback, &SCROLLBACK_RANGE));
        bad("grace_seconds", outside(self.grace_seconds, &(0..=GRACE_SECONDS)));
        bad("actions_per_second", outside(self.actions_per_second, &(1..=QUOTA_PER_SECOND)));
        bad("rule_deletions_per_minute", outside(self.rule_deletions_per_minute, &(1..=MOST_BY_RULES)));
        bad("watch_minutes", outside(self.watch_minutes, &WATCH_RANGE));
        for (key, names) in [("name_attributes", &self.name_attributes), ("badge_attributes", &self.badge_attributes)] {
            let many = Some(names.len()).filter(|count| *count > ATTRIBUTES);
            bad(key, many.map(|count| format!("has {count} attributes, must have at most {ATTRIBUTES}")));
        }
        let checks = Checks::new().range("session_minutes", limit::SESSION_MINUTES, self.session_minutes);
        let checks = checks.bytes("attributes", limit::TOKEN_ATTRIBUTE_BYTES, &self.attributes);
        checks.problems().into_iter().for_each(|problem| bad(&problem.member, Some(problem.message)));
        self.check_entries(at, problems);
    }

    /// What is wrong with entries of its lists.
    fn check_entries(&self, at: &Path, problems: &mut Vec<Problem>) {
        let mut bad = |key: &str, place: usize, what: String| {
            problems.push(Problem::new(at.key(key).place(place), what));
        };
        for (key, names) in [("name_attributes", &self.name_attributes), ("badge_attributes", &self.badge_attributes)] {
            let empty = names.iter().enumerate().filter(|(_, name)| name.trim().is_empty());
            empty.for_each(|(place, _)| bad(key, place, "must not be empty".to_owned()));
        }
        for (place, capability) in self.capabilities.iter().enumerate() {
            if self.capabilities[..place].contains(capability) {
                bad("capabilities", place, "is there already".to_owned());
            }
        }
        for (place, entry) in self.protected.iter().enumerate() {
            for problem in Protected::parse(&[entry]).err().unwrap_or_default() {
                // It counts from 1, and there is one.
                bad("protected", place, problem.trim_start_matches("1 ").to_owned());
            }
        }
    }
}

/// What is wrong with a number that should be in this range, both ends included.
fn outside<T: PartialOrd + Copy + std::fmt::Display>(value: T, range: &RangeInclusive<T>) -> Option<String> {
    let (least, most) = (range.start(), range.end());
    (!range.contains(&value)).then(|| format!("is {value}, must be {least} to {most}"))
}
