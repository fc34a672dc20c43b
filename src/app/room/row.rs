//! One row of the feed: a message and its fate, or a line of the console's own that no user can forge.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::app::text::{Clean, clean_within, fingerprint_and_length, links};
use crate::messaging::frame::{Attributes, Message};

use super::people::Person;
use super::rules::RuleId;

/// Code points of a message that are laid out: ten times what the service takes in one.
const SHOWN: usize = 5000;

/// Characters of a text's skeleton from which on it folds also if many users write it. Whoever writes less, such as `gg`,
/// `lol` or an emoji, agrees with others but does not raid with them; slurs are hardly ever shorter.
const ALONE: usize = 4;

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Counted from 0 in the order of arrival; never used twice.
    pub seq: u64,
    /// When the service took it, or when we saw it.
    pub time: Timestamp,
    /// What it says.
    pub body: Body,
}

/// What a row says.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// Somebody wrote.
    Message(Said),
    /// Something happened.
    Notice(Notice),
}

/// A message.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// The message's id: what selections and actions hold on to.
    pub id: Box<str>,
    /// Who wrote it.
    pub by: Arc<Person>,
    /// What was written, made safe. It outlives a deletion: it is what was judged.
    pub text: Clean,
    /// What became of it.
    pub fate: Fate,
    /// What else came with it, if anything did.
    pub more: Option<Box<More>>,
    /// What was noticed about it when it came.
    pub signs: Signs,
}

/// What is noticed about a message when it comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Signs {
    /// Equal for texts that say the same but for tricks; 0 if there is nothing in it to compare.
    pub fingerprint: u64,
    /// Whether it says too little for others who say the same to belong to it.
    pub short: bool,
    /// Links in it.
    pub links: u8,
    /// Whether it is the first of its user that was seen here.
    pub first: bool,
    /// The rule that has flagged it.
    pub flag: Option<RuleId>,
    /// Seconds between its time and its coming.
    pub late: u16,
}

/// What came with a message and is not shown. Most have none of it, and there may be very many messages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct More {
    /// The text as it was written, where that is not safe to show.
    pub raw: Option<Box<str>>,
    /// What the sender's client attached.
    pub attributes: Attributes,
    /// After what time it was back, if this console wrote it.
    pub written: Option<Duration>,
}

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It stands.
    Standing,
    /// We asked for its deletion at `asked`.
    Deleting {
        /// When the key was pressed.
        asked: Timestamp,
        /// How far it has got.
        stage: Stage,
    },
    /// Our deletion was refused or could not be sent: the message stands.
    Failed(String),
    /// Its deletion was announced to the room.
    Deleted {
        /// The public reason.
        reason: Clean,
        /// By whom.
        by: Actor,
        /// How long it had stood.
        after: Duration,
    },
}

/// How far a deletion of ours has got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// It is not sent yet, and can be cancelled.
    Waiting,
    /// On its way to the service.
    Pending,
    /// The service took it; the room has not been told yet.
    Sent,
    /// The answer was lost, or the service took it and the room was not told in time: nobody knows.
    Unconfirmed,
}

/// Who deleted a message, or disconnected a user. Events name no actor, so all that is known is whether we asked for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// We did, and the room knew after this time.
    Us(Duration),
    /// Somebody else.
    SomebodyElse,
}

/// A line of the console's own.
#[derive(Debug, Clone, PartialEq)]
pub enum Notice {
    /// The connection opened: what came before is not here.
    Joined,
    /// Another day began, in UTC.
    Day(Date),
    /// The connection was down: from when, until when if it is back, and why.
    Gap {
        /// Since when nothing came.
        from: Timestamp,
        /// When it was back.
        until: Option<Timestamp>,
        /// Why.
        why: Clean,
    },
    /// The connection ended for good.
    Stopped(Clean),
    /// Rules may not delete here any more, for this reason.
    Disarmed(Clean),
    /// Somebody's connections were closed.
    Disconnected {
        /// Name and short id, or the id of one never seen here.
        who: Clean,
        /// The public reason.
        reason: Clean,
        /// By whom.
        by: Actor,
    },
    /// An event of the application's own.
    Event {
        /// The service's id of it.
        id: Box<str>,
        /// Its name and attributes.
        text: Clean,
        /// Whether this console sent it.
        ours: bool,
    },
    /// An ERROR frame.
    Refused(Clean),
    /// A frame that can't be read.
    Unreadable(Clean),
}

impl Row {
    /// The message, if it is one.
    pub fn message(&self) -> Option<&Said> {
        match &self.body {
            Body::Message(said) => Some(said),
            Body::Notice(_) => None,
        }
    }

    /// The message, to change its fate.
    pub fn message_mut(&mut self) -> Option<&mut Said> {
        match &mut self.body {
            Body::Message(said) => Some(said),
            Body::Notice(_) => None,
        }
    }
}

impl Said {
    /// A message that has come at `now`.
    pub fn new(message: &Message, by: Arc<Person>, now: Timestamp) -> Self {
        let text = clean_within(&message.content, SHOWN);
        let raw = text.altered().then(|| message.content.as_str().into());
        let more = More { raw, attributes: message.attributes.clone(), written: None };
        let more = (more != More::default()).then(|| Box::new(more));
        let late = message.send_time.map_or(0, |sent| now.duration_since(sent).as_secs());
        let (fingerprint, length) = fingerprint_and_length(text.as_str());
        let signs = Signs {
            fingerprint,
            short: length < ALONE,
            links: u8::try_from(links(&message.content).len()).unwrap_or(u8::MAX),
            late: u16::try_from(late.max(0)).unwrap_or(u16::MAX),
            ..Signs::default()
        };
        Self { id: message.id.as_str().into(), by, text, fate: Fate::Standing, more, signs }
    }

    /// After what time it was back, if this console wrote it.
    pub fn written(&self) -> Option<Duration> {
        self.more.as_ref().and_then(|more| more.written)
    }

    /// This console wrote it, and it was back after this time.
    pub fn is_ours(&mut self, after: Duration) {
        self.more.get_or_insert_default().written = Some(after);
    }

    /// The text as it was written: not safe to show.
    pub fn as_written(&self) -> &str {
        let raw = self.more.as_ref().and_then(|more| more.raw.as_deref());
        raw.unwrap_or(self.text.as_str())
    }

    /// The message as the service wrote it, as far as it is kept: it came at `time`.
    pub fn json(&self, time: Timestamp) -> Value {
        let member = |attributes: &Attributes| if attributes.is_empty() { Value::Null } else { json!(attributes) };
        json!({
            "Type": "MESSAGE",
            "Id": self.id,
            "Content": self.as_written(),
            "Attributes": self.more.as_ref().map_or(Value::Null, |more| member(&more.attributes)),
            "SendTime": time,
            "Sender": { "UserId": self.by.user_id, "Attributes": member(&self.by.attributes) },
        })
    }

    /// Whether it still waits for somebody to act on it: a deletion that was never confirmed can be tried again.
    pub fn is_standing(&self) -> bool {
        match self.fate {
            Fate::Standing | Fate::Failed(_) | Fate::Deleting { stage: Stage::Unconfirmed, .. } => true,
            Fate::Deleting { stage: Stage::Waiting | Stage::Pending | Stage::Sent, .. } | Fate::Deleted { .. } => false,
        }
    }
}

impl Notice {
    /// What the row says, in words.
    pub fn words(&self) -> String {
        match self {
            Self::Day(date) => date.strftime("%A, %F").to_string(),
            Self::Joined => "joined: what was said before is not shown".to_owned(),
            Self::Gap { from, until: Some(until), why } => super::outage::over(*from, *until, why.as_str()),
            Self::Gap { until: None, why, .. } => format!("{}; reconnecting", why.as_str()),
            Self::Stopped(why) => format!("{}; C-r reconnects", why.as_str()),
            Self::Disarmed(why) => why.as_str().to_owned(),
            Self::Disconnected { who, reason, by } => {
                let by = match by {
                    Actor::Us(after) => format!(" (you, {})", span(after.as_secs_f64())),
                    Actor::SomebodyElse => String::new(),
                };
                let reason = Some(reason.as_str()).filter(|reason| !reason.is_empty());
                let reason = reason.map(|reason| format!(": {reason}")).unwrap_or_default();
                format!("{} was disconnected{by}{reason}", who.as_str())
            }
            // In front, where a long text does not push it out of sight and no text can pretend it.
            Self::Event { text, ours: true, .. } => format!("your event {}", text.as_str()),
            Self::Event { text, ours: false, .. } => format!("event {}", text.as_str()),
            Self::Refused(text) => format!("the service refused: {}", text.as_str()),
            Self::Unreadable(text) => format!("a frame that can't be read: {}", text.as_str()),
        }
    }
}

/// A length of time as people say it: `under 0.1 s`, `0.4 s`, `12 s`, `3 min`.
pub fn span(seconds: f64) -> String {
    match seconds {
        s if s < 0.05 => "under 0.1 s".to_owned(),
        s if s < 9.95 => format!("{s:.1} s"),
        s if s < 119.5 => format!("{s:.0} s"),
        s => format!("{:.0} min", s / 60.0),
    }
}
