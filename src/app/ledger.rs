//! What the console knows of the journal: its own changes as they go, and those that were found at the start.

use std::collections::{HashMap, VecDeque};

use jiff::Timestamp;

use crate::api::Arn;
use crate::journal::record::{Act, End, Entry, Outcome};

use super::msg::Kept;
use super::outbox::Job;
use super::text::clean;

/// Changes of one's own that are kept at hand; the file has them all.
const CAPACITY: usize = 1_000;

/// Changes, for the eye.
#[derive(Debug, Default)]
pub struct Ledger {
    found: Vec<Entry>,
    own: VecDeque<Entry>,
    /// The number of the first of `own`.
    first: u64,
    /// What was said over connections, by request id, until it is known what came of it.
    said: HashMap<Box<str>, u64>,
    /// Where the journal is kept.
    folder: Option<String>,
    /// Why earlier changes could not be read.
    trouble: Option<String>,
}

impl Ledger {
    /// Enters the changes among these jobs, which leave at `now`, and what came of what was said.
    pub fn enter(&mut self, now: Timestamp, jobs: &mut [Job]) {
        for job in jobs {
            match job {
                Job::Call(ask) => {
                    let Some(deed) = &ask.deed else { continue };
                    let act = deed.act(&ask.call);
                    ask.entry = Some(self.begin(now, act));
                }
                Job::Publish(saying) => {
                    let number = self.begin(now, saying.deed.act_of(&saying.publish));
                    self.said.insert(saying.publish.request_id().into(), number);
                }
                Job::Conclude(_, request_id, outcome) => {
                    if let Some(number) = self.said.remove(request_id) {
                        self.end(now, number, (**outcome).clone());
                    }
                }
                Job::After(..)
                | Job::ReadJournal
                | Job::ReadBook
                | Job::KeepInBook(_)
                | Job::Connect(..)
                | Job::Disconnect(_)
                | Job::Copy(_)
                | Job::CopyToken(_)
                | Job::ReadFile(..)
                | Job::TestRules(..)
                | Job::WriteFile(..)
                | Job::Tape(..)
                | Job::Edit(_)
                | Job::Identity(_)
                | Job::Suspend
                | Job::Quit => {}
            }
        }
    }

    fn begin(&mut self, time: Timestamp, act: Act) -> u64 {
        if self.own.len() >= CAPACITY {
            self.own.pop_front();
            self.first += 1;
        }
        self.own.push_back(Entry { time, actor: None, act, end: End::Pending });
        self.first + self.own.len() as u64 - 1
    }

    /// A change is over.
    pub fn end(&mut self, now: Timestamp, number: u64, mut outcome: Outcome) {
        let entry = number.checked_sub(self.first).and_then(|at| self.own.get_mut(usize::try_from(at).ok()?));
        if let Some(entry) = entry {
            let latency = now.duration_since(entry.time).as_millis();
            outcome.latency_ms = u64::try_from(latency).unwrap_or_default();
            entry.end = End::Over(outcome);
        }
    }

    /// Earlier changes were read, or not.
    pub fn found(&mut self, kept: Result<Kept, String>) {
        match kept {
            Ok(kept) => {
                self.folder = kept.folder.map(|folder| clean(&folder).as_str().to_owned());
                self.found = kept.entries;
                self.trouble = None;
            }
            Err(why) => self.trouble = Some(clean(&why).as_str().to_owned()),
        }
    }

    /// Where the journal is kept; safe to show. None if it is not.
    pub fn folder(&self) -> Option<&str> {
        self.folder.as_deref()
    }

    /// Why earlier changes could not be read; safe to show.
    pub fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }

    /// Changes of this resource, or of all, newest first.
    pub fn entries(&self, about: Option<&Arn>) -> Vec<&Entry> {
        let mut entries: Vec<&Entry> =
            self.found.iter().chain(&self.own).filter(|entry| about.is_none_or(|arn| entry.is_about(arn))).collect();
        entries.reverse();
        // Other consoles write in between.
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.time));
        entries
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::Value;

    use super::*;
    use crate::api::Answer;

    fn act() -> Act {
        Act {
            operation: "CreateRoom".into(),
            target: None,
            user: None,
            reason: None,
            note: None,
            rule: None,
            text: None,
            input: Value::Null,
        }
    }

    #[test]
    fn a_change_that_was_let_go_ends_without_a_trace_and_others_end_where_they_stand() {
        let (mut ledger, now) = (Ledger::default(), Timestamp::UNIX_EPOCH);
        let numbers: Vec<u64> = (0..=CAPACITY).map(|_| ledger.begin(now, act())).collect();
        let answer = Answer { status: 200, request_id: None, attempts: 1, body: Vec::new() };
        let outcome = Outcome::of(&Ok(answer), Duration::ZERO);
        ledger.end(now, numbers[0], outcome.clone());
        assert!(ledger.entries(None).iter().all(|entry| entry.end == End::Pending));
        ledger.end(now, numbers[1], outcome);
        assert!(ledger.own[0].is_done() && !ledger.own[1].is_done());
    }
}
