//! What the 17 operations have in common: a name, a route, how often and how safely they may be sent, and an answer.

use http::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error::Problem;
use super::service::Service;

/// One operation of the control plane: its input is the struct itself, its answer is [`Operation::Output`].
pub trait Operation: Serialize + Send + 'static {
    /// What the service answers when it agrees.
    type Output: DeserializeOwned + Send + 'static;

    /// Name, rate and repeatability of this operation.
    const SPEC: Spec;

    /// What goes over the wire, before it is signed: `POST /<name>` with the input as a JSON object, unless the
    /// operation's route is another.
    ///
    /// # Panics
    /// If the input is not a JSON object, which no operation's struct is.
    fn request(&self) -> Request {
        let body = serde_json::to_value(self).expect("operation inputs are JSON objects");
        Request { method: Method::POST, path: format!("/{}", Self::SPEC.name), query: Vec::new(), body: Some(body) }
    }

    /// Every member that breaks a limit of the service model, so that a form can show them all at once.
    /// Empty when the input may be sent.
    fn problems(&self) -> Vec<Problem> {
        Vec::new()
    }

    /// The service that it is asked of: for tags, the one that the resource belongs to.
    fn service(&self) -> Service {
        Service::IvsChat
    }

    /// This operation as plain data.
    fn call(&self) -> Call {
        Call { spec: Self::SPEC, service: self.service(), request: self.request() }
    }
}

/// An operation whose answer comes in pages.
pub trait Paged: Operation + Clone {
    /// The token of the page after this one, if there is one.
    fn next_token(page: &Self::Output) -> Option<&str>;

    /// The same question, for the page that `token` names.
    #[must_use]
    fn after(&self, token: &str) -> Self;
}

/// What is true of an operation whatever its input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spec {
    /// The operation's name in the service model, such as `ListRooms`.
    pub name: &'static str,
    /// Calls a second that an account may make in one region (User Guide, service quotas; not adjustable).
    pub per_second: u32,
    /// What it does to the service: who may read along is one thing, who may change another.
    pub effect: Effect,
    /// When a call may be sent again.
    pub replay: Replay,
}

/// What an operation does, in steps of how much is lost if it was not meant. The journal and a read-only console go by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// It leaves everything as it is: `Get…` and `List…`.
    Reads,
    /// It leaves everything as it is and hands out a right: `CreateChatToken`.
    Issues,
    /// It makes or changes something, and can be followed by another change: `Create…`, `Update…`, tags, and `SendEvent`,
    /// which everyone in the room gets.
    Changes,
    /// It takes something away for good, or throws somebody out: `Delete…` and `DisconnectUser`.
    Destroys,
}

impl Effect {
    /// Whether the console may send it without an entry in its journal: watching a room needs a token a connection.
    pub fn may_go_unwritten(self) -> bool {
        match self {
            Self::Reads | Self::Issues => true,
            Self::Changes | Self::Destroys => false,
        }
    }
}

/// When a call may be sent a second time. No operation takes an idempotency token, so this is all that stands
/// between a lost answer and a second room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replay {
    /// Doing it twice is doing it once: reads, updates, tags, tokens, message deletions.
    Freely,
    /// Only while the service cannot have carried it out: no connection was made, or it answered 429.
    UnlessCarriedOut,
    /// Freely, and "not found" on a later attempt means that an earlier one did it.
    GoneIsDone,
    /// Only within this many seconds: the user may have come back since.
    Within(u32),
}

/// A request as plain data: what the client signs and what the simulator answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// `POST` for all operations but the three on tags.
    pub method: Method,
    /// The path, percent-encoded as it goes over the wire.
    pub path: String,
    /// Query members in order, not yet encoded.
    pub query: Vec<(String, String)>,
    /// The JSON body; none for `GET` and `DELETE`.
    pub body: Option<Value>,
}

/// An operation whose types have been left behind: the form in which it waits, is paced and is sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// What is known of the operation.
    pub spec: Spec,
    /// Who is asked: it has its own endpoint and its own signing name.
    pub service: Service,
    /// What goes over the wire.
    pub request: Request,
}
