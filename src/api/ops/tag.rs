//! Tags of any resource: list, add or change, remove. 10 calls a second for each operation.

use http::Method;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::api::error::Problem;
use crate::api::limit::{self, Checks};
use crate::api::model::{Arn, Tags};
use crate::api::operation::{Effect, Operation, Replay, Request, Spec};
use crate::api::service::Service;

use super::Done;

/// All but the unreserved characters of RFC 3986: how a path label is written. The `:` and `/` of an ARN are
/// encoded too, and once more in the canonical path that is signed.
const LABEL: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

const fn spec(name: &'static str, effect: Effect) -> Spec {
    Spec { name, per_second: 10, effect, replay: Replay::Freely }
}

fn request(method: Method, resource: &Arn) -> Request {
    let path = format!("/tags/{}", utf8_percent_encode(resource.as_str(), LABEL));
    Request { method, path, query: Vec::new(), body: None }
}

/// Whose the resource is. What belongs to neither service is the chat's to refuse.
fn service(resource: &Arn) -> Service {
    Service::of(resource).unwrap_or_default()
}

/// `GET /tags/{resourceArn}`: the tags of a resource.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ListTagsForResource {
    /// Whose tags.
    pub resource_arn: Arn,
}

/// The tags of a resource.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ResourceTags {
    /// May be empty.
    pub tags: Tags,
}

impl Operation for ListTagsForResource {
    type Output = ResourceTags;
    const SPEC: Spec = spec("ListTagsForResource", Effect::Reads);

    fn service(&self) -> Service {
        service(&self.resource_arn)
    }

    fn request(&self) -> Request {
        request(Method::GET, &self.resource_arn)
    }
}

/// `POST /tags/{resourceArn}`: adds these tags or gives them these values; others stay.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TagResource {
    /// Whose tags.
    pub resource_arn: Arn,
    /// [`limit::TAGS_PER_RESOURCE`], together with those that are there.
    pub tags: Tags,
}

impl Operation for TagResource {
    type Output = Done;
    const SPEC: Spec = spec("TagResource", Effect::Changes);

    fn service(&self) -> Service {
        service(&self.resource_arn)
    }

    fn request(&self) -> Request {
        Request { body: Some(json!({ "tags": self.tags })), ..request(Method::POST, &self.resource_arn) }
    }

    fn problems(&self) -> Vec<Problem> {
        Checks::new().tags("tags", &self.tags).problems()
    }
}

/// `DELETE /tags/{resourceArn}?tagKeys=…`: removes these tags; those that are not there do no harm.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UntagResource {
    /// Whose tags.
    pub resource_arn: Arn,
    /// Which; at most 50.
    pub tag_keys: Vec<String>,
}

impl Operation for UntagResource {
    type Output = Done;
    const SPEC: Spec = spec("UntagResource", Effect::Changes);

    fn service(&self) -> Service {
        service(&self.resource_arn)
    }

    fn request(&self) -> Request {
        let query = self.tag_keys.iter().map(|key| ("tagKeys".to_owned(), key.clone())).collect();
        Request { query, ..request(Method::DELETE, &self.resource_arn) }
    }

    fn problems(&self) -> Vec<Problem> {
        let checks = Checks::new().items("tagKeys", limit::TAGS_PER_RESOURCE, self.tag_keys.len());
        self.tag_keys.iter().fold(checks, |checks, key| checks.text("tagKeys", limit::TAG_KEY, key)).problems()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arn_is_one_encoded_label_of_the_path() {
        let resource_arn = "arn:aws:ivschat:us-west-2:123456789012:room/g1H2I3j4k5L6".parse().unwrap();
        let request = ListTagsForResource { resource_arn }.request();
        assert_eq!(request.path, "/tags/arn%3Aaws%3Aivschat%3Aus-west-2%3A123456789012%3Aroom%2Fg1H2I3j4k5L6");
        assert_eq!(request.body, None);
    }

    #[test]
    fn the_tags_of_a_channel_are_the_other_service_s_business() {
        let service = |text: &str| ListTagsForResource { resource_arn: text.parse().unwrap() }.call().service;
        assert_eq!(service("arn:aws:ivs:us-west-2:123456789012:channel/AbCdEf123456"), Service::Ivs);
        assert_eq!(service("arn:aws:ivschat:us-west-2:123456789012:room/AbCdEf123456"), Service::IvsChat);
    }
}
