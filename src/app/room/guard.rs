//! A room under its rules: each message is judged as it comes; what belongs to it is flagged, and, in a room that is
//! armed, deleted if its rule says so.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};

use crate::app::outbox::Outbox;
use crate::app::queue::{Origin, Why};
use crate::app::text::clean;

use super::live::Room;
use super::people::Person;
use super::row::{Body, Notice, Row, Said};
use super::rules::{Act, Action, Heard, Judgement, RuleId, Rules, Watcher};

/// The time in which so many deletions by rules are too many.
const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// Messages that rules may delete in one room within a minute. One more, and the room is not armed any more: a rule that is
/// written badly must not empty a room while nobody looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Brake(pub usize);

impl Default for Brake {
    fn default() -> Self {
        Self(300)
    }
}

/// What the rules have to do with one room.
#[derive(Debug, Default)]
pub struct Guard {
    watcher: Watcher,
    /// Whether rules that delete may do so: only somebody who said so here and now can want that.
    armed: Option<Armed>,
    /// Messages that rules have deleted.
    deleted: u64,
}

/// Rules may delete.
#[derive(Debug)]
struct Armed {
    /// From this row on: what was said before is left to people.
    from: u64,
    /// When they did so within the last minute, oldest first.
    recent: VecDeque<Timestamp>,
}

impl Armed {
    /// Whether one more may go now; it counts if so.
    fn may_delete(&mut self, now: Timestamp, brake: Brake) -> bool {
        while self.recent.front().is_some_and(|at| now.duration_since(*at) >= MINUTE) {
            self.recent.pop_front();
        }
        let may = self.recent.len() < brake.0;
        if may {
            self.recent.push_back(now);
        }
        may
    }
}

impl Guard {
    /// For a room that was opened just now: not armed.
    pub fn new(watcher: Watcher) -> Self {
        Self { watcher, ..Self::default() }
    }
}

/// What can be told of a room's rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InForce {
    /// The rule's name.
    pub name: String,
    /// What it looks for.
    pub words: String,
    /// Whether it deletes while the room is armed.
    pub deletes: bool,
    /// The public reason that it then gives.
    pub reason: Option<String>,
    /// Messages that it has struck here.
    pub hits: u64,
}

impl Room {
    /// Takes a message in: it is judged before anybody sees it. False if it is here already.
    pub(super) fn hear(&mut self, now: Timestamp, time: Timestamp, mut said: Said, outbox: &mut Outbox) -> bool {
        self.begin_day(time);
        let judgement = if self.is_spared(&said) { Judgement::default() } else { self.judge(time, &said) };
        said.signs.flag = judgement.flag;
        let Some(seq) = self.push(time, Body::Message(said)) else { return false };
        for (earlier, rule) in judgement.earlier {
            self.flag(earlier, rule);
        }
        if let Some(act) = judgement.act.filter(|_| self.guard.armed.is_some()) {
            self.act_by_rule(now, seq, &act, outbox);
        }
        true
    }

    fn judge(&mut self, time: Timestamp, said: &Said) -> Judgement {
        if self.feed.find(&said.id).is_some() {
            return Judgement::default();
        }
        let heard = Heard {
            seq: self.feed.next(),
            at: time,
            user_id: &said.by.user_id,
            text: said.text.as_str(),
            fingerprint: said.signs.fingerprint,
        };
        self.guard.watcher.judge(&self.settings.rules, &heard)
    }

    /// Whether no rule looks at it: it is of a protected user, or of the console's own.
    fn is_spared(&self, said: &Said) -> bool {
        self.is_own(said) || self.is_protected(&said.by)
    }

    /// Whether the console's own user wrote it.
    pub fn is_own(&self, said: &Said) -> bool {
        let own = [&self.settings.user_id, &self.identity.user_id];
        own.iter().any(|own| **own == *said.by.user_id)
    }

    /// Whether nothing in bulk hits a user: as they were when they wrote, or as they were seen last. A moderator who comes
    /// back with another token is still one.
    pub fn is_protected(&self, person: &Person) -> bool {
        let protected = &self.settings.protected;
        !protected.is_empty()
            && (protected.has(person) || self.people.find(&person.user_id).is_some_and(|now| protected.has(now)))
    }

    /// What an armed rule wants: the message goes, and those before it that belong to it.
    fn act_by_rule(&mut self, now: Timestamp, seq: u64, act: &Act, outbox: &mut Outbox) {
        let Some(rule) = self.settings.rules.get(act.rule) else { return };
        let reason = match &rule.action {
            Action::Flag => return,
            Action::Delete { reason } => reason.clone(),
        };
        let name = rule.name.to_string();
        let brake = self.settings.brake;
        for seq in act.earlier.iter().copied().chain([seq]) {
            let standing = self.feed.row(seq).and_then(Row::message).is_some_and(Said::is_standing);
            let Some(armed) = self.guard.armed.as_mut() else { return };
            if !standing || seq < armed.from {
                continue;
            }
            if !armed.may_delete(now, brake) {
                return self.brake(now, &name, outbox);
            }
            self.guard.deleted += 1;
            let why = Why { reason: reason.clone(), note: None, rule: Some(name.clone()) };
            self.doom(seq, &why, Origin::Unattended, now, outbox);
        }
    }

    /// Rules have deleted too much: they only flag from now on, and that is told where it stays.
    fn brake(&mut self, now: Timestamp, rule: &str, outbox: &mut Outbox) {
        self.guard.armed = None;
        let Brake(most) = self.settings.brake;
        let why = clean(&format!("DISARMED: rules deleted {most} within a minute, {rule} the last"));
        outbox.bad(format!("{}: {}; u takes back what is not sent", self.title.as_str(), why.as_str()));
        self.tell(now, Notice::Disarmed(why));
    }

    /// The name of the rule that has flagged a message.
    pub fn flag_of(&self, said: &Said) -> Option<&str> {
        said.signs.flag.map(|rule| self.settings.rules.name(rule))
    }

    /// The room has another name: other rules may be in force.
    pub(super) fn rules_by_name(&mut self) {
        self.guard.watcher.rename(&self.settings.rules, self.title.as_str(), &self.arn);
    }

    /// The rules in force here, with what they have struck.
    pub fn in_force(&self) -> Vec<InForce> {
        let of = |(id, hits): (RuleId, u64)| {
            let rule = self.settings.rules.get(id)?;
            let reason = match &rule.action {
                Action::Flag => None,
                Action::Delete { reason } => reason.clone(),
            };
            Some(InForce { name: rule.name.to_string(), words: rule.words(), deletes: rule.deletes(), reason, hits })
        };
        self.guard.watcher.in_force().filter_map(of).collect()
    }

    /// Whether rules may delete here by themselves.
    pub fn is_armed(&self) -> bool {
        self.guard.armed.is_some()
    }

    /// Messages that rules have deleted here.
    pub fn deleted_by_rules(&self) -> u64 {
        self.guard.deleted
    }

    /// Lets rules delete from now on what comes from now on, or does not any more.
    pub fn arm(&mut self, armed: bool) {
        self.guard.armed = armed.then(|| Armed { from: self.feed.next(), recent: VecDeque::new() });
    }

    /// All rules, those of other rooms included.
    pub fn rules(&self) -> &Rules {
        &self.settings.rules
    }
}
