//! Logging configurations: create, delete, get, list, update, and their way from state to state.
//!
//! Whether a change succeeds is told by the destination's name, so that every end can be had by asking for it: a name
//! with `missing` in it can't be reached (`CREATE_FAILED`, `UPDATE_FAILED`), one with `locked` in it can't be let go
//! of (`DELETE_FAILED`).

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::simulator::script::DestinationEntry;

use super::agenda::Due;
use super::collection::Resource;
use super::id::{Home, Id, Kind};
use super::input::{self, Input};
use super::{Answer, Refusal, World, paging, quota};

/// How long a change takes. The service takes some seconds; how many is not documented.
const CHANGE: SignedDuration = SignedDuration::from_secs(2);

/// What is said to whoever wants to attach one too early.
pub(super) const NOT_ACTIVE: &str = "The logging configuration is not ACTIVE and can't be attached";

/// What a logging configuration has of its own.
#[derive(Debug)]
pub(super) struct Logging {
    pub(super) destination: DestinationEntry,
    pub(super) state: State,
}

/// Where a logging configuration is in its life. The agenda knows when a transition ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Creating,
    CreateFailed,
    Deleting,
    DeleteFailed,
    Updating,
    UpdateFailed,
    Active,
}

impl State {
    fn name(self) -> &'static str {
        match self {
            Self::Creating => "CREATING",
            Self::CreateFailed => "CREATE_FAILED",
            Self::Deleting => "DELETING",
            Self::DeleteFailed => "DELETE_FAILED",
            Self::Updating => "UPDATING",
            Self::UpdateFailed => "UPDATE_FAILED",
            Self::Active => "ACTIVE",
        }
    }

    fn is_in_transition(self) -> bool {
        match self {
            Self::Creating | Self::Deleting | Self::Updating => true,
            Self::CreateFailed | Self::DeleteFailed | Self::UpdateFailed | Self::Active => false,
        }
    }
}

/// Reads a destination; a problem of the input if it is not exactly one.
fn read_destination(input: &mut Input<'_>) -> Option<DestinationEntry> {
    const MEMBER: &str = "destinationConfiguration";
    let kinds = [
        ("s3", "bucketName", input::BUCKET_NAME),
        ("cloudWatchLogs", "logGroupName", input::LOG_GROUP_NAME),
        ("firehose", "deliveryStreamName", input::DELIVERY_STREAM_NAME),
    ];
    let mut structure = input.structure(MEMBER)?;
    let mut destinations = Vec::new();
    for (kind, member, limit) in kinds {
        if let Some(mut of_kind) = structure.structure(kind) {
            let name = of_kind.required(member, limit).to_owned();
            structure.absorb(of_kind);
            destinations.push(match kind {
                "s3" => DestinationEntry::S3(name),
                "cloudWatchLogs" => DestinationEntry::CloudWatchLogs(name),
                _ => DestinationEntry::Firehose(name),
            });
        }
    }
    input.absorb(structure);
    if destinations.len() != 1 {
        input.problem(MEMBER, "Member must have exactly one of s3, cloudWatchLogs, firehose");
    }
    destinations.pop()
}

fn name_of(destination: &DestinationEntry) -> &str {
    match destination {
        DestinationEntry::S3(name) | DestinationEntry::CloudWatchLogs(name) | DestinationEntry::Firehose(name) => name,
    }
}

impl World {
    pub(super) fn create_logging(&mut self, mut input: Input<'_>) -> Result<Answer, Refusal> {
        let name = input.text("name", input::NAME).unwrap_or_default().to_owned();
        let tags = input.tags("tags").unwrap_or_default();
        if input.raw("destinationConfiguration").is_none() {
            input.problem("destinationConfiguration", "Member must not be null");
        }
        let destination = read_destination(&mut input);
        input.finish()?;
        if self.rates.counts_resources() && self.logging.len() >= quota::LOGGING_CONFIGURATIONS {
            return Err(Refusal::too_many(Kind::Logging, &self.home.account, quota::LOGGING_CONFIGURATIONS));
        }
        let id = Id::random(&mut self.rng);
        let destination = destination.expect("its absence is a problem of the input");
        let logging = Logging { destination, state: State::Creating };
        self.logging.insert(id, name, (self.clock, self.clock), tags, logging);
        self.agenda.add(self.clock + CHANGE, Due::Settle(id));
        Ok(self.logging_answer(id))
    }

    pub(super) fn update_logging(&mut self, mut input: Input<'_>) -> Result<Answer, Refusal> {
        let arn = input.required("identifier", input::LOGGING_ARN);
        let name = input.text("name", input::NAME);
        let destination = read_destination(&mut input);
        input.finish()?;
        let id = self.settled(arn)?;
        if let Some(logging) = self.logging.get_mut(id) {
            logging.name = name.map_or_else(|| std::mem::take(&mut logging.name), str::to_owned);
            logging.detail.state = State::Updating;
            if let Some(destination) = destination {
                logging.detail.destination = destination;
            }
        }
        self.logging.touch(id, self.clock);
        self.agenda.add(self.clock + CHANGE, Due::Settle(id));
        Ok(self.logging_answer(id))
    }

    pub(super) fn delete_logging(&mut self, mut input: Input<'_>) -> Result<Answer, Refusal> {
        let arn = input.required("identifier", input::LOGGING_ARN);
        input.finish()?;
        let id = self.settled(arn)?;
        if self.rooms.iter().any(|room| room.detail.logging.contains(&id)) {
            let message = "The logging configuration is attached to a room; detach it first";
            return Err(Refusal::conflict(Kind::Logging, arn, message));
        }
        if let Some(logging) = self.logging.get_mut(id) {
            logging.detail.state = State::Deleting;
        }
        self.agenda.add(self.clock + CHANGE, Due::Settle(id));
        Ok(Answer::none())
    }

    pub(super) fn get_logging(&self, mut input: Input<'_>) -> Result<Answer, Refusal> {
        let arn = input.required("identifier", input::LOGGING_ARN);
        input.finish()?;
        Ok(self.logging_answer(self.existing(Kind::Logging, arn)?))
    }

    pub(super) fn list_logging(&self, mut input: Input<'_>) -> Result<Answer, Refusal> {
        let question = "logging configurations";
        let most = input.integer("maxResults", 1..=50).unwrap_or(paging::DEFAULT_PAGE);
        let after = paging::read(&mut input, question);
        input.finish()?;
        let page = self.logging.page(after, most as usize, |_| true);
        let list: Vec<Value> = page.items.into_iter().map(|logging| written(&self.home, logging)).collect();
        let mut body = json!({ "loggingConfigurations": list });
        if let Some(rest) = page.rest {
            body["nextToken"] = json!(paging::token(rest, question));
        }
        Ok(Answer::ok(body))
    }

    /// Ends the transition that a logging configuration is in.
    pub(super) fn settle(&mut self, id: Id) {
        let Some(logging) = self.logging.get_mut(id) else { return };
        let destination = name_of(&logging.detail.destination);
        let (unreachable, locked) = (destination.contains("missing"), destination.contains("locked"));
        logging.detail.state = match logging.detail.state {
            State::Creating if unreachable => State::CreateFailed,
            State::Updating if unreachable => State::UpdateFailed,
            State::Creating | State::Updating => State::Active,
            State::Deleting if locked => State::DeleteFailed,
            State::Deleting => {
                self.logging.remove(id);
                return;
            }
            settled @ (State::CreateFailed | State::DeleteFailed | State::UpdateFailed | State::Active) => settled,
        };
    }

    /// The ids of the logging configurations that a room is to have. New ones must be active; those that the room has
    /// already may stay whatever their state.
    pub(super) fn attachable(&self, arns: &[&str], attached: &[Id]) -> Result<Vec<Id>, Refusal> {
        let mut ids = Vec::new();
        for arn in arns {
            let id = self.existing(Kind::Logging, arn)?;
            let state = self.logging.get(id).map(|logging| logging.detail.state);
            if state != Some(State::Active) && !attached.contains(&id) {
                return Err(Refusal::conflict(Kind::Logging, arn, NOT_ACTIVE));
            }
            ids.push(id);
        }
        Ok(ids)
    }

    /// A logging configuration that is not in transition.
    fn settled(&self, arn: &str) -> Result<Id, Refusal> {
        let id = self.existing(Kind::Logging, arn)?;
        let state = self.logging.get(id).map(|logging| logging.detail.state);
        match state.filter(|state| state.is_in_transition()) {
            Some(state) => {
                let message = format!("The logging configuration is {} and can't be changed now", state.name());
                Err(Refusal::conflict(Kind::Logging, arn, &message))
            }
            None => Ok(id),
        }
    }

    fn logging_answer(&self, id: Id) -> Answer {
        Answer::ok(written(&self.home, self.logging.get(id).expect("the caller has looked")))
    }
}

fn written(home: &Home, logging: &Resource<Logging>) -> Value {
    let mut members = logging.members(home, Kind::Logging);
    let destination = match &logging.detail.destination {
        DestinationEntry::S3(name) => json!({ "s3": { "bucketName": name } }),
        DestinationEntry::CloudWatchLogs(name) => json!({ "cloudWatchLogs": { "logGroupName": name } }),
        DestinationEntry::Firehose(name) => json!({ "firehose": { "deliveryStreamName": name } }),
    };
    members.insert("destinationConfiguration".to_owned(), destination);
    members.insert("state".to_owned(), json!(logging.detail.state.name()));
    Value::Object(members)
}
