use std::collections::BTreeMap;
use std::process::Command as Process;

use proptest::prelude::*;

use super::*;
use crate::api::model::{Capability, Fallback, ReviewHandler};
use crate::api::ops::{
    CreateChatToken, CreateRoom, DeleteMessage, GetRoom, ListRooms, ListTagsForResource, SendEvent, TagResource,
    UntagResource, UpdateRoom,
};
use crate::api::{Arn, Operation};

const ROOM: &str = "arn:aws:ivschat:us-west-2:123456789012:room/AbCdEf123456";

fn arn() -> Arn {
    ROOM.parse().unwrap()
}

fn line(operation: &impl Operation) -> String {
    command(operation).to_string()
}

fn command(operation: &impl Operation) -> Command {
    Command::of(&operation.call(), &Place { region: "us-west-2".to_owned(), ..Place::default() })
}

fn delete(reason: &str) -> DeleteMessage {
    DeleteMessage { room_identifier: arn(), id: "AbCdEf123456".to_owned(), reason: Some(reason.to_owned()) }
}

#[test]
fn members_are_options_lists_are_words_and_maps_are_json() {
    let token = CreateChatToken {
        room_identifier: arn(),
        user_id: "it's me!".to_owned(),
        capabilities: vec![Capability::SendMessage, Capability::DeleteMessage],
        session_duration_in_minutes: Some(180),
        attributes: BTreeMap::from([("displayName".to_owned(), "Nadia O'Hara".to_owned())]),
    };
    assert_eq!(
        line(&token),
        format!(
            "aws ivschat create-chat-token --room-identifier {ROOM} --user-id 'it'\\''s me!' \
             --capabilities SEND_MESSAGE DELETE_MESSAGE --session-duration-in-minutes 180 \
             --attributes '{{\"displayName\":\"Nadia O'\\''Hara\"}}' --region us-west-2"
        )
    );
}

#[test]
fn empty_texts_lists_and_structures_are_said() {
    let update = UpdateRoom {
        name: Some(String::new()),
        logging_configuration_identifiers: Some(Vec::new()),
        message_review_handler: Some(ReviewHandler { uri: String::new(), fallback_result: Some(Fallback::Deny) }),
        ..UpdateRoom::new(arn())
    };
    assert_eq!(
        line(&update),
        format!(
            "aws ivschat update-room --identifier {ROOM} --name '' \
             --message-review-handler '{{\"uri\":\"\",\"fallbackResult\":\"DENY\"}}' \
             --logging-configuration-identifiers '[]' --region us-west-2"
        )
    );
    assert_eq!(line(&CreateRoom::default()), "aws ivschat create-room --region us-west-2");
    assert_eq!(line(&ListRooms::default()), "aws ivschat list-rooms --region us-west-2");
}

#[test]
fn a_profile_and_an_endpoint_of_ones_own_are_named() {
    let (profile, endpoint) = (Some("my prod".to_owned()), Some("http://127.0.0.1:4870".to_owned()));
    let place = Place { profile, region: "eu-west-1".to_owned(), endpoint };
    let line = Command::of(&GetRoom { identifier: arn() }.call(), &place).to_string();
    let tail = "--profile 'my prod' --region eu-west-1 --endpoint-url http://127.0.0.1:4870";
    assert_eq!(line, format!("aws ivschat get-room --identifier {ROOM} {tail}"));
}

#[test]
fn tags_name_the_resource_and_its_service() {
    let channel: Arn = "arn:aws:ivs:us-west-2:123456789012:channel/AbCdEf123456".parse().unwrap();
    let list = ListTagsForResource { resource_arn: arn() };
    assert_eq!(line(&list), format!("aws ivschat list-tags-for-resource --resource-arn {ROOM} --region us-west-2"));
    let tags = BTreeMap::from([("a b".to_owned(), String::new())]);
    assert_eq!(
        line(&TagResource { resource_arn: channel.clone(), tags }),
        format!("aws ivs tag-resource --resource-arn {channel} --tags '{{\"a b\":\"\"}}' --region us-west-2")
    );
    let untag = UntagResource { resource_arn: arn(), tag_keys: vec!["team".to_owned(), "é".to_owned()] };
    assert_eq!(
        line(&untag),
        format!("aws ivschat untag-resource --resource-arn {ROOM} --tag-keys team 'é' --region us-west-2")
    );
}

#[test]
fn what_looks_like_an_option_is_a_value() {
    assert!(line(&delete("-x")).contains(" --reason=-x "), "{}", line(&delete("-x")));
    let untag = UntagResource { resource_arn: arn(), tag_keys: vec!["--region".to_owned()] };
    assert!(line(&untag).contains(r#" --tag-keys '["--region"]' "#), "{}", line(&untag));
}

#[test]
fn what_the_cli_would_fetch_goes_in_as_json() {
    for text in ["file:///etc/passwd", "fileb://x", "http://169.254.169.254/", "https://a.example", "--"] {
        let words = command(&delete(text)).words().to_vec();
        assert_eq!(words[3], "--cli-input-json", "{words:?}");
        let input: Value = serde_json::from_str(&words[4]).unwrap();
        assert_eq!(input["reason"], text);
        assert_eq!(input["roomIdentifier"], ROOM);
    }
    let untag = UntagResource { resource_arn: arn(), tag_keys: vec!["file://x".to_owned()] };
    assert!(line(&untag).contains(r#"'["file://x"]'"#), "{}", line(&untag));
}

#[test]
fn nothing_hidden_is_on_the_line() {
    let hidden = "a\u{1b}]0;x\u{7}\n\u{202e}b\u{e0041}\u{9b}c";
    let shown = line(&delete(hidden));
    assert!(!shown.chars().any(is_hidden), "{shown:?}");
    assert!(shown.contains(r"a\u001b]0;x\u0007\n\u202eb\udb40\udc41\u009bc"), "{shown}");
    let event = SendEvent {
        room_identifier: arn(),
        event_name: "e".to_owned(),
        attributes: BTreeMap::from([("k\t".to_owned(), hidden.to_owned())]),
    };
    assert!(!line(&event).chars().any(is_hidden), "{}", line(&event));
    assert!(line(&delete("👩\u{200d}👧 ❤\u{fe0f}")).contains("--reason '👩\u{200d}👧 ❤\u{fe0f}'"));
}

/// What a shell makes of the line.
fn read_by_the_shell(line: &str) -> Vec<String> {
    let output = Process::new("sh").arg("-c").arg(format!("printf '%s\\0' {line}")).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.split_terminator('\0').map(ToOwned::to_owned).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_shell_gives_the_words_back(
        reason in any::<String>(), nasty in "[-'\"!$`\\\\ ~*?#=&|;<>(){}\\[\\]a\n]{0,12}", keys in prop::collection::vec(any::<String>(), 0..3),
    ) {
        for command in [
            command(&delete(&reason)),
            command(&delete(&nasty)),
            command(&UntagResource { resource_arn: arn(), tag_keys: keys }),
            command(&TagResource { resource_arn: arn(), tags: BTreeMap::from([(nasty.clone(), reason.clone())]) }),
        ] {
            let line = command.to_string();
            prop_assert!(!line.chars().any(is_hidden), "{line:?}");
            prop_assert_eq!(read_by_the_shell(&line), command.words());
        }
    }
}
