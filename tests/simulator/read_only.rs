//! A client that is read-only: nothing that changes anything leaves it.

use aws_credential_types::Credentials;
use ivschat::api::client::Client;
use ivschat::api::model::{Capability, Destination};
use ivschat::api::ops::{
    CreateChatToken, CreateLoggingConfiguration, CreateRoom, DeleteLoggingConfiguration, DeleteMessage, DeleteRoom,
    DisconnectUser, GetRoom, ListRooms, SendEvent, TagResource, UntagResource, UpdateLoggingConfiguration, UpdateRoom,
};
use ivschat::api::{Arn, Call, ErrorKind, Operation, Settings};
use ivschat::simulator::server::Running;

use super::start;

fn client(server: &Running) -> Client {
    let credentials = Credentials::new(&server.access_key_id, &server.secret_access_key, None, None, "test");
    Client::new(Settings::new(&server.region, credentials).unwrap().at(server.endpoint.parse().unwrap()))
}

fn token(room: &Arn, capabilities: Vec<Capability>) -> CreateChatToken {
    let (room_identifier, user_id) = (room.clone(), "nadia".to_owned());
    CreateChatToken { room_identifier, user_id, capabilities, session_duration_in_minutes: None, attributes: [].into() }
}

/// One call of each operation that changes something or hands out the right to, all of which the service would take.
fn changes(room: &Arn) -> Vec<Call> {
    let (identifier, resource_arn, room_identifier) = (room.clone(), room.clone(), room.clone());
    let log: Arn = room.as_str().replace(":room/", ":logging-configuration/").parse().unwrap();
    let destination_configuration = Destination::S3 { bucket_name: "chat-logs".to_owned() };
    let (name, tags) = (Some("x".to_owned()), [("team".to_owned(), "live".to_owned())].into());
    vec![
        CreateRoom { name: name.clone(), ..CreateRoom::default() }.call(),
        UpdateRoom { name: name.clone(), ..UpdateRoom::new(identifier.clone()) }.call(),
        DeleteRoom { identifier }.call(),
        CreateLoggingConfiguration { name: name.clone(), destination_configuration, tags: [].into() }.call(),
        UpdateLoggingConfiguration { identifier: log.clone(), name, destination_configuration: None }.call(),
        DeleteLoggingConfiguration { identifier: log }.call(),
        TagResource { resource_arn: resource_arn.clone(), tags }.call(),
        UntagResource { resource_arn, tag_keys: vec!["team".to_owned()] }.call(),
        DeleteMessage { room_identifier: room_identifier.clone(), id: "AbCdEf123456".to_owned(), reason: None }.call(),
        DisconnectUser { room_identifier: room_identifier.clone(), user_id: "nadia".to_owned(), reason: None }.call(),
        SendEvent { room_identifier, event_name: "x".to_owned(), attributes: [].into() }.call(),
        token(room, vec![Capability::DeleteMessage]).call(),
    ]
}

#[tokio::test]
async fn no_change_reaches_the_wire_and_the_console_still_sees_and_watches() {
    let server = start().await;
    let client = client(&server);
    let made = client.call(&CreateRoom { name: Some("lobby".to_owned()), ..CreateRoom::default() }).await.unwrap();
    let room = made.summary.arn;
    client.settings().read_only.set(true);
    for call in changes(&room) {
        let error = client.send(&call).await.unwrap_err();
        assert_eq!((error.kind, error.attempts), (ErrorKind::ReadOnly, 0), "{}", call.spec.name);
    }
    let found = client.call(&GetRoom { identifier: room.clone() }).await.unwrap();
    assert_eq!((found.summary.name.as_str(), found.summary.tags.len()), ("lobby", 0));
    assert_eq!(client.call(&ListRooms::default()).await.unwrap().rooms.len(), 1);
    client.call(&token(&room, Vec::new())).await.unwrap();
    client.settings().read_only.set(false);
    client.call(&DeleteRoom { identifier: room }).await.unwrap();
    server.stop().await;
}
