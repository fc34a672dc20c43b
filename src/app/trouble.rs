//! A failed call in words that a person can act on: what happened, to whom, on what, and what helps.

use serde_json::json;

use crate::api::error::{Code, Refusal};
use crate::api::{Error, ErrorKind, Service, clock, ops};

use super::text::{clean, escape_json};

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
    pub remedy: String,
    /// What helps as something to copy.
    pub help: Option<Help>,
}

/// Something to copy that helps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Help {
    /// What it is, such as `policy`.
    pub what: &'static str,
    /// The text; safe to show, and to paste.
    pub text: String,
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

    /// All of it as text, for a ticket.
    pub fn text(&self) -> String {
        let facts = self.facts.iter().map(|(label, text)| format!("{label}: {text}"));
        let help = self.help.iter().map(|help| help.text.clone());
        let lines = std::iter::once(self.headline.clone()).chain(facts).chain([self.remedy.clone()]).chain(help);
        lines.collect::<Vec<_>>().join("\n") + "\n"
    }

    fn with_command(self, command: &str) -> Self {
        Self { help: Some(Help { what: "command", text: command.to_owned() }), ..self }
    }

    fn with_fact(mut self, label: &'static str, text: Option<String>) -> Self {
        self.facts.extend(text.map(|text| (label, clean(&text).as_str().to_owned())));
        self
    }
}

/// The label of the words that go with the headline in one line.
const WHY: &str = "Why";
/// The label of the IAM action that is missing.
const ACTION: &str = "Action";
/// The command that looks at everything between us and the service.
const DOCTOR: &str = "ivschat doctor";

fn plain(headline: &str, why: Option<&str>, remedy: &str) -> Trouble {
    let facts = why.map(|why| (WHY, clean(why).as_str().to_owned())).into_iter().collect();
    Trouble { denied: false, headline: headline.to_owned(), facts, remedy: remedy.to_owned(), help: None }
}

/// A call that got no answer from the service, or none that can be used.
fn unanswered(kind: &ErrorKind) -> Trouble {
    match kind {
        ErrorKind::Unreachable(why) => unreachable(why),
        ErrorKind::Untrusted(why) => untrusted(why),
        ErrorKind::Interrupted(why) => {
            plain("The connection broke", Some(why), "It may have been carried out: look before you repeat it.")
        }
        ErrorKind::TimedOut(limit) => {
            let headline = format!("No answer within {} s", limit.as_secs_f32());
            let remedy =
                "The service, or the way to it, is slow or stuck. C-r asks again; --cli-read-timeout waits longer.";
            plain(&headline, None, remedy).with_command(DOCTOR)
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
        ErrorKind::Unsendable(why) => plain("Not sent", Some(why), "Check the endpoint and the credentials."),
        ErrorKind::ReadOnly => plain("Not sent, because the console is read-only", None, ":unlock lets changes pass."),
        // The identity strip and its dialog tell the same at length.
        ErrorKind::Unsigned(why) => plain("No credentials to sign with", Some(why), "Then press C-r."),
        ErrorKind::Invalid(_) | ErrorKind::Refused(_) => {
            plain("Not accepted", Some(&kind.to_string()), "See what it says.")
        }
    }
}

/// Nobody was reached: a name that nobody knows, a port where nobody listens, a proxy that says no.
fn unreachable(why: &str) -> Trouble {
    let remedy = if why.contains("authorization required") {
        "The proxy wants to know who you are: HTTPS_PROXY=http://user:password@host:port."
    } else if why.contains("lookup") {
        "Is the region right, and a name server reachable? Behind a proxy, set HTTPS_PROXY. `ivschat doctor` looks."
    } else if why.contains("through the proxy") {
        "Is the proxy the right one (HTTPS_PROXY), and is it needed (NO_PROXY)? `ivschat doctor` looks."
    } else {
        "Is the endpoint right, and the network up? Behind a proxy, set HTTPS_PROXY. `ivschat doctor` looks."
    };
    plain("No connection", Some(why), remedy).with_command(DOCTOR)
}

/// Somebody was reached who could not prove to be the one that was wanted.
fn untrusted(why: &str) -> Trouble {
    let remedy = if why.contains("not valid for name") || why.contains("NotValidForName") {
        "The certificate is for another host: is the endpoint right?"
    } else if why.contains("xpired") || why.contains("NotValidYet") || why.contains("not valid yet") {
        "The certificate's time is over, or this machine's clock is off: compare the clock first."
    } else {
        "Something in between may be decrypting TLS: name its certificate with AWS_CA_BUNDLE or --ca-bundle. \
         --no-verify-ssl would trust everybody."
    };
    plain("The certificate is not trusted", Some(why), remedy).with_command("export AWS_CA_BUNDLE=/path/to/ca.pem")
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
    if refusal.is_throttling() {
        return throttled(error, refusal);
    }
    let (headline, remedy) = match &refusal.code {
        Code::AccessDenied => return denied(service, error, refusal),
        Code::PendingVerification => {
            ("The account is still being verified", "New accounts wait for AWS: there is nothing to do here.")
        }
        Code::ResourceNotFound => ("It does not exist", "It may be deleted, or in another region or account."),
        Code::Conflict => ("In conflict with its state", "Wait until it has settled, then try again."),
        Code::ServiceQuotaExceeded => ("A quota is used up", "Delete what is not needed, or ask AWS for more."),
        Code::Throttling => ("Too many calls", "Wait a little, then press C-r."),
        Code::InternalServer => ("The service failed", "Press C-r to try again; the request id helps AWS to find it."),
        Code::Validation => ("The service did not accept the input", "See what it says."),
        Code::ExpiredToken => (
            "The credentials have expired",
            "Get new ones where these came from (aws sso login, aws login, the environment), then press C-r.",
        ),
        Code::UnrecognizedClient => (
            "The access key is not known",
            "It may be deleted, of another partition or of a region that is not enabled, or lack its session token \
             (AWS_SESSION_TOKEN).",
        ),
        Code::InvalidSignature => return unsigned(refusal),
        Code::MissingAuthenticationToken => {
            ("The request was not signed", "Something on the way took the signature away.")
        }
        Code::Other(_) if clock::is_blamed(refusal) => return unsigned(refusal),
        Code::Other(_) => ("The service refused", "See what it says."),
    };
    let trouble = plain(headline, words(refusal), remedy);
    match &refusal.code {
        Code::ServiceQuotaExceeded => trouble.with_fact("Limit", refusal.limit.map(|limit| limit.to_string())),
        Code::UnrecognizedClient => trouble.with_command("aws sts get-caller-identity"),
        _ => trouble,
    }
}

fn words(refusal: &Refusal) -> Option<&str> {
    Some(refusal.message.as_str()).filter(|message| !message.is_empty())
}

/// A signature that was not accepted: for the clock, for the region, or for the secret key.
fn unsigned(refusal: &Refusal) -> Trouble {
    let said = |text: &str| refusal.message.contains(text);
    let timed = matches!(&refusal.code, Code::Other(_));
    if timed || said("Signature expired") || said("not yet current") {
        let remedy = "This machine's clock is more than 5 minutes off: set it, then press C-r. `ivschat doctor` says by how much.";
        return plain("The clock is off", words(refusal), remedy).with_command("sudo timedatectl set-ntp true");
    }
    if said("scoped to a valid region") || said("scoped to correct service") {
        let remedy =
            "The endpoint is of another region than the one that was signed for: give both, or the region alone.";
        return plain("Signed for another region", words(refusal), remedy);
    }
    let remedy = "Check AWS_SECRET_ACCESS_KEY, the region and this machine's clock.";
    plain("The signature was not accepted", words(refusal), remedy).with_command("aws sts get-caller-identity")
}

/// Too fast: by which quota.
fn throttled(error: &Error, refusal: &Refusal) -> Trouble {
    let remedy = "The whole account shares the quota, and it can't be raised: wait a little, then press C-r.";
    let quota = ops::SPECS.iter().find(|spec| spec.name == error.operation).map(|spec| spec.per_second);
    let quota =
        quota.map(|calls| format!("{calls} {} calls a second, for the account in this region", error.operation));
    plain("Too many calls", words(refusal), remedy).with_fact("Quota", quota)
}

/// The missing action, the resource and the principal, from AWS's sentence if it is AWS's sentence, and the statement to
/// ask for.
fn denied(service: Service, error: &Error, refusal: &Refusal) -> Trouble {
    let message = &refusal.message;
    let between = |start: &str, end: &str| between(message, start, end);
    let action = between("perform: ", " ").unwrap_or_else(|| service.iam_action(error.operation));
    let resource = between("on resource: ", " ");
    let forbidden = message.contains("explicit deny");
    let remedy = if forbidden {
        "A policy forbids it, which no permission outweighs: who owns that policy must change it."
    } else {
        "Ask for this policy statement (y copies it); then press C-r."
    };
    let why = words(refusal).filter(|why| principal(why).is_none());
    let mut trouble = plain("Access denied", why, remedy);
    trouble.denied = true;
    trouble.help = (!forbidden).then(|| statement(&action, resource.as_deref().unwrap_or("*")));
    trouble.facts.push((ACTION, action));
    let because = ["because ", "with an explicit deny"].into_iter().find_map(|start| {
        let at = message.find(start).filter(|_| principal(message).is_some())?;
        Some(message[at..].strip_prefix("because ").unwrap_or(&message[at..]).to_owned())
    });
    trouble.with_fact("On", resource).with_fact("As", principal(message)).with_fact("Because", because)
}

/// The statement of a policy that allows an action on a resource.
fn statement(action: &str, resource: &str) -> Help {
    let (action, resource) = (json!(action), json!(resource));
    let text = format!(r#"{{ "Effect": "Allow", "Action": {action}, "Resource": {resource} }}"#);
    Help { what: "policy", text: escape_json(&text) }
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
                ("Because", "no identity-based policy".into()),
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
