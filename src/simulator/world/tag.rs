//! Tags: list, add or change, remove. Rooms and logging configurations have them, and so do resources of Amazon IVS,
//! for which the same three operations exist there.

use serde_json::json;

use crate::api::Request;

use super::collection::Tags;
use super::id::Kind;
use super::input::{self, Input};
use super::{Answer, Refusal, World};

impl World {
    pub(super) fn list_tags(&mut self, mut input: Input<'_>, arn: &str) -> Result<Answer, Refusal> {
        check_arn(&mut input, arn);
        input.finish()?;
        Ok(Answer::ok(json!({ "tags": self.tags_of(arn)? })))
    }

    pub(super) fn tag(&mut self, mut input: Input<'_>, arn: &str) -> Result<Answer, Refusal> {
        check_arn(&mut input, arn);
        if input.raw("tags").is_none() {
            input.problem("tags", "Member must not be null");
        }
        let tags = input.tags("tags").unwrap_or_default();
        input.finish()?;
        let there = self.tags_of(arn)?;
        let more = tags.keys().filter(|key| !there.contains_key(*key)).count();
        if there.len() + more > input::TAGS {
            let message = format!("The resource would have {} tags, at most {}", there.len() + more, input::TAGS);
            return Err(Refusal::invalid_field("tags", message));
        }
        there.extend(tags);
        Ok(Answer::ok(json!({})))
    }

    /// Keys that are not there do no harm.
    pub(super) fn untag(&mut self, mut input: Input<'_>, arn: &str, request: &Request) -> Result<Answer, Refusal> {
        check_arn(&mut input, arn);
        let keys: Vec<&str> =
            request.query.iter().filter(|(name, _)| name == "tagKeys").map(|(_, key)| key.as_str()).collect();
        if keys.is_empty() {
            input.problem("tagKeys", "Member must not be null");
        }
        if keys.len() > input::TAGS {
            input.problem("tagKeys", format!("Member must have length less than or equal to {}", input::TAGS));
        }
        for problem in keys.iter().filter_map(|key| input::TAG_KEY.problem(key)) {
            input.problem("tagKeys", problem);
        }
        input.finish()?;
        let there = self.tags_of(arn)?;
        there.retain(|key, _| !keys.contains(&key.as_str()));
        Ok(Answer::ok(json!({})))
    }

    fn tags_of(&mut self, arn: &str) -> Result<&mut Tags, Refusal> {
        let kind = if arn.contains(":logging-configuration/") { Kind::Logging } else { Kind::Room };
        let missing = || Refusal::not_found(kind, arn);
        if let Some(id) = self.home.id(Kind::Room, arn) {
            return self.rooms.get_mut(id).map(|room| &mut room.tags).ok_or_else(missing);
        }
        if let Some(id) = self.home.id(Kind::Logging, arn) {
            return self.logging.get_mut(id).map(|logging| &mut logging.tags).ok_or_else(missing);
        }
        self.others.get_mut(arn).ok_or_else(missing)
    }
}

fn check_arn(input: &mut Input<'_>, arn: &str) {
    if let Some(problem) = input::RESOURCE_ARN.problem(arn) {
        input.problem("resourceArn", problem);
    }
}
