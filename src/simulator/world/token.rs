//! Chat tokens: good for one connection within a minute.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::messaging::frame::Sender;

use super::id::{Id, Kind};
use super::input::{self, Input};
use super::{Answer, Refusal, World};

/// How long a token can be used to connect (AWS CLI reference, create-chat-token; the model promises no length).
const TO_CONNECT: SignedDuration = SignedDuration::from_secs(60);
/// How long a token is remembered after that, so that it is told from one that never was.
const REMEMBERED: SignedDuration = SignedDuration::from_secs(600);
/// Minutes that a session lasts if the request does not say.
const SESSION_MINUTES: u32 = 60;
/// Characters in a token. Real ones are longer and their length varies.
const LENGTH: usize = 160;
/// All may stand in an HTTP header's token (RFC 7230), as the WebSocket handshake needs. Real tokens hold `#` and `!`.
const LETTERS: &[u8; 67] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789#!-_.";

/// What the holder of a token may do besides reading along.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Capability {
    SendMessage,
    DeleteMessage,
    DisconnectUser,
}

impl Capability {
    /// The capability as requests spell it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::SendMessage => "SEND_MESSAGE",
            Self::DeleteMessage => "DELETE_MESSAGE",
            Self::DisconnectUser => "DISCONNECT_USER",
        }
    }

    fn named(name: &str) -> Option<Self> {
        [Self::SendMessage, Self::DeleteMessage, Self::DisconnectUser]
            .into_iter()
            .find(|capability| capability.name() == name)
    }
}

/// What a token grants.
#[derive(Debug, Clone)]
pub(super) struct Grant {
    pub(super) room: Id,
    pub(super) sender: Sender,
    pub(super) capabilities: BTreeSet<Capability>,
    pub(super) session_ends: Timestamp,
}

enum Token {
    Unused { grant: Grant, expires: Timestamp },
    Used,
}

/// The tokens that were made lately.
#[derive(Default)]
pub(super) struct Tokens {
    known: BTreeMap<String, Token>,
    to_forget: VecDeque<(Timestamp, String)>,
}

/// Names no token.
impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens").field("known", &self.known.len()).finish_non_exhaustive()
    }
}

impl Tokens {
    /// Makes a token.
    fn issue(&mut self, grant: Grant, now: Timestamp, rng: &mut Rng) -> (String, Timestamp) {
        while let Some((_, token)) = self.to_forget.pop_front_if(|(at, _)| *at <= now) {
            self.known.remove(&token);
        }
        let token: String = (0..LENGTH).map(|_| char::from(LETTERS[rng.usize(..LETTERS.len())])).collect();
        let expires = now + TO_CONNECT;
        self.known.insert(token.clone(), Token::Unused { grant, expires });
        self.to_forget.push_back((expires + REMEMBERED, token.clone()));
        (token, expires)
    }

    /// Uses a token up.
    ///
    /// # Errors
    /// Why it can't be used, in words.
    pub(super) fn redeem(&mut self, token: &str, now: Timestamp) -> Result<Grant, &'static str> {
        let known = self.known.get_mut(token).ok_or("The chat token is not known")?;
        match std::mem::replace(known, Token::Used) {
            Token::Used => Err("The chat token has been used already; every connection needs a new one"),
            Token::Unused { expires, .. } if expires <= now => {
                Err("The chat token has expired; it must be used within a minute")
            }
            Token::Unused { grant, .. } => Ok(grant),
        }
    }
}

impl World {
    pub(super) fn create_chat_token(&mut self, mut input: Input<'_>) -> Result<Answer, Refusal> {
        let room = input.required("roomIdentifier", input::ROOM_ARN);
        let user_id = input.required("userId", input::USER_ID).to_owned();
        let capabilities = input.texts("capabilities", usize::MAX, input::CAPABILITY).unwrap_or_default();
        let minutes = input.integer("sessionDurationInMinutes", 1..=180).unwrap_or(SESSION_MINUTES);
        let attributes = input.attributes("attributes", input::TOKEN_ATTRIBUTES);
        input.finish()?;
        let room = self.existing(Kind::Room, room)?;
        let asked = SignedDuration::from_mins(i64::from(minutes));
        let session_ends = self.clock + self.session.map_or(asked, |most| most.min(asked));
        let capabilities = capabilities.into_iter().filter_map(Capability::named).collect();
        let grant = Grant { room, sender: Sender { user_id, attributes }, capabilities, session_ends };
        let (token, expires) = self.tokens.issue(grant, self.clock, &mut self.rng);
        Ok(Answer::ok(json!({
            "token": token,
            "tokenExpirationTime": written(expires),
            "sessionExpirationTime": written(session_ends),
        })))
    }
}

/// A time as answers have it.
fn written(time: Timestamp) -> String {
    Timestamp::from_millisecond(time.as_millisecond()).unwrap_or(time).to_string()
}
