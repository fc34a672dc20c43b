//! What the journal says: an act before it is sent, its outcome after, and the two put together again. Pure.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::api::error::{Code, Refusal};
use crate::api::{Answer, Arn, Call, Error, ErrorKind};

/// Characters of a refusal's message that are kept.
const MESSAGE: usize = 1_000;

/// One line of the journal, without what ties it to the line before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// When it was written.
    pub time: Timestamp,
    /// The console that wrote it: made anew at each start.
    pub session: String,
    /// Counts the lines of this console from 1.
    pub seq: u64,
    /// What it says.
    #[serde(flatten)]
    pub body: Body,
}

/// What a line says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Body {
    /// This is about to be sent.
    Intent(Box<Intent>),
    /// This came of it.
    Outcome(Box<Ending>),
    /// What stands before was cut short: whoever wrote it was killed, or the disk was full.
    Repair {
        /// The hash of what was cut short; none if nothing but the line's end was missing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        torn: Option<String>,
    },
}

/// What is about to be sent, where to and by whom.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Intent {
    /// Ties it to its outcome; one of its kind in this console.
    pub id: u64,
    /// The principal's ARN, as far as it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// The region.
    pub region: String,
    /// The endpoint's host.
    pub endpoint: String,
    /// What is to be done.
    #[serde(flatten)]
    pub act: Act,
}

/// What came of an intent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ending {
    /// The intent's.
    pub id: u64,
    /// What came of it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// A change: what is sent, and what the one who meant it says of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Act {
    /// The operation's name.
    pub operation: String,
    /// What it is done to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Arn>,
    /// The user that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The public reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The private note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The rule that asked for it, if it was not a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The text of a deleted message, or of one that was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What is sent, as [`input`] tells it.
    #[serde(default)]
    pub input: Value,
}

/// The members of a request; where its path says more than the operation's name, path and query too. No request holds a
/// secret: tokens are in answers, credentials in headers.
pub fn input(call: &Call) -> Value {
    let request = &call.request;
    let mut members = Map::new();
    if request.path.trim_start_matches('/') != call.spec.name {
        members.insert("path".to_owned(), request.path.as_str().into());
    }
    if !request.query.is_empty() {
        let query = request.query.iter().map(|(name, value)| Value::from(format!("{name}={value}")));
        members.insert("query".to_owned(), query.collect());
    }
    if let Some(Value::Object(body)) = &request.body {
        members.extend(body.clone());
    }
    Value::Object(members)
}

/// What came of an act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Done or not, or nobody knows.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// The service's id of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Requests that went out.
    pub attempts: u32,
    /// Milliseconds from the act to its outcome.
    pub latency_ms: u64,
    /// What was made, if something was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made: Option<Arn>,
}

/// Done or not, or nobody knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "lowercase")]
pub enum Verdict {
    /// The service said yes.
    Done,
    /// The service said no.
    Refused {
        /// The error's name.
        code: String,
        /// The service's words.
        message: String,
    },
    /// It was not carried out: it never reached the service.
    Failed {
        /// Why.
        why: String,
    },
    /// It may have been carried out.
    Unknown {
        /// Why nobody knows.
        why: String,
    },
}

impl Outcome {
    /// What this answer, which took so long, comes to.
    pub fn of(answer: &Result<Answer, Error>, latency: Duration) -> Self {
        let latency_ms = u64::try_from(latency.as_millis()).unwrap_or(u64::MAX);
        match answer {
            Ok(answer) => Self {
                verdict: Verdict::Done,
                request_id: answer.request_id.clone(),
                attempts: answer.attempts,
                latency_ms,
                made: made(&answer.body),
            },
            Err(error) => Self {
                verdict: verdict(&error.kind),
                request_id: error.request_id.clone(),
                attempts: error.attempts,
                latency_ms,
                made: None,
            },
        }
    }
}

/// The ARN in an answer, and nothing else: the rest may be a token.
fn made(body: &[u8]) -> Option<Arn> {
    #[derive(Deserialize)]
    struct Made {
        arn: Arn,
    }
    serde_json::from_slice::<Made>(body).ok().map(|made| made.arn)
}

fn verdict(kind: &ErrorKind) -> Verdict {
    match kind {
        ErrorKind::Refused(refusal) if kind.may_have_been_done() => Verdict::Unknown { why: refusal.code.to_string() },
        ErrorKind::Refused(refusal) => {
            Verdict::Refused { code: refusal.code.to_string(), message: harmless_message(refusal) }
        }
        _ if kind.may_have_been_done() => Verdict::Unknown { why: kind.to_string() },
        _ => Verdict::Failed { why: kind.to_string() },
    }
}

/// The words of a refusal. AWS explains a bad signature by all the headers that it would have signed, and the session
/// token is one of them.
fn harmless_message(refusal: &Refusal) -> String {
    match refusal.code {
        // What is said of credentials may hold them.
        Code::InvalidSignature
        | Code::ExpiredToken
        | Code::UnrecognizedClient
        | Code::MissingAuthenticationToken
        | Code::Other(_) => String::new(),
        Code::AccessDenied
        | Code::PendingVerification
        | Code::ResourceNotFound
        | Code::Conflict
        | Code::ServiceQuotaExceeded
        | Code::Throttling
        | Code::InternalServer
        | Code::Validation => refusal.message.chars().take(MESSAGE).collect(),
    }
}

/// An act with what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// When it was asked for.
    pub time: Timestamp,
    /// Who asked, as far as it is known.
    pub actor: Option<String>,
    /// What was asked for.
    pub act: Act,
    /// How far it has got.
    pub end: End,
}

/// How far an act has got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// It is on its way.
    Pending,
    /// Its outcome was never written: the console ended before it came.
    Lost,
    /// It is over.
    Over(Outcome),
}

impl Entry {
    /// Whether it is about this resource.
    pub fn is_about(&self, arn: &Arn) -> bool {
        let made = match &self.end {
            End::Over(outcome) => outcome.made.as_ref(),
            End::Pending | End::Lost => None,
        };
        self.act.target.as_ref() == Some(arn) || made == Some(arn)
    }

    /// Whether the service said yes.
    pub fn is_done(&self) -> bool {
        matches!(&self.end, End::Over(Outcome { verdict: Verdict::Done, .. }))
    }
}

/// An intent with what came of it, and all that its line says.
#[derive(Debug, Clone, PartialEq)]
pub struct Whole {
    /// When it was asked for.
    pub time: Timestamp,
    /// The console that did.
    pub session: String,
    /// What was asked for.
    pub intent: Intent,
    /// How far it has got.
    pub end: End,
}

/// Puts intents and outcomes together, oldest first. An intent without an outcome is lost; an outcome whose intent is not
/// among the lines is left out.
pub fn wholes(lines: impl IntoIterator<Item = Line>) -> Vec<Whole> {
    let mut wholes: Vec<Whole> = Vec::new();
    let mut open: HashMap<(String, u64), usize> = HashMap::new();
    for line in lines {
        match line.body {
            Body::Intent(intent) => {
                open.insert((line.session.clone(), intent.id), wholes.len());
                wholes.push(Whole { time: line.time, session: line.session, intent: *intent, end: End::Lost });
            }
            Body::Outcome(ending) => {
                let whole = open.remove(&(line.session, ending.id)).and_then(|at| wholes.get_mut(at));
                if let Some(whole) = whole {
                    whole.end = End::Over(ending.outcome);
                }
            }
            Body::Repair { .. } => {}
        }
    }
    wholes
}

/// As [`wholes`], without what only a file needs to say.
pub fn entries(lines: impl IntoIterator<Item = Line>) -> Vec<Entry> {
    let entry = |Whole { time, intent: Intent { actor, act, .. }, end, .. }| Entry { time, actor, act, end };
    wholes(lines).into_iter().map(entry).collect()
}
