//! What the rules make of one room: which are in force, what they have struck, what is remembered for repeats and floods.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::api::Arn;

use super::RuleId;
use super::cluster::Clusters;
use super::rule::{Heard, Looked, Rules};

/// The rules of one room at work.
#[derive(Debug, Default)]
pub struct Watcher {
    in_force: Vec<RuleId>,
    /// Messages that each rule has struck, by its place.
    hits: Vec<u64>,
    repeats: Clusters,
    floods: Clusters,
}

/// What the rules make of a message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judgement {
    /// The first rule that it strikes.
    pub flag: Option<RuleId>,
    /// Earlier rows that belong to it and are to be flagged, too, with their rules.
    pub earlier: Vec<(u64, RuleId)>,
    /// What an armed room is to do about it.
    pub act: Option<Act>,
}

/// What a rule wants done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// The rule.
    pub rule: RuleId,
    /// Earlier rows that belong to the message.
    pub earlier: Vec<u64>,
}

impl Watcher {
    /// For a room of this name.
    pub fn new(rules: &Rules, title: &str, arn: &Arn) -> Self {
        Self::with(rules, rules.of_room(title, arn))
    }

    /// With all rules, whatever rooms they are for.
    pub fn of_all(rules: &Rules) -> Self {
        Self::with(rules, rules.rules().map(|(id, _)| id).collect())
    }

    fn with(rules: &Rules, in_force: Vec<RuleId>) -> Self {
        let known = || in_force.iter().filter_map(|id| rules.get(*id));
        let repeats = Clusters::new(known().filter_map(|rule| rule.repeat));
        let floods = Clusters::new(known().filter_map(|rule| rule.flood));
        Self { hits: vec![0; rules.len()], repeats, floods, in_force }
    }

    /// The room has another name: other rules may be in force. What was struck is still counted.
    pub fn rename(&mut self, rules: &Rules, title: &str, arn: &Arn) {
        let in_force = rules.of_room(title, arn);
        if in_force != self.in_force {
            let hits = std::mem::take(&mut self.hits);
            *self = Self { hits, ..Self::with(rules, in_force) };
        }
    }

    /// The rules in force, with how many messages each has struck.
    pub fn in_force(&self) -> impl Iterator<Item = (RuleId, u64)> {
        self.in_force.iter().map(|id| (*id, self.hits.get(usize::from(id.0)).copied().unwrap_or_default()))
    }

    /// Judges a message. Messages of protected users and of the console's own should not come here.
    pub fn judge(&mut self, rules: &Rules, heard: &Heard) -> Judgement {
        let mut judgement = Judgement::default();
        if self.in_force.is_empty() {
            return judgement;
        }
        let user = key_of(heard.user_id);
        self.floods.add(user, heard.at, heard.seq);
        if heard.fingerprint != 0 {
            self.repeats.add(heard.fingerprint, heard.at, heard.seq);
        }
        let looked = Looked::at(heard.text);
        let Self { in_force, hits, repeats, floods } = self;
        for id in in_force.iter().copied() {
            let Some(rule) = rules.get(id) else { continue };
            let repeated =
                rule.repeat.filter(|_| heard.fingerprint != 0).and_then(|at| repeats.strike(heard.fingerprint, id, at));
            let flooded = rule.flood.and_then(|at| floods.strike(user, id, at));
            if repeated.is_none() && flooded.is_none() && !rule.strikes(&looked) {
                continue;
            }
            let mut earlier = [repeated.unwrap_or_default(), flooded.unwrap_or_default()].concat();
            earlier.sort_unstable();
            earlier.dedup();
            if let Some(hits) = hits.get_mut(usize::from(id.0)) {
                *hits += 1 + earlier.len() as u64;
            }
            judgement.flag.get_or_insert(id);
            judgement.earlier.extend(earlier.iter().map(|seq| (*seq, id)));
            if rule.deletes() && judgement.act.is_none() {
                judgement.act = Some(Act { rule: id, earlier });
            }
        }
        judgement
    }
}

fn key_of(user_id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    user_id.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::app::room::rules::Spec;
    use crate::app::text::fingerprint;

    fn rules(text: &str) -> Rules {
        #[derive(serde::Deserialize)]
        struct File {
            rule: Vec<Spec>,
        }
        Rules::compile(&toml::from_str::<File>(text).unwrap().rule).unwrap()
    }

    struct Talk {
        rules: Rules,
        watcher: Watcher,
        seq: u64,
    }

    impl Talk {
        fn under(text: &str) -> Self {
            let rules = rules(text);
            Self { watcher: Watcher::of_all(&rules), rules, seq: 0 }
        }

        fn say(&mut self, second: i64, user_id: &str, text: &str) -> Judgement {
            let at = Timestamp::from_second(1_000_000 + second).unwrap();
            let heard = Heard { seq: self.seq, at, user_id, text, fingerprint: fingerprint(text) };
            self.seq += 1;
            self.watcher.judge(&self.rules, &heard)
        }

        fn hits(&self) -> Vec<u64> {
            self.watcher.in_force().map(|(_, hits)| hits).collect()
        }
    }

    const FIRST: Option<RuleId> = Some(RuleId(0));

    #[test]
    fn the_first_rule_flags_and_all_that_strike_are_counted() {
        let mut talk = Talk::under(
            "[[rule]]\nname = 'one'\nwords = ['coins']\n[[rule]]\nname = 'two'\nwords = ['free']\naction = 'delete'\n",
        );
        assert_eq!(talk.say(0, "u", "hello"), Judgement::default());
        let judgement = talk.say(1, "u", "free coins");
        assert_eq!(judgement.flag, FIRST);
        assert_eq!(
            judgement.act.map(|act| act.rule),
            Some(RuleId(1)),
            "whoever flags first, the one that deletes acts"
        );
        assert_eq!(talk.say(2, "u", "coins").act, None);
        assert_eq!(talk.hits(), [2, 1]);
    }

    #[test]
    fn a_wave_is_flagged_from_its_first_message_on_whoever_wrote_them_and_however() {
        let mut talk =
            Talk::under("[[rule]]\nname = 'wave'\nrepeat = { count = 3, seconds = 30 }\naction = 'delete'\n");
        assert_eq!(talk.say(0, "a", "free coins").flag, None);
        assert_eq!(talk.say(1, "b", "something else").flag, None);
        assert_eq!(talk.say(2, "b", "FREE coins!").flag, None);
        let judgement = talk.say(3, "c", "freeee  coins");
        assert_eq!((judgement.flag, judgement.earlier), (FIRST, vec![(0, RuleId(0)), (2, RuleId(0))]));
        assert_eq!(judgement.act, Some(Act { rule: RuleId(0), earlier: vec![0, 2] }));
        assert_eq!(talk.say(4, "d", "free coins").earlier, []);
        assert_eq!(talk.say(60, "d", "free coins").flag, None);
        assert_eq!(talk.hits(), [4]);
    }

    #[test]
    fn texts_with_nothing_to_compare_are_no_wave() {
        let mut talk = Talk::under("[[rule]]\nname = 'wave'\nrepeat = { count = 2, seconds = 30 }\n");
        assert_eq!((talk.say(0, "a", "!!!").flag, talk.say(0, "b", "?").flag), (None, None));
    }

    #[test]
    fn a_flood_is_one_user_s() {
        let mut talk = Talk::under("[[rule]]\nname = 'flood'\nflood = { messages = 3, seconds = 5 }\n");
        for user in ["a", "b", "a", "b"] {
            assert_eq!(talk.say(0, user, "x").flag, None);
        }
        let judgement = talk.say(4, "a", "y");
        assert_eq!((judgement.flag, judgement.earlier), (FIRST, vec![(0, RuleId(0)), (2, RuleId(0))]));
        assert_eq!(talk.say(9, "b", "z").flag, None, "too slow");
    }

    #[test]
    fn another_name_puts_other_rules_in_force_and_forgets_no_count() {
        let rules =
            rules("[[rule]]\nname = 'a'\nrooms = ['lobby']\nwords = ['x']\n[[rule]]\nname = 'b'\nwords = ['x']\n");
        let arn: Arn = "arn:aws:ivschat:us-west-2:123456789012:room/AbCdEfGhIjKl".parse().unwrap();
        let mut watcher = Watcher::new(&rules, "lobby", &arn);
        let heard = Heard { seq: 0, at: Timestamp::UNIX_EPOCH, user_id: "u", text: "x", fingerprint: 1 };
        assert_eq!(watcher.judge(&rules, &heard).flag, Some(RuleId(0)));
        watcher.rename(&rules, "arena", &arn);
        assert_eq!(watcher.judge(&rules, &heard).flag, Some(RuleId(1)));
        assert_eq!(watcher.in_force().collect::<Vec<_>>(), [(RuleId(1), 2)]);
    }
}
