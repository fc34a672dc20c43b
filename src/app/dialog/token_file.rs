//! The request for a chat token as a JSON file, in the shape that `aws ivschat create-chat-token --cli-input-json` takes.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::api::model::Capability;
use crate::api::ops::CreateChatToken;

/// The members of the request, as the service model spells them.
const MEMBERS: [&str; 5] = ["roomIdentifier", "userId", "capabilities", "sessionDurationInMinutes", "attributes"];

/// What users may do besides reading.
pub(super) const CAPABILITIES: [Capability; 3] =
    [Capability::SendMessage, Capability::DeleteMessage, Capability::DisconnectUser];

/// What `--generate-cli-skeleton` prints for the operation (botocore, `ArgumentGenerator`: of the capabilities it picks
/// one at random).
const SKELETON: &str = r#"{
    "roomIdentifier": "",
    "userId": "",
    "capabilities": [
        "SEND_MESSAGE"
    ],
    "sessionDurationInMinutes": 0,
    "attributes": {
        "KeyName": ""
    }
}
"#;

/// What a file says. Limits are the form's business.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Loaded {
    /// The room that it names, if it names one.
    pub(super) room: Option<String>,
    pub(super) user_id: String,
    pub(super) capabilities: Vec<Capability>,
    pub(super) session_minutes: Option<u32>,
    pub(super) attributes: BTreeMap<String, String>,
}

/// Reads a file.
///
/// # Errors
/// All that is wrong with it: what, and where.
pub(super) fn read(text: &str) -> Result<Loaded, Vec<String>> {
    let value: Value = serde_json::from_str(text).map_err(|error| vec![format!("is not JSON: {error}")])?;
    let Value::Object(members) = value else {
        return Err(vec![format!("must be an object of members such as userId, is {}", kind(&value))]);
    };
    let mut problems = strangers(&members);
    let mut loaded = Loaded::default();
    for (member, value) in &members {
        let done = match member.as_str() {
            "roomIdentifier" => text_of(value).map(|room| loaded.room = Some(room).filter(|room| !room.is_empty())),
            "userId" => text_of(value).map(|user| loaded.user_id = user),
            "capabilities" => capabilities(value).map(|found| loaded.capabilities = found),
            "sessionDurationInMinutes" => minutes(value).map(|found| loaded.session_minutes = Some(found)),
            "attributes" => attributes(value).map(|found| loaded.attributes = found),
            _ => Ok(()),
        };
        problems.extend(done.err().map(|(at, why)| format!("{member}{at} {why}")));
    }
    if problems.is_empty() { Ok(loaded) } else { Err(problems) }
}

/// The request as a file.
pub(super) fn write(request: &CreateChatToken) -> String {
    // A struct of texts and numbers is always JSON.
    serde_json::to_string_pretty(request).unwrap_or_default() + "\n"
}

/// The file of an empty form.
pub(super) fn skeleton() -> String {
    SKELETON.to_owned()
}

fn strangers(members: &Map<String, Value>) -> Vec<String> {
    let unknown = members.keys().filter(|member| !MEMBERS.contains(&member.as_str()));
    unknown
        .map(|member| {
            let meant = MEMBERS.iter().find(|known| known.eq_ignore_ascii_case(member));
            let meant = meant.map_or_else(|| MEMBERS.join(", "), ToString::to_string);
            format!("{member:?} is not a member of the request: {meant} would be")
        })
        .collect()
}

/// Where in a member, and what is wrong there.
type Wrong = (String, String);

fn wrong(at: impl Into<String>, wanted: &str, value: &Value) -> Wrong {
    (at.into(), format!("must be {wanted}, is {}", kind(value)))
}

fn text_of(value: &Value) -> Result<String, Wrong> {
    value.as_str().map(ToOwned::to_owned).ok_or_else(|| wrong("", "a text", value))
}

fn minutes(value: &Value) -> Result<u32, Wrong> {
    let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
    number.ok_or_else(|| wrong("", "a whole number of minutes", value))
}

fn capabilities(value: &Value) -> Result<Vec<Capability>, Wrong> {
    let items = value.as_array().ok_or_else(|| wrong("", "a list", value))?;
    let known = |(index, item): (usize, &Value)| {
        let text = item.as_str().ok_or_else(|| wrong(format!("[{index}]"), "a text", item))?;
        let found = CAPABILITIES.into_iter().find(|capability| capability.as_str() == text);
        found.ok_or_else(|| {
            let all: Vec<String> = CAPABILITIES.iter().map(|capability| capability.as_str().to_owned()).collect();
            (format!("[{index}]"), format!("is {text:?}, must be one of {}", all.join(", ")))
        })
    };
    items.iter().enumerate().map(known).collect()
}

fn attributes(value: &Value) -> Result<BTreeMap<String, String>, Wrong> {
    let members = value.as_object().ok_or_else(|| wrong("", "an object", value))?;
    let text = |(key, value): (&String, &Value)| match value.as_str() {
        Some(text) => Ok((key.clone(), text.to_owned())),
        None => Err(wrong(format!(".{key}"), "a text", value)),
    };
    members.iter().map(text).collect()
}

fn kind(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(is) => is.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(_) => "a text".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: &str = "arn:aws:ivschat:us-west-2:123456789012:room/AbCdEf123456";

    #[test]
    fn what_is_written_is_read_again() {
        let request = CreateChatToken {
            room_identifier: ROOM.parse().unwrap(),
            user_id: "nadia \"n\" \u{1f389}".into(),
            capabilities: vec![Capability::DeleteMessage, Capability::SendMessage],
            session_duration_in_minutes: Some(15),
            attributes: [("displayName".to_owned(), "Nadia\nN".to_owned())].into(),
        };
        let loaded = read(&write(&request)).unwrap();
        assert_eq!(loaded.room.as_deref(), Some(ROOM));
        assert_eq!((loaded.user_id, loaded.capabilities), (request.user_id, request.capabilities));
        assert_eq!((loaded.session_minutes, loaded.attributes), (Some(15), request.attributes));
    }

    #[test]
    fn a_skeleton_names_no_room_and_is_read() {
        let loaded = read(&skeleton()).unwrap();
        assert_eq!((loaded.room, loaded.session_minutes), (None, Some(0)));
        assert_eq!(loaded.capabilities, [Capability::SendMessage]);
    }

    #[test]
    fn all_that_is_wrong_is_told_with_its_place() {
        for (text, wanted) in [
            ("{", "is not JSON: EOF while parsing an object at line 1 column 1"),
            ("[]", "must be an object of members such as userId, is a list"),
            (r#"{"userid":"x"}"#, "\"userid\" is not a member of the request: userId would be"),
            (r#"{"userId":7}"#, "userId must be a text, is 7"),
            (r#"{"userId":null}"#, "userId must be a text, is null"),
            (r#"{"capabilities":"SEND_MESSAGE"}"#, "capabilities must be a list, is a text"),
            (r#"{"capabilities":["SEND_MESSAGE","FLY"]}"#, "capabilities[1] is \"FLY\", must be one of SEND_MESSAGE"),
            (r#"{"capabilities":[1]}"#, "capabilities[0] must be a text, is 1"),
            (
                r#"{"sessionDurationInMinutes":"60"}"#,
                "sessionDurationInMinutes must be a whole number of minutes, is a text",
            ),
            (
                r#"{"sessionDurationInMinutes":1.5}"#,
                "sessionDurationInMinutes must be a whole number of minutes, is 1.5",
            ),
            (r#"{"attributes":{"a":true}}"#, "attributes.a must be a text, is true"),
        ] {
            let problems = read(text).unwrap_err();
            assert!(problems[0].starts_with(wanted), "{text}: {problems:?}");
        }
        assert_eq!(read(r#"{"userId":1,"colour":2,"attributes":3}"#).unwrap_err().len(), 3);
    }
}
