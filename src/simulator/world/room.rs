//! Rooms: create, delete, get, list, update.

use serde_json::{Map, Value, json};

use super::agenda::Place;
use super::collection::Resource;
use super::id::{Home, Id, Kind};
use super::input::{self, Input};
use super::logging::NOT_ACTIVE;
use super::people::People;
use super::quota::{self, Rate};
use super::{Answer, Refusal, World, paging};

/// Messages a second, if a request does not say.
const DEFAULT_RATE: u32 = 10;
/// Code points, if a request does not say.
const DEFAULT_LENGTH: u32 = 500;

/// What a room has of its own.
#[derive(Debug)]
pub(super) struct Room {
    /// Messages a second from all clients together.
    pub(super) rate: Rate,
    /// Code points in a message.
    pub(super) length: u32,
    pub(super) handler: Option<Handler>,
    pub(super) logging: Vec<Id>,
    pub(super) people: Option<People>,
    /// Where it is noted that somebody speaks next.
    pub(super) talk: Option<Place>,
}

/// A message review handler.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Handler {
    pub(super) uri: String,
    pub(super) fallback: Fallback,
}

/// What counts when the handler gives no verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fallback {
    Allow,
    Deny,
}

/// What a request says of a room's handler.
enum Change {
    Keep,
    Remove,
    Set(Handler),
}

impl Change {
    fn apply(self, before: Option<Handler>) -> Option<Handler> {
        match self {
            Self::Keep => before,
            Self::Remove => None,
            Self::Set(handler) => Some(handler),
        }
    }
}

/// What a request says of a room, checked; what it does not say is none.
struct Settings<'a> {
    name: Option<&'a str>,
    rate: Option<u32>,
    length: Option<u32>,
    handler: Change,
    logging: Option<Vec<&'a str>>,
}

impl<'a> Settings<'a> {
    fn read(input: &mut Input<'a>) -> Self {
        Self {
            name: input.text("name", input::NAME),
            rate: input.integer("maximumMessageRatePerSecond", 1..=100),
            length: input.integer("maximumMessageLength", 1..=500),
            handler: read_handler(input),
            logging: input.texts("loggingConfigurationIdentifiers", input::LOGGING_PER_ROOM, input::LOGGING_ARN),
        }
    }
}

fn read_handler(input: &mut Input<'_>) -> Change {
    let Some(mut structure) = input.structure("messageReviewHandler") else { return Change::Keep };
    let uri = structure.text("uri", input::HANDLER_URI).unwrap_or_default();
    let fallback = match structure.text("fallbackResult", input::FALLBACK) {
        Some("DENY") => Fallback::Deny,
        Some(_) | None => Fallback::Allow,
    };
    // A function that has not allowed the service to call it; these are the service's words.
    if uri.contains("missing") {
        structure.problem("uri", "Request member: uri failed to satisfy the constraints: invalid lambda permission");
    }
    input.absorb(structure);
    if uri.is_empty() { Change::Remove } else { Change::Set(Handler { uri: uri.to_owned(), fallback }) }
}

impl World {
    pub(super) fn create_room(&mut self, mut input: Input<'_>) -> Result<Answer, Refusal> {
        let settings = Settings::read(&mut input);
        let tags = input.tags("tags").unwrap_or_default();
        input.finish()?;
        let logging = self.attachable(settings.logging.as_deref().unwrap_or_default(), &[])?;
        if self.rates.counts_resources() && self.rooms.len() >= quota::ROOMS {
            return Err(Refusal::too_many(Kind::Room, &self.home.account, quota::ROOMS));
        }
        let room = Room {
            rate: self.rates.room(settings.rate.unwrap_or(DEFAULT_RATE)),
            length: settings.length.unwrap_or(DEFAULT_LENGTH),
            handler: settings.handler.apply(None),
            logging,
            people: None,
            talk: None,
        };
        let id = Id::random(&mut self.rng);
        self.rooms.insert(id, settings.name.unwrap_or_default().to_owned(), (self.clock, self.clock), tags, room);
        Ok(self.room_answer(id))
    }

    pub(super) fn update_room(&mut self, mut input: Input<'_>) -> Result<Answer, Refusal> {
        let arn = input.required("identifier", input::ROOM_ARN);
        let settings = Settings::read(&mut input);
        input.finish()?;
        let id = self.existing(Kind::Room, arn)?;
        let attached = self.rooms.get(id).map(|room| room.detail.logging.clone()).unwrap_or_default();
        let logging = match &settings.logging {
            // A conflict is what creating a room answers; the model has none for updating.
            Some(arns) => self.attachable(arns, &attached).map_err(|refusal| match refusal.status {
                409 => Refusal::invalid_field("loggingConfigurationIdentifiers", NOT_ACTIVE),
                _ => refusal,
            })?,
            None => attached,
        };
        let rate = settings.rate.map(|rate| self.rates.room(rate));
        if let Some(room) = self.rooms.get_mut(id) {
            room.name = settings.name.map_or_else(|| std::mem::take(&mut room.name), str::to_owned);
            room.detail.logging = logging;
            room.detail.length = settings.length.unwrap_or(room.detail.length);
            if let Some(rate) = rate {
                room.detail.rate = rate;
            }
            room.detail.handler = settings.handler.apply(room.detail.handler.take());
        }
        self.rooms.touch(id, self.clock);
        Ok(self.room_answer(id))
    }

    /// Clients that are connected stay connected (User Guide); what they publish is refused with 404.
    pub(super) fn delete_room(&mut self, mut input: Input<'_>) -> Result<Answer, Refusal> {
        let arn = input.required("identifier", input::ROOM_ARN);
        input.finish()?;
        let id = self.existing(Kind::Room, arn)?;
        if let Some(place) = self.rooms.remove(id).and_then(|room| room.detail.talk) {
            self.agenda.remove(place);
        }
        Ok(Answer::none())
    }

    pub(super) fn get_room(&self, mut input: Input<'_>) -> Result<Answer, Refusal> {
        let arn = input.required("identifier", input::ROOM_ARN);
        input.finish()?;
        Ok(self.room_answer(self.existing(Kind::Room, arn)?))
    }

    /// Filters count together, and a name is met as a whole: whether the service does so is not documented. An empty
    /// filter is none.
    pub(super) fn list_rooms(&self, mut input: Input<'_>) -> Result<Answer, Refusal> {
        let name = input.text("name", input::NAME).unwrap_or_default();
        let uri = input.text("messageReviewHandlerUri", input::HANDLER_URI).unwrap_or_default();
        let logging = input.text("loggingConfigurationIdentifier", input::LOGGING_ARN);
        let most = input.integer("maxResults", 1..=50).unwrap_or(paging::DEFAULT_PAGE);
        let question = format!("rooms {name} {uri} {}", logging.unwrap_or_default());
        let after = paging::read(&mut input, &question);
        input.finish()?;
        let logging = logging.map(|arn| self.existing(Kind::Logging, arn)).transpose()?;
        let page = self.rooms.page(after, most as usize, |room| {
            (name.is_empty() || room.name == name)
                && (uri.is_empty() || room.detail.handler.as_ref().is_some_and(|handler| handler.uri == uri))
                && logging.is_none_or(|logging| room.detail.logging.contains(&logging))
        });
        let rooms: Vec<Value> = page.items.into_iter().map(|room| Value::Object(summary(&self.home, room))).collect();
        let mut body = json!({ "rooms": rooms });
        if let Some(rest) = page.rest {
            body["nextToken"] = json!(paging::token(rest, &question));
        }
        Ok(Answer::ok(body))
    }

    fn room_answer(&self, id: Id) -> Answer {
        let room = self.rooms.get(id).expect("the caller has looked");
        let mut body = summary(&self.home, room);
        body.insert("maximumMessageRatePerSecond".to_owned(), json!(room.detail.rate.limit));
        body.insert("maximumMessageLength".to_owned(), json!(room.detail.length));
        Answer::ok(Value::Object(body))
    }
}

/// What a list says of a room: its rate and length are not among it.
fn summary(home: &Home, room: &Resource<Room>) -> Map<String, Value> {
    let logging: Vec<String> = room.detail.logging.iter().map(|id| home.arn(Kind::Logging, id)).collect();
    let mut members = room.members(home, Kind::Room);
    if let Some(handler) = &room.detail.handler {
        let fallback = match handler.fallback {
            Fallback::Allow => "ALLOW",
            Fallback::Deny => "DENY",
        };
        let handler = json!({ "uri": handler.uri, "fallbackResult": fallback });
        members.insert("messageReviewHandler".to_owned(), handler);
    }
    members.insert("loggingConfigurationIdentifiers".to_owned(), json!(logging));
    members
}
