//! The session log: what was asked of the service and what came of it, and every error that was told, in order.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};
use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::api::{Answer, Call, Error, Service};
use crate::messaging::Ended;

use super::file::{FileTrouble, Taped};
use super::msg::Msg;
use super::outbox::{Job, Tone, Word};
use super::text::clean;
use super::trouble::Trouble;

/// Entries that are kept. Where there are more, the oldest that went well goes first, then the oldest.
pub const CAPACITY: usize = 1_000;

/// What a call came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Called {
    operation: &'static str,
    service: Service,
    resource: String,
    asked: Timestamp,
    /// The status, the requests made and the service's id of the last.
    answer: Result<(u16, u32, Option<String>), Error>,
}

impl Called {
    /// What this call, which was asked for then, came to. Nothing of its input is kept but what it is about.
    pub fn new(call: &Call, asked: Timestamp, answer: &Result<Answer, Error>) -> Self {
        let answer = answer.as_ref().map_err(Clone::clone);
        Self {
            operation: call.spec.name,
            service: call.service,
            resource: resource(call),
            asked,
            answer: answer.map(|answer| (answer.status, answer.attempts, answer.request_id.clone())),
        }
    }
}

/// What a call is about: kind and id of the resource, or the name of one that is made.
fn resource(call: &Call) -> String {
    let text = |name: &str| call.request.body.as_ref()?.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
    let tagged =
        || Some(percent_decode_str(call.request.path.strip_prefix("/tags/")?).decode_utf8_lossy().into_owned());
    let arn = text("identifier").or_else(|| text("roomIdentifier")).or_else(tagged);
    let short = arn.map(|arn| arn.rsplit(':').next().unwrap_or(&arn).to_owned());
    short.or_else(|| text("name")).unwrap_or_default()
}

/// One entry; all texts are safe to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Counted from 0, never twice.
    pub serial: u64,
    /// When it was over.
    pub at: Timestamp,
    /// What it is.
    pub what: What,
}

/// What an entry is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A call of the control plane.
    Request(Box<Request>),
    /// Anything else that went wrong, in words.
    Error(String),
}

/// A call of the control plane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Its operation.
    pub operation: &'static str,
    /// What it was about; may be empty.
    pub resource: String,
    /// How many requests it took; 0 if none was sent.
    pub attempts: u32,
    /// The HTTP status, if the service answered.
    pub status: Option<u16>,
    /// From the asking to the answer, the wait for its turn included.
    pub took: SignedDuration,
    /// The service's id of the last request.
    pub request_id: Option<String>,
    /// Why it failed, if it did.
    pub trouble: Option<Trouble>,
    /// What was told of it on the screen.
    pub said: Option<String>,
}

impl Entry {
    /// Whether something went wrong.
    pub fn is_error(&self) -> bool {
        match &self.what {
            What::Request(request) => request.trouble.is_some(),
            What::Error(_) => true,
        }
    }

    /// All that can be searched for, in lower case.
    fn words(&self) -> String {
        match &self.what {
            What::Request(request) => {
                let Request { operation, resource, request_id, trouble, said, .. } = &**request;
                let trouble = trouble.as_ref().map(Trouble::text).unwrap_or_default();
                let status = request.status.map(|status| status.to_string()).unwrap_or_default();
                let rest = [request_id.as_deref().unwrap_or_default(), said.as_deref().unwrap_or_default()].join(" ");
                format!("{operation} {resource} {status} {trouble} {rest}").to_lowercase()
            }
            What::Error(words) => words.to_lowercase(),
        }
    }

    /// The entry for a ticket.
    pub fn text(&self) -> String {
        let at = self.at.strftime("%FT%TZ");
        match &self.what {
            What::Error(words) => format!("{at} {words}\n"),
            What::Request(request) => {
                let Request { operation, resource, attempts, status, took, request_id, trouble, said } = &**request;
                let status = status.map_or("no answer".to_owned(), |status| format!("status {status}"));
                let id = request_id.as_deref().unwrap_or("none");
                let head = format!(
                    "{at} {operation} {resource}: {status}, {attempts} sent, {:.2} s, request id {id}\n",
                    took.as_secs_f64()
                );
                let said = said.iter().map(|said| format!("{said}\n")).collect::<Vec<_>>().concat();
                head + &said + &trouble.as_ref().map(Trouble::text).unwrap_or_default()
            }
        }
    }
}

/// The session log.
#[derive(Debug, Default)]
pub struct Log {
    entries: VecDeque<Entry>,
    next: u64,
    /// The first entry of this update.
    update: u64,
    let_go: u64,
}

impl Log {
    /// An update begins with this message: what it says of an error that no call tells is entered.
    pub fn begin(&mut self, now: Timestamp, msg: &Msg) {
        self.update = self.next;
        if let Some(words) = told(msg) {
            self.push(now, What::Error(clean(&words).as_str().to_owned()));
        }
    }

    /// A call is over.
    pub fn called(&mut self, now: Timestamp, called: Called) {
        let safe = |text: &str| clean(text).as_str().to_owned();
        let Called { operation, service, resource, asked, answer } = called;
        let trouble = answer.as_ref().err().map(|error| Trouble::with(service, error));
        let (status, attempts, request_id) = match answer {
            Ok((status, attempts, id)) => (Some(status), attempts, id),
            Err(error) => (error.refusal().map(|refusal| refusal.status), error.attempts, error.request_id),
        };
        let request = Request {
            operation,
            resource: safe(&resource),
            attempts,
            status,
            took: now.duration_since(asked),
            request_id: request_id.as_deref().map(safe),
            trouble,
            said: None,
        };
        self.push(now, What::Request(Box::new(request)));
    }

    /// Something was said to the reader. If it was bad news and this update has entered the error that it is about, it goes
    /// there.
    pub fn said(&mut self, now: Timestamp, word: &Word) {
        if word.tone != Tone::Bad {
            return;
        }
        let first = self.update;
        let known =
            self.entries.iter_mut().rev().take_while(|entry| entry.serial >= first).find(|entry| entry.is_error());
        match known.map(|entry| &mut entry.what) {
            Some(What::Request(request)) => request.said = Some(word.text.clone()),
            Some(What::Error(words)) => words.clone_from(&word.text),
            None => self.push(now, What::Error(word.text.clone())),
        }
    }

    fn push(&mut self, at: Timestamp, what: What) {
        if self.entries.len() >= CAPACITY {
            let spare = self.entries.iter().position(|entry| !entry.is_error()).unwrap_or_default();
            self.entries.remove(spare);
            self.let_go += 1;
        }
        self.entries.push_back(Entry { serial: self.next, at, what });
        self.next += 1;
    }

    /// The entries that have all these words, oldest first; errors alone, if so wanted.
    pub fn found(&self, filter: &str, errors_alone: bool) -> Vec<&Entry> {
        let wanted: Vec<String> = filter.split_whitespace().map(str::to_lowercase).collect();
        let entries = self.entries.iter().filter(|entry| !errors_alone || entry.is_error());
        let has_all = |entry: &&Entry| {
            wanted.is_empty() || {
                let words = entry.words();
                wanted.iter().all(|word| words.contains(word))
            }
        };
        entries.filter(has_all).collect()
    }

    /// How many are kept.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing has happened yet.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many were let go for others.
    pub fn let_go(&self) -> u64 {
        self.let_go
    }
}

/// Calls among these jobs, which leave at `now`, tell the log when they are over.
pub fn stamp(now: Timestamp, jobs: &mut [Job]) {
    for job in jobs {
        if let Job::Call(ask) = job {
            ask.asked = Some(now);
        }
    }
}

/// The error in a message, if it is one that no call tells. It may be told in other words on the screen; those are taken
/// then.
fn told(msg: &Msg) -> Option<String> {
    let of = |what: &str, why: &str| Some(format!("{what}: {why}"));
    match msg {
        Msg::Ended(_, Ended::ByUs) => None,
        Msg::Ended(link, why) => of(&format!("chat {}", link.room.id()), &why.to_string()),
        Msg::Published(link, _, Err(why)) => of(&format!("chat {}", link.room.id()), why),
        Msg::FileRead(_, Err(FileTrouble::Other(why))) | Msg::FileWritten(_, Err(FileTrouble::Other(why))) => {
            of("file", why)
        }
        Msg::RulesTested(_, Err(why)) => of("rules", why),
        Msg::Edited(_, Err(why)) => of("editor", why),
        Msg::Journal(Err(why)) => of("journal", why),
        Msg::Book(Err(why)) | Msg::BookKept(_, Err(why)) => of("notes", why),
        Msg::Taped(_, Taped::Ended(Err(why))) => of("recording", why),
        // What else goes wrong is told by a call, or by a word on the status line.
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bad(text: &str) -> Word {
        Word { tone: Tone::Bad, text: text.to_owned() }
    }

    #[test]
    fn it_is_bounded_and_errors_stay_longest() {
        let (mut log, now) = (Log::default(), Timestamp::UNIX_EPOCH);
        log.said(now, &bad("the first error"));
        let call = Called {
            operation: "DeleteMessage",
            service: Service::IvsChat,
            resource: "room/x".into(),
            asked: now,
            answer: Ok((200, 1, None)),
        };
        for _ in 0..3 * CAPACITY {
            log.called(now, call.clone());
        }
        assert_eq!((log.len(), log.let_go()), (CAPACITY, 2 * CAPACITY as u64 + 1));
        assert_eq!(log.found("first", false).len(), 1);
        for number in 0..2 * CAPACITY {
            log.begin(now, &Msg::Resize(1, 1));
            log.said(now, &bad(&format!("error {number}")));
        }
        assert_eq!((log.len(), log.found("", true).len()), (CAPACITY, CAPACITY));
        assert!(log.found("first", false).is_empty(), "the oldest went");
    }

    #[test]
    fn one_failure_is_one_entry() {
        let (mut log, now) = (Log::default(), Timestamp::UNIX_EPOCH);
        let msg = Msg::Journal(Err("disk\u{1b}[31m full".into()));
        log.begin(now, &msg);
        assert_eq!(log.found("", true)[0].what, What::Error("journal: disk␛[31m full".into()));
        log.said(now, &bad("the journal can't be read"));
        assert_eq!(log.found("", true).len(), 1);
        assert_eq!(log.found("", true)[0].what, What::Error("the journal can't be read".into()));
    }
}
