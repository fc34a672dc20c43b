//! The pretend account: rooms, logging configurations, tags, tokens, connections and the people who chat. Pure: time
//! comes in as an argument and what should be sent goes out as data.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use crate::api::Request;

/// One open WebSocket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u64);

/// The service's yes.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// 200, or 204 without a body.
    pub status: u16,
    /// The JSON body.
    pub body: Option<Value>,
}

/// The service's no, in the shape of its rest-json errors.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// What `x-amzn-ErrorType` says.
    pub error_type: String,
    /// The JSON body: `message` and the members that the error's shape has.
    pub body: Value,
}

/// Something that a connection is to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// A text frame.
    Frame {
        /// To whom.
        to: ConnectionId,
        /// Shared, as the same frame goes to everybody in a room.
        text: Arc<str>,
    },
    /// The end of the connection, from the server's side.
    Close {
        /// To whom.
        to: ConnectionId,
        /// The WebSocket close code.
        code: u16,
        /// Its text.
        reason: String,
    },
}

/// The pretend account.
#[derive(Debug, Default)]
pub struct World {
    deliveries: Vec<Delivery>,
}

impl World {
    /// Answers a request of the control plane as the service would.
    ///
    /// # Errors
    /// The service's modelled and common errors.
    pub fn handle(&mut self, _now: Timestamp, _request: &Request) -> Result<Answer, Refusal> {
        Err(Refusal { status: 404, error_type: "UnknownOperationException".into(), body: Value::Null })
    }

    /// Opens a connection with a chat token.
    ///
    /// # Errors
    /// If the token is unknown, used or too old.
    pub fn connect(&mut self, _now: Timestamp, _token: &str) -> Result<ConnectionId, Refusal> {
        Err(Refusal { status: 403, error_type: "AccessDeniedException".into(), body: Value::Null })
    }

    /// Takes a text frame from a connection.
    pub fn receive(&mut self, _now: Timestamp, _from: ConnectionId, _text: &str) {}

    /// Forgets a connection that the client closed or that broke.
    pub fn leave(&mut self, _connection: ConnectionId) {}

    /// Lets everything happen that is due by `now`: people talk, states move on, sessions end.
    pub fn advance(&mut self, _now: Timestamp) {}

    /// When the next thing is due by itself.
    pub fn next_change(&self) -> Option<Timestamp> {
        None
    }

    /// Takes what is to be sent since the last call, in order.
    pub fn deliveries(&mut self) -> Vec<Delivery> {
        std::mem::take(&mut self.deliveries)
    }
}
