//! The rules tried on a feed that was recorded: what each of them would have flagged.

use jiff::Timestamp;
use serde_json::Value;

use crate::app::room::people::People;
use crate::app::room::protected::Protected;
use crate::app::text::{clean, fingerprint};
use crate::messaging::Frame;
use crate::messaging::frame::Message;
use crate::messaging::recording::{self, Line, Recorded, What};

use super::RuleId;
use super::rule::{Heard, Rules};
use super::watcher::Watcher;

/// Messages that are shown of what a rule would have flagged.
const EXAMPLES: usize = 5;
/// Lines that can't be read of which it is said why.
const PROBLEMS: usize = 5;

/// Rules at work on a recorded feed, line by line.
#[derive(Debug)]
pub struct Trial<'a> {
    rules: &'a Rules,
    protected: &'a Protected,
    watcher: Watcher,
    people: People,
    findings: Findings,
    seq: u64,
    at: Timestamp,
}

/// What came of a trial.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// Messages that were tried.
    pub messages: u64,
    /// Those among them that any rule would have flagged when they came.
    pub flagged: u64,
    /// Messages of protected users, which no rule looks at.
    pub spared: u64,
    /// Lines that hold something else than a message.
    pub others: u64,
    /// Lines that can't be read.
    pub unreadable: u64,
    /// The first of them: number and why.
    pub problems: Vec<(u64, String)>,
    /// What each rule would have flagged.
    pub hits: Vec<Hits>,
}

/// What a rule would have flagged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hits {
    /// Its name.
    pub name: String,
    /// What it looks for.
    pub words: String,
    /// The rooms that it is for, if not for all.
    pub rooms: Option<String>,
    /// Whether it would have deleted in an armed room.
    pub deletes: bool,
    /// Messages.
    pub count: u64,
    /// The first of them.
    pub examples: Vec<Example>,
}

/// A message that would have been flagged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// Its line, from 1.
    pub line: u64,
    /// Name and short id of who wrote it.
    pub who: String,
    /// What was written; safe to show.
    pub text: String,
}

impl<'a> Trial<'a> {
    /// Nothing tried yet.
    pub fn new(rules: &'a Rules, protected: &'a Protected) -> Self {
        let hits = rules.rules().map(|(_, rule)| {
            let rooms: Vec<&str> = rule.rooms().collect();
            Hits {
                name: rule.name.to_string(),
                words: rule.words(),
                rooms: Some(rooms.join(", ")).filter(|rooms| !rooms.is_empty()),
                deletes: rule.deletes(),
                count: 0,
                examples: Vec::new(),
            }
        });
        let findings = Findings { hits: hits.collect(), ..Findings::default() };
        let (watcher, people) = (Watcher::of_all(rules), People::default());
        Self { rules, protected, watcher, people, findings, seq: 0, at: Timestamp::UNIX_EPOCH }
    }

    /// Tries the next line: a frame, one of the service's own chat log records, or a line of a recording of ours.
    pub fn line(&mut self, line: &str) {
        self.seq += 1;
        if line.trim().is_empty() {
            return;
        }
        match frame(line) {
            Ok(Some(Recorded { at, what: What::Frame(Frame::Message(message)) })) => {
                self.at = message.send_time.unwrap_or(at).max(self.at);
                self.message(&message);
            }
            Ok(Some(Recorded { what: What::Frame(Frame::Event(_) | Frame::Error(_)), .. })) => {
                self.findings.others += 1;
            }
            Ok(Some(Recorded { what: What::Frame(Frame::Unknown(unknown)), .. })) => self.unreadable(&unknown.why),
            Ok(Some(Recorded { what: What::Gap(_), .. }) | None) => {}
            Err(why) => self.unreadable(&why),
        }
    }

    fn message(&mut self, message: &Message) {
        let person = self.people.meet(&message.sender);
        self.findings.messages += 1;
        if self.protected.has(&person) {
            self.findings.spared += 1;
        } else {
            let text = clean(&message.content);
            self.judge(&person.user_id, &person.label(), text.as_str());
        }
    }

    fn judge(&mut self, user_id: &str, who: &str, text: &str) {
        let heard = Heard { seq: self.seq, at: self.at, user_id, text, fingerprint: fingerprint(text) };
        let judgement = self.watcher.judge(self.rules, &heard);
        self.findings.flagged += u64::from(judgement.flag.is_some());
        for (id, count) in self.watcher.in_force() {
            let Some(hits) = self.findings.hits.get_mut(usize::from(id.0)).filter(|hits| hits.count < count) else {
                continue;
            };
            hits.count = count;
            if hits.examples.len() < EXAMPLES {
                hits.examples.push(Example { line: self.seq, who: who.to_owned(), text: text.to_owned() });
            }
        }
    }

    /// The next line is longer than any frame.
    pub fn too_long(&mut self) {
        self.seq += 1;
        self.unreadable("it is too long");
    }

    fn unreadable(&mut self, why: &str) {
        self.findings.unreadable += 1;
        if self.findings.problems.len() < PROBLEMS {
            self.findings.problems.push((self.seq, clean(why).as_str().to_owned()));
        }
    }

    /// What came of it.
    pub fn finish(self) -> Findings {
        self.findings
    }
}

/// The frame that a line holds, in whichever of the known shapes; none if it is the head of a recording.
fn frame(line: &str) -> Result<Option<Recorded>, String> {
    let value: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
    if value.get("Type").is_some() {
        return Ok(Some(Recorded { at: Timestamp::UNIX_EPOCH, what: What::Frame(Frame::parse(line)) }));
    }
    match recording::parse(line)? {
        Line::Header { .. } => Ok(None),
        Line::Recorded(recorded) => Ok(Some(recorded)),
    }
}

impl Findings {
    /// What came of a rule.
    pub fn of(&self, id: RuleId) -> Option<&Hits> {
        self.hits.get(usize::from(id.0))
    }

    /// What was not tried, in words.
    pub fn rest(&self) -> Vec<String> {
        let rest = [
            (self.spared, "message", "of protected users, which no rule looks at"),
            (self.others, "line", "of something else: events, refusals"),
        ];
        let some = rest.iter().filter(|(count, ..)| *count > 0);
        some.map(|(count, what, why)| format!("{} {why}", counted(*count, what))).collect()
    }

    /// As text, for a pipe or a page: one line each, not wrapped.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!("{}, {} flagged when they came", counted(self.messages, "message"), self.flagged)];
        lines.extend(self.rest());
        lines.extend((self.unreadable > 0).then(|| format!("{} not readable", counted(self.unreadable, "line"))));
        lines.extend(self.problems.iter().map(|(line, why)| format!("  line {line}: {why}")));
        for hits in &self.hits {
            lines.push(String::new());
            lines.push(format!("{}: {}", hits.name, counted(hits.count, "hit")));
            let rooms = hits.rooms.as_ref().map(|rooms| format!("; only in {rooms}")).unwrap_or_default();
            let deletes = if hits.deletes { "; deletes in an armed room" } else { "" };
            lines.push(format!("  {}{deletes}{rooms}", hits.words));
            let shown = hits.examples.iter();
            lines.extend(shown.map(|example| format!("  line {}: {}: {}", example.line, example.who, example.text)));
        }
        lines
    }
}

/// So many of something.
pub fn counted(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> Rules {
        let spec = |text: &str| toml::from_str(text).unwrap();
        Rules::compile(&[
            spec("name = 'coins'\nwords = ['free coins']\nrooms = ['lobby-*']"),
            spec("name = 'wave'\nrepeat = { count = 3, seconds = 30 }\naction = 'delete'"),
            spec("name = 'never'\nwords = ['xyzzy']"),
        ])
        .unwrap()
    }

    fn message(second: u32, user: &str, text: &str) -> String {
        format!(
            r#"{{"Type":"MESSAGE","Id":"m{second}","Content":{text:?},"SendTime":"2026-11-21T12:00:{second:02}Z",
               "Sender":{{"UserId":"{user}","Attributes":{{"role":"{user}"}}}}}}"#
        )
        .replace('\n', "")
    }

    #[test]
    fn hits_are_counted_for_each_rule_with_their_lines_and_who() {
        let (rules, protected) = (rules(), Protected::parse(&["role=moderator"]).unwrap());
        let mut trial = Trial::new(&rules, &protected);
        let record = format!(r#"{{"type":"MESSAGE","version":"1.0","payload":{}}}"#, message(2, "c", "wave"));
        let came = "2026-11-21T12:00:03Z".parse().unwrap();
        let recording = recording::line("arn", came, &Frame::parse(&message(3, "d", "wave")));
        for line in [
            &recording::header("arn", "lobby", came),
            &message(0, "a", "get free coins"),
            &message(1, "b", "wave"),
            &record,
            "",
            &recording,
            &message(4, "moderator", "no free coins here"),
            r#"{"Type":"EVENT","Id":"e","EventName":"app:X"}"#,
            "nonsense",
            "[]",
            r#"{"Type":"PARADE"}"#,
        ] {
            trial.line(line);
        }
        let found = trial.finish();
        assert_eq!((found.messages, found.flagged, found.spared, found.others), (5, 2, 1, 1));
        let counts: Vec<u64> = found.hits.iter().map(|hits| hits.count).collect();
        assert_eq!(counts, [1, 3, 0]);
        assert_eq!(found.hits[0].examples[0].line, 2);
        assert!(found.hits[0].examples[0].who.starts_with("a#"));
        let lines: Vec<u64> = found.problems.iter().map(|(line, _)| *line).collect();
        assert_eq!((found.unreadable, lines), (3, vec![9, 10, 11]));
        let text = found.lines().join("\n");
        for wanted in ["coins: 1 hit", "only in lobby-*", "wave: 3 hits", "deletes in an armed room", "never: 0 hits"] {
            assert!(text.contains(wanted), "{text}");
        }
    }
}
