//! A failed call in words that a person can act on: what happened, to whom, on what, and what helps.

use crate::api::error::{Code, Refusal};
use crate::api::{Error, ErrorKind, Service};

use super::text::clean;

/// A failure, told for the place where it happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// Whether the service knows us and says no, which is never to be mistaken for "there is nothing".
    pub denied: bool,
    /// What happened, in a few words.
    pub headline: String,
    /// The facts: a label and a text each.
    pub facts: Vec<(&'static str, String)>,
    /// What helps.
    pub remedy: &'static str,
}

impl Trouble {
    /// Tells `error` in words.
    pub fn new(error: &Error) -> Self {
        Self::with(Service::IvsChat, error)
    }

    /// The same, of a service's own.
    pub fn with(service: Service, error: &Error) -> Self {
        let mut trouble = match &error.kind {
            ErrorKind::Refused(refusal) => refused(service, error, refusal),
            other => unanswered(other),
        };
        trouble.facts.push(("Call", attempts(error)));
        if let Some(id) = &error.request_id {
            trouble.facts.push(("Request", clean(id).as_str().to_owned()));
        }
        trouble
    }

    /// Headline and error in one line, for the status line and for rows.
    pub fn brief(&self) -> String {
        let told = [WHY, ACTION].iter().find_map(|wanted| self.facts.iter().find(|(label, _)| label == wanted));
        match told {
            Some((_, text)) => format!("{}: {text}", self.headline),
            None => self.headline.clone(),
        }
    }
}

/// The label of the words that go with the headline in one line.
const WHY: &str = "Why";
/// The label of the IAM action that is missing.
const ACTION: &str = "Action";

fn plain(headline: &str, why: Option<&str>, remedy: &'static str) -> Trouble {
    let facts = why.map(|why| (WHY, clean(why).as_str().to_owned())).into_iter().collect();
    Trouble { denied: false, headline: headline.to_owned(), facts, remedy }
}

/// A call that got no answer from the service, or none that can be used.
fn unanswered(kind: &ErrorKind) -> Trouble {
    match kind {
        ErrorKind::Unreachable(why) => plain("No connection", Some(why), "Is the endpoint right, and the network up?"),
        ErrorKind::Untrusted(why) => plain("The other side is not trusted", Some(why), "AWS_CA_BUNDLE"),
        ErrorKind::Interrupted(why) => {
            plain("The connection broke", Some(why), "It may have been carried out: look before you repeat it.")
        }
        ErrorKind::TimedOut(limit) => {
            let headline = format!("No answer within {} s", limit.as_secs_f32());
            plain(&headline, None, "The service, or the way to it, is slow or stuck. C-r asks again.")
        }
        ErrorKind::Broken(what) => {
            plain("An answer that can't be read", Some(what), "Is this really IVS Chat, with no proxy in between?")
        }
        ErrorKind::Redirected { .. } => {
            plain("Redirected", Some(&kind.to_string()), "Redirects are never followed: give the final endpoint.")
        }
        ErrorKind::TooLarge { .. } => plain("An answer that is too large", None, "Is this really IVS Chat?"),
        ErrorKind::Unwritten(why) => plain(
            "Not sent, because the journal can't be written",
            Some(why),
            "Make room on the disk, give the folder back to its owner, or name another with --journal-dir.",
        ),
        ErrorKind::ReadOnly => plain("Not sent, because the console is read-only", None, ":unlock lets changes pass."),
        // The identity strip and its dialog tell the same at length.
        ErrorKind::Unsigned(why) => plain("No credentials to sign with", Some(why), "Then press C-r."),
        ErrorKind::Unsendable(why) => plain("Not sent", Some(why), "Check the endpoint and the credentials."),
        ErrorKind::Invalid(_) | ErrorKind::Refused(_) => {
            plain("Not accepted", Some(&kind.to_string()), "See what it says.")
        }
    }
}

/// Which call it was, how often it was sent, and the status and name of a refusal, for those who look it up.
fn attempts(error: &Error) -> String {
    let sent = match error.attempts {
        0 => "not sent".to_owned(),
        1 => "sent once".to_owned(),
        n => format!("sent {n} times"),
    };
    match error.refusal() {
        Some(refusal) => {
            let code = refusal.code.to_string();
            format!("{}, {sent}: {} {}", error.operation, refusal.status, clean(&code).as_str())
        }
        None => format!("{}, {sent}", error.operation),
    }
}

fn refused(service: Service, error: &Error, refusal: &Refusal) -> Trouble {
    let (headline, remedy) = match &refusal.code {
        Code::AccessDenied => return denied(service, error, refusal),
        Code::PendingVerification => {
            ("The account is still being verified", "New accounts wait for AWS: there is nothing to do here.")
        }
        Code::ResourceNotFound => ("It does not exist", "It may be deleted, or in another region or account."),
        Code::Conflict => ("In conflict with its state", "Wait until it has settled, then try again."),
        Code::ServiceQuotaExceeded => ("A quota is used up", "Delete what is not needed, or ask AWS for more."),
        Code::Throttling => ("Too many calls", "The whole account shares the quota: wait a little, then press C-r."),
        Code::InternalServer => ("The service failed", "Press C-r to try again; the request id helps AWS to find it."),
        Code::Validation => ("The service did not accept the input", "See what it says."),
        Code::ExpiredToken => ("The credentials have expired", "Get new ones and start again."),
        Code::UnrecognizedClient => {
            ("The access key is not known", "Check AWS_ACCESS_KEY_ID, AWS_SESSION_TOKEN and the endpoint.")
        }
        Code::InvalidSignature => {
            ("The signature was not accepted", "Check AWS_SECRET_ACCESS_KEY, the region and this machine's clock.")
        }
        Code::MissingAuthenticationToken => {
            ("The request was not signed", "Something on the way took the signature away.")
        }
        Code::Other(_) => ("The service refused", "See what it says."),
    };
    plain(headline, Some(refusal.message.as_str()).filter(|message| !message.is_empty()), remedy)
}

/// The missing action, the resource and the principal, from AWS's sentence if it is AWS's sentence.
fn denied(service: Service, error: &Error, refusal: &Refusal) -> Trouble {
    let why = Some(refusal.message.as_str()).filter(|why| !why.is_empty() && principal(why).is_none());
    let mut trouble = plain("Access denied", why, "A policy that allows this action would help; then press C-r.");
    trouble.denied = true;
    let between = |start: &str, end: &str| between(&refusal.message, start, end);
    let action = between("perform: ", " ").unwrap_or_else(|| service.iam_action(error.operation));
    trouble.facts.push((ACTION, action));
    if let Some(resource) = between("on resource: ", " ") {
        trouble.facts.push(("On", resource));
    }
    if let Some(principal) = principal(&refusal.message) {
        trouble.facts.push(("As", principal));
    }
    trouble
}

fn principal(message: &str) -> Option<String> {
    between(message, "User: ", " is not authorized")
}

fn between(text: &str, start: &str, end: &str) -> Option<String> {
    let (_, rest) = text.split_once(start)?;
    let found = rest.split(end).next().unwrap_or(rest);
    Some(clean(found).as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(code: Code, message: &str) -> Error {
        let refusal = Refusal {
            status: 403,
            code,
            message: message.into(),
            resource_id: None,
            resource_type: None,
            limit: None,
            fields: Vec::new(),
        };
        Error { operation: "ListRooms", request_id: Some("r-1".into()), attempts: 1, kind: ErrorKind::Refused(refusal) }
    }

    #[test]
    fn a_denial_names_action_resource_and_principal() {
        let message = "User: arn:aws:iam::123456789012:user/demo is not authorized to perform: ivschat:ListRooms \
                       on resource: arn:aws:ivschat:us-west-2:123456789012:room/* because no identity-based policy";
        let trouble = Trouble::new(&refusal(Code::AccessDenied, message));
        assert!(trouble.denied);
        assert_eq!(
            trouble.facts,
            [
                ("Action", "ivschat:ListRooms".into()),
                ("On", "arn:aws:ivschat:us-west-2:123456789012:room/*".into()),
                ("As", "arn:aws:iam::123456789012:user/demo".into()),
                ("Call", "ListRooms, sent once: 403 AccessDeniedException".into()),
                ("Request", "r-1".into()),
            ]
        );
    }

    #[test]
    fn a_denial_in_other_words_keeps_the_words() {
        let trouble = Trouble::new(&refusal(Code::AccessDenied, "no"));
        assert_eq!(trouble.facts[0], ("Why", "no".into()));
        assert_eq!(trouble.facts[1], ("Action", "ivschat:ListRooms".into()));
        let trouble = Trouble::with(Service::Ivs, &refusal(Code::AccessDenied, "no"));
        assert_eq!(trouble.facts[1], ("Action", "ivs:ListRooms".into()), "the service that was asked");
    }

    #[test]
    fn the_service_s_words_are_made_safe() {
        let trouble = Trouble::new(&refusal(Code::Validation, "bad \u{1b}[31m name"));
        assert_eq!(trouble.brief(), "The service did not accept the input: bad ␛[31m name");
    }
}
