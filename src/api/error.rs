//! Why a call did not give its answer, told so that a person can act on it.

use std::fmt;
use std::time::Duration;

use serde_json::Value;

/// A call that failed: which, for whom to ask (the request id), after how many attempts, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Error {
    /// The operation's name, such as `ListRooms`.
    pub operation: &'static str,
    /// The service's id of the last attempt, if it answered at all.
    pub request_id: Option<String>,
    /// How many requests went out; 0 if it was refused here.
    pub attempts: u32,
    /// What went wrong.
    pub kind: ErrorKind,
}

/// What went wrong with a call.
#[derive(Debug, Clone, PartialEq)]
pub enum ErrorKind {
    /// The input breaks limits of the service model; nothing was sent.
    Invalid(Vec<Problem>),
    /// The service said no.
    Refused(Refusal),
    /// The service said yes with a body that can't be read: cut short, not JSON, or of another shape.
    Broken(String),
    /// A redirect, which is never followed: it would carry credentials to another host.
    Redirected {
        /// The HTTP status, 300 to 399.
        status: u16,
        /// Where it pointed, if it said.
        location: Option<String>,
    },
    /// The answer was larger than the cap.
    TooLarge {
        /// The cap in bytes.
        cap: usize,
    },
    /// No connection could be made, so nothing was carried out: to whom, through which proxy, and why.
    Unreachable(String),
    /// The other side could not prove who it is, so nothing was sent. Whom we wanted, and what is wrong.
    Untrusted(String),
    /// The connection broke after the request may have been carried out.
    Interrupted(String),
    /// No answer in time.
    TimedOut(Duration),
    /// The request could not be signed or built: a malformed credential or endpoint.
    Unsendable(String),
    /// There are no credentials to sign with; nothing was sent. Why, and what helps, in the words of whoever gives them.
    Unsigned(String),
    /// The journal can't be written, so the call was not made: what can't be undone is not done without a trace.
    Unwritten(String),
    /// The console is read-only, and this would change something: nothing was sent.
    ReadOnly,
}

/// The service's no, as it answered it.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// The error's name.
    pub code: Code,
    /// The service's words; may be empty.
    pub message: String,
    /// The id of the resource that it is about.
    pub resource_id: Option<String>,
    /// The kind of that resource; the model knows only `ROOM`, any text is taken.
    pub resource_type: Option<String>,
    /// The limit that was met, for quotas and throttling.
    pub limit: Option<i64>,
    /// The members that the service did not like (`ValidationException.fieldList`).
    pub fields: Vec<Problem>,
}

/// One member of an input and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The member's name in the service model, such as `name` or `messageReviewHandler.uri`.
    pub member: String,
    /// What is wrong, in words.
    pub message: String,
}

impl Problem {
    /// `member` has the problem that `message` tells.
    pub fn new(member: impl Into<String>, message: impl Into<String>) -> Self {
        Self { member: member.into(), message: message.into() }
    }
}

/// The errors that the service models, those that every AWS service may answer, and the rest by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Code {
    /// 403: the principal may not do this.
    AccessDenied,
    /// 403: the account is new and still being verified. Its name has no "Exception" behind it.
    PendingVerification,
    /// 404
    ResourceNotFound,
    /// 409
    Conflict,
    /// 402, yes: more resources than the account may have.
    ServiceQuotaExceeded,
    /// 429 (some gateways: 400)
    Throttling,
    /// 500
    InternalServer,
    /// 400
    Validation,
    /// 403: temporary credentials have run out.
    ExpiredToken,
    /// 403: the access key is not known.
    UnrecognizedClient,
    /// 403: wrong secret key, or a clock that is off.
    InvalidSignature,
    /// 403: no signature at all.
    MissingAuthenticationToken,
    /// Any other name.
    Other(String),
}

impl Code {
    /// The code for an error's name as the service writes it.
    pub fn from_name(name: &str) -> Self {
        match name.strip_suffix("Exception").unwrap_or(name) {
            "AccessDenied" => Self::AccessDenied,
            "PendingVerification" => Self::PendingVerification,
            "ResourceNotFound" => Self::ResourceNotFound,
            "Conflict" => Self::Conflict,
            "ServiceQuotaExceeded" => Self::ServiceQuotaExceeded,
            "Throttling" | "TooManyRequests" | "RequestThrottled" => Self::Throttling,
            "InternalServer" | "InternalFailure" => Self::InternalServer,
            "Validation" | "ValidationError" => Self::Validation,
            "ExpiredToken" => Self::ExpiredToken,
            "UnrecognizedClient" | "InvalidClientTokenId" => Self::UnrecognizedClient,
            "InvalidSignature" | "SignatureDoesNotMatch" => Self::InvalidSignature,
            "MissingAuthenticationToken" => Self::MissingAuthenticationToken,
            _ => Self::Other(name.to_owned()),
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AccessDenied => "AccessDeniedException",
            Self::PendingVerification => "PendingVerification",
            Self::ResourceNotFound => "ResourceNotFoundException",
            Self::Conflict => "ConflictException",
            Self::ServiceQuotaExceeded => "ServiceQuotaExceededException",
            Self::Throttling => "ThrottlingException",
            Self::InternalServer => "InternalServerException",
            Self::Validation => "ValidationException",
            Self::ExpiredToken => "ExpiredTokenException",
            Self::UnrecognizedClient => "UnrecognizedClientException",
            Self::InvalidSignature => "InvalidSignatureException",
            Self::MissingAuthenticationToken => "MissingAuthenticationTokenException",
            Self::Other(name) => name,
        })
    }
}

impl Refusal {
    /// Reads a refusal from an HTTP answer. The name comes from the `x-amzn-ErrorType` header cut at `:`, else from
    /// the body's `__type` or `code` cut before `#`; the words from any of the four spellings in use.
    /// A body that is not JSON is kept as the message, shortened.
    pub fn read(status: u16, error_type: Option<&str>, body: &[u8]) -> Self {
        let json: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
        let text = |names: &[&str]| {
            names.iter().find_map(|name| json.get(name).and_then(Value::as_str)).map(ToOwned::to_owned)
        };
        let name = error_type.map(ToOwned::to_owned).or_else(|| text(&["__type", "code"])).unwrap_or_default();
        let name = name.split(':').next().unwrap_or_default();
        let name = name.rsplit('#').next().unwrap_or_default();
        let message = text(&["message", "Message", "errorMessage", "exceptionMessage"]);
        Self {
            status,
            code: if name.is_empty() { Code::Other(format!("HTTP {status}")) } else { Code::from_name(name) },
            message: message.unwrap_or_else(|| if json.is_null() { excerpt(body) } else { String::new() }),
            resource_id: text(&["resourceId"]),
            resource_type: text(&["resourceType"]),
            limit: json.get("limit").and_then(Value::as_i64),
            fields: json.get("fieldList").and_then(Value::as_array).map(|list| fields(list)).unwrap_or_default(),
        }
    }
}

fn fields(list: &[Value]) -> Vec<Problem> {
    let text = |field: &Value, name| field.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    list.iter().map(|field| Problem::new(text(field, "name"), text(field, "message"))).collect()
}

/// The start of a body that should have been JSON, enough to recognise a proxy's page.
fn excerpt(body: &[u8]) -> String {
    String::from_utf8_lossy(body).split_whitespace().collect::<Vec<_>>().join(" ").chars().take(160).collect()
}

impl Refusal {
    /// Whether we are too fast, by whatever name: nothing was carried out.
    pub fn is_throttling(&self) -> bool {
        let named = match &self.code {
            Code::Throttling => true,
            Code::Other(name) => matches!(
                name.strip_suffix("Exception").unwrap_or(name),
                "Throttled" | "RequestLimitExceeded" | "BandwidthLimitExceeded" | "LimitExceeded" | "SlowDown"
            ),
            Code::AccessDenied
            | Code::PendingVerification
            | Code::ResourceNotFound
            | Code::Conflict
            | Code::ServiceQuotaExceeded
            | Code::InternalServer
            | Code::Validation
            | Code::ExpiredToken
            | Code::UnrecognizedClient
            | Code::InvalidSignature
            | Code::MissingAuthenticationToken => false,
        };
        named || self.status == 429
    }
}

impl ErrorKind {
    /// Whether temporary credentials have run out: nothing was carried out, and others may help.
    pub fn is_expired(&self) -> bool {
        matches!(self, Self::Refused(refusal) if refusal.code == Code::ExpiredToken)
    }

    /// Whether the service may have done what it was asked, although the call failed: it was sent, and either the answer
    /// was lost or it says that something broke inside. Who has changed something must look before doing it again. The one
    /// answer to this question: the screen, the journal and what is sent again go by it.
    pub fn may_have_been_done(&self) -> bool {
        match self {
            Self::Refused(refusal) => refusal.status >= 500 && !refusal.is_throttling(),
            // These two ask for the same request elsewhere; the others may point to what came of it.
            Self::Redirected { status, .. } => !matches!(status, 307 | 308),
            Self::Broken(_) | Self::Interrupted(_) | Self::TimedOut(_) | Self::TooLarge { .. } => true,
            Self::Invalid(_)
            | Self::Unreachable(_)
            | Self::Untrusted(_)
            | Self::Unsendable(_)
            | Self::Unsigned(_)
            | Self::Unwritten(_)
            | Self::ReadOnly => false,
        }
    }
}

impl ErrorKind {
    /// Whether it was for its credentials that the call failed: there are none, or they have run out.
    pub fn is_of_credentials(&self) -> bool {
        match self {
            Self::Unsigned(_) => true,
            Self::Refused(refusal) => refusal.code == Code::ExpiredToken,
            Self::Invalid(_)
            | Self::Broken(_)
            | Self::Redirected { .. }
            | Self::TooLarge { .. }
            | Self::Untrusted(_)
            | Self::Unreachable(_)
            | Self::Interrupted(_)
            | Self::TimedOut(_)
            | Self::Unsendable(_)
            | Self::Unwritten(_)
            | Self::ReadOnly => false,
        }
    }
}

impl Error {
    /// The service's no, if that is what this is.
    pub fn refusal(&self) -> Option<&Refusal> {
        match &self.kind {
            ErrorKind::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// Whether the principal is not allowed to do this (as opposed to not being known at all).
    pub fn is_denied(&self) -> bool {
        self.refusal().is_some_and(|refusal| refusal.code == Code::AccessDenied)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.operation, self.kind)?;
        if let Some(id) = &self.request_id {
            write!(f, " (request {id})")?;
        }
        Ok(())
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(problems) => {
                let lines: Vec<_> = problems.iter().map(|p| format!("{}: {}", p.member, p.message)).collect();
                write!(f, "{}", lines.join("; "))
            }
            Self::Refused(refusal) if refusal.message.is_empty() => write!(f, "{}", refusal.code),
            Self::Refused(refusal) => write!(f, "{}: {}", refusal.code, refusal.message),
            Self::Broken(what) => write!(f, "the answer can't be read: {what}"),
            Self::Redirected { status, location } => {
                let target = location.as_deref().unwrap_or("an unnamed place");
                write!(f, "redirected ({status}) to {target}, which is not followed")
            }
            Self::TooLarge { cap } => write!(f, "the answer is larger than {cap} bytes"),
            Self::Unreachable(why) => write!(f, "no connection: {why}"),
            Self::Untrusted(why) => write!(f, "not trusted: {why}"),
            Self::Interrupted(why) => write!(f, "the connection broke: {why}"),
            Self::TimedOut(limit) => write!(f, "no answer within {} s", limit.as_secs_f32()),
            Self::Unsendable(why) | Self::Unsigned(why) => write!(f, "not sent: {why}"),
            Self::Unwritten(why) => write!(f, "not sent, because the journal can't be written: {why}"),
            Self::ReadOnly => f.write_str("not sent, because the console is read-only"),
        }
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_comes_from_the_header_then_the_body() {
        let body = br#"{"__type":"com.amazonaws#ConflictException","message":"busy"}"#;
        let from_header = Refusal::read(403, Some("AccessDeniedException:http://internal/"), body);
        assert_eq!(from_header.code, Code::AccessDenied);
        assert_eq!(from_header.message, "busy");
        assert_eq!(Refusal::read(409, None, body).code, Code::Conflict);
    }

    #[test]
    fn all_four_spellings_of_the_message_are_read() {
        for spelling in ["message", "Message", "errorMessage", "exceptionMessage"] {
            let body = format!(r#"{{"{spelling}":"why"}}"#);
            assert_eq!(Refusal::read(500, None, body.as_bytes()).message, "why", "{spelling}");
        }
    }

    #[test]
    fn a_page_of_a_proxy_is_kept_as_the_message() {
        let refusal = Refusal::read(502, None, b"<html>\n  Bad   Gateway</html>");
        assert_eq!(refusal.code, Code::Other("HTTP 502".into()));
        assert_eq!(refusal.message, "<html> Bad Gateway</html>");
    }

    #[test]
    fn a_failed_call_may_have_been_carried_out_unless_the_service_or_we_said_no() {
        let refused = |status, name| ErrorKind::Refused(Refusal::read(status, Some(name), b""));
        let redirected = |status| ErrorKind::Redirected { status, location: None };
        for (kind, may) in [
            (refused(500, "InternalServerException"), true),
            (refused(502, ""), true),
            (refused(503, "ServiceUnavailable"), true),
            (refused(503, "SlowDown"), false),
            (refused(429, ""), false),
            (refused(400, "ThrottlingException"), false),
            (refused(403, "AccessDeniedException"), false),
            (refused(404, "ResourceNotFoundException"), false),
            (redirected(303), true),
            (redirected(307), false),
            (ErrorKind::Broken("cut short".into()), true),
            (ErrorKind::Interrupted("reset".into()), true),
            (ErrorKind::TimedOut(Duration::from_secs(15)), true),
            (ErrorKind::TooLarge { cap: 1 }, true),
            (ErrorKind::Invalid(Vec::new()), false),
            (ErrorKind::Unreachable("refused".into()), false),
            (ErrorKind::Unsendable("no".into()), false),
            (ErrorKind::Unsigned("signed out".into()), false),
            (ErrorKind::Unwritten("disk full".into()), false),
        ] {
            assert_eq!(kind.may_have_been_done(), may, "{kind}");
        }
    }

    #[test]
    fn field_problems_are_kept() {
        let body = br#"{"message":"no","reason":"FIELD_VALIDATION_FAILED","fieldList":[{"name":"n","message":"m"}]}"#;
        assert_eq!(Refusal::read(400, Some("ValidationException"), body).fields, [Problem::new("n", "m")]);
    }
}
