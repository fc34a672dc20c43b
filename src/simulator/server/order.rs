//! What can be asked of the simulator while it runs, besides faults: its forms as JSON, and how each is carried out.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::answer::refusal;
use crate::messaging::frame::{Attributes, Sender};
use crate::simulator::world::{self, NotPossible, Refusal, Variant, World};

/// The most users of a raid and messages of a flood.
const MOST: u32 = 10_000;
/// The longest time in seconds that anything may take or last.
const LONGEST: f64 = 24.0 * 60.0 * 60.0;

/// Something that somebody asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Order {
    /// New users write nearly the same.
    Raid(RaidOrder),
    /// One user writes much.
    Flood(FloodOrder),
    /// Somebody writes.
    Say(SayOrder),
    /// Somebody elsewhere deletes a message.
    Delete(DeleteOrder),
    /// Somebody elsewhere disconnects a user.
    Disconnect(DisconnectOrder),
    /// All sessions are over.
    EndSessions,
    /// Sessions last no longer than this.
    LimitSessions(LimitOrder),
}

/// `POST /_simulator/raid`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RaidOrder {
    /// Name, id or ARN; may be left out while somebody listens in one room only.
    pub room: Option<String>,
    /// How many users.
    pub users: u32,
    /// What they write.
    pub text: String,
    /// Within how many seconds.
    pub seconds: f64,
    /// The ways in which they write it; none for as it is.
    pub variants: Vec<Variant>,
}

impl Default for RaidOrder {
    fn default() -> Self {
        let text = "free coins at coin-fall.example".to_owned();
        Self { room: None, users: 40, text, seconds: 5.0, variants: Variant::ALL.to_vec() }
    }
}

/// `POST /_simulator/flood`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FloodOrder {
    /// As for a raid.
    pub room: Option<String>,
    /// The user's id.
    pub user: String,
    /// How many messages.
    pub messages: u32,
    /// What is written, each time with a number behind it.
    pub text: String,
    /// Within how many seconds.
    pub seconds: f64,
}

impl Default for FloodOrder {
    fn default() -> Self {
        Self { room: None, user: "flooder".to_owned(), messages: 12, text: "look at me".to_owned(), seconds: 3.0 }
    }
}

/// `POST /_simulator/say`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SayOrder {
    /// As for a raid.
    pub room: Option<String>,
    /// The user's id.
    pub user: String,
    /// What others call the user; the id if not given.
    pub name: Option<String>,
    /// What is written.
    pub text: String,
}

/// `POST /_simulator/moderator/delete`
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DeleteOrder {
    /// As for a raid.
    pub room: Option<String>,
    /// The message's id; the last one that stands if not given.
    pub message: Option<String>,
    /// Why, as everybody in the room is told.
    pub reason: Option<String>,
}

/// `POST /_simulator/moderator/disconnect`
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DisconnectOrder {
    /// As for a raid.
    pub room: Option<String>,
    /// The user's id; who wrote last if not given.
    pub user: Option<String>,
    /// Why, as everybody in the room is told.
    pub reason: Option<String>,
}

/// `POST /_simulator/sessions/limit`
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitOrder {
    /// How many seconds; without, as long as the token says.
    pub seconds: Option<f64>,
}

impl Order {
    /// The order that a request is, by its path below `/_simulator/`.
    ///
    /// # Errors
    /// 404 if there is no such order, 400 if the body is not what it takes, with what that would be.
    pub(super) fn read(path: &str, body: &[u8]) -> Result<Self, Refusal> {
        let order = match path {
            "raid" => Self::Raid(form(body, r#"{"room":"lobby-main","users":40,"text":"free coins","seconds":5}"#)?),
            "flood" => Self::Flood(form(body, r#"{"room":"lobby-main","user":"mallory","messages":12,"seconds":3}"#)?),
            "say" => Self::Say(form(body, r#"{"room":"lobby-main","user":"mallory","text":"hello"}"#)?),
            "moderator/delete" => Self::Delete(form(body, r#"{"room":"lobby-main","reason":"spam"}"#)?),
            "moderator/disconnect" => Self::Disconnect(form(body, r#"{"room":"lobby-main","user":"mallory"}"#)?),
            "sessions/end" => {
                let Nothing {} = form(body, "{}")?;
                Self::EndSessions
            }
            "sessions/limit" => Self::LimitSessions(form(body, r#"{"seconds":20}"#)?),
            _ => return Err(refusal(404, "NoSuchControl", &format!("there is no POST /_simulator/{path}"))),
        };
        order.check()?;
        Ok(order)
    }

    fn check(&self) -> Result<(), Refusal> {
        match self {
            Self::Raid(RaidOrder { users, text, seconds, .. }) => {
                counted("users", *users)?;
                said(text)?;
                timed(*seconds)
            }
            Self::Flood(FloodOrder { user, messages, text, seconds, .. }) => {
                named(user)?;
                counted("messages", *messages)?;
                said(text)?;
                timed(*seconds)
            }
            Self::Say(SayOrder { user, .. }) => named(user),
            Self::LimitSessions(LimitOrder { seconds: Some(seconds) }) if *seconds < 1.0 => {
                Err(bad("\"seconds\" must be at least 1, or null for no limit"))
            }
            Self::LimitSessions(LimitOrder { seconds: Some(seconds) }) => timed(*seconds),
            Self::LimitSessions(LimitOrder { seconds: None })
            | Self::Delete(_)
            | Self::Disconnect(_)
            | Self::EndSessions => Ok(()),
        }
    }

    /// Does it; what came of it as JSON.
    pub(super) fn carry_out(self, world: &mut World, now: Timestamp) -> Result<Value, NotPossible> {
        match self {
            Self::Raid(RaidOrder { room, users, text, seconds, variants }) => {
                let raid = world::Raid { users, text, variants, within: duration(seconds) };
                let users = world.raid(now, room.as_deref(), &raid)?;
                Ok(json!({ "users": users }))
            }
            Self::Flood(FloodOrder { room, user, messages, text, seconds }) => {
                let flood = world::Flood { user, messages, text, within: duration(seconds) };
                world.flood(now, room.as_deref(), &flood)?;
                Ok(json!({ "user": flood.user }))
            }
            Self::Say(SayOrder { room, user, name, text }) => {
                let room = world.room_meant(room.as_deref())?;
                let name = name.unwrap_or_else(|| user.clone());
                let sender = Sender { user_id: user, attributes: Attributes::from([("displayName".to_owned(), name)]) };
                let message = world.say(now, &room, sender, &text).ok_or(NotPossible::NoRoom(room))?;
                Ok(json!({ "message": message }))
            }
            Self::Delete(DeleteOrder { room, message, reason }) => {
                let message = world.moderator_deletes(now, room.as_deref(), message.as_deref(), reason.as_deref())?;
                Ok(json!({ "message": message }))
            }
            Self::Disconnect(DisconnectOrder { room, user, reason }) => {
                let user = world.moderator_disconnects(now, room.as_deref(), user.as_deref(), reason.as_deref())?;
                Ok(json!({ "user": user }))
            }
            Self::EndSessions => Ok(json!({ "connections": world.end_sessions(now) })),
            Self::LimitSessions(LimitOrder { seconds }) => {
                world.limit_sessions(seconds.map(duration));
                Ok(json!({ "seconds": seconds }))
            }
        }
    }
}

/// A body that says nothing.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// Reads a body; none is as good as `{}`.
fn form<T: DeserializeOwned>(body: &[u8], example: &str) -> Result<T, Refusal> {
    let body = if body.trim_ascii().is_empty() { b"{}" } else { body };
    serde_json::from_slice(body).map_err(|why| bad(&format!("{why}; send JSON such as {example}")))
}

fn bad(why: &str) -> Refusal {
    refusal(400, "BadOrder", why)
}

fn counted(member: &str, count: u32) -> Result<(), Refusal> {
    if (1..=MOST).contains(&count) { Ok(()) } else { Err(bad(&format!("\"{member}\" must be 1 to {MOST}"))) }
}

fn timed(seconds: f64) -> Result<(), Refusal> {
    if (0.0..=LONGEST).contains(&seconds) { Ok(()) } else { Err(bad(&format!("\"seconds\" must be 0 to {LONGEST}"))) }
}

fn named(user: &str) -> Result<(), Refusal> {
    if (1..=128).contains(&user.chars().count()) { Ok(()) } else { Err(bad("\"user\" must have 1 to 128 characters")) }
}

fn said(text: &str) -> Result<(), Refusal> {
    if text.is_empty() { Err(bad("\"text\" must not be empty")) } else { Ok(()) }
}

fn duration(seconds: f64) -> SignedDuration {
    SignedDuration::try_from_secs_f64(seconds).unwrap_or_default()
}

impl From<NotPossible> for Refusal {
    fn from(why: NotPossible) -> Self {
        let status = if matches!(why, NotPossible::NoRoom(_)) { 404 } else { 400 };
        refusal(status, "NotPossible", &why.to_string())
    }
}
