//! What can be asked of the simulator while it runs: raids, floods, moderators elsewhere, and the ends of sessions.

use ivschat::simulator::server::Running;
use reqwest::Method;
use serde_json::{Value, json};

use crate::chat::{Chat, room, token};
use crate::signed::{control, post, refusal};
use crate::start;

/// What came of an order.
async fn order(server: &Running, path: &str, body: &Value) -> Value {
    let answer = control(server, Method::POST, path, &body.to_string()).await;
    let (status, text) = (answer.status(), answer.text().await.unwrap());
    assert_eq!(status, 200, "{text}");
    serde_json::from_str(&text).unwrap()
}

#[tokio::test]
async fn a_raid_and_a_flood_reach_everybody_in_the_room() {
    let server = start().await;
    let room = room(&server).await;
    let mut nadia = Chat::join(&server, &room, "nadia").await;
    let raid = order(&server, "raid", &json!({"users": 5, "text": "free coins", "seconds": 0, "variants": []})).await;
    for user in raid["users"].as_array().unwrap() {
        let message = nadia.next().await;
        assert_eq!((&message["Content"], &message["Sender"]["UserId"]), (&json!("free coins"), user));
    }
    let flood = order(&server, "flood", &json!({"room": room, "user": "mallory", "messages": 3, "seconds": 0.2})).await;
    assert_eq!(flood, json!({"user": "mallory"}));
    for number in 1..=3 {
        assert_eq!(nadia.next().await["Content"], format!("look at me {number}"));
    }
    let said = order(&server, "say", &json!({"user": "tom", "name": "Tom", "text": "hi"})).await;
    let message = nadia.next().await;
    assert_eq!((&message["Id"], &message["Sender"]["Attributes"]["displayName"]), (&said["message"], &json!("Tom")));
}

#[tokio::test]
async fn a_moderator_elsewhere_acts_when_asked() {
    let server = start().await;
    let room = room(&server).await;
    let (mut nadia, mut tom) = (Chat::join(&server, &room, "nadia").await, Chat::join(&server, &room, "tom").await);
    tom.send(json!({"Action": "SEND_MESSAGE", "RequestId": "r1", "Content": "hello"})).await;
    let message = nadia.next().await;
    let done = order(&server, "moderator/delete", &json!({"reason": "spam"})).await;
    assert_eq!(done["message"], message["Id"]);
    let event = nadia.next().await;
    assert_eq!((&event["EventName"], &event["RequestId"]), (&json!("aws:DELETE_MESSAGE"), &json!("")));
    assert_eq!((&event["Attributes"]["MessageID"], &event["Attributes"]["Reason"]), (&message["Id"], &json!("spam")));
    order(&server, "moderator/disconnect", &json!({"user": "tom", "reason": "enough"})).await;
    assert_eq!(nadia.next().await["Attributes"], json!({"UserId": "tom", "Reason": "enough"}));
    tom.next().await;
    tom.next().await;
    tom.next().await;
    assert_eq!(tom.closed().await.0, 1000);
}

#[tokio::test]
async fn sessions_end_cleanly_when_asked_or_soon() {
    let server = start().await;
    let room = room(&server).await;
    let mut nadia = Chat::join(&server, &room, "nadia").await;
    assert_eq!(order(&server, "sessions/end", &json!({})).await, json!({"connections": 1}));
    assert_eq!(nadia.closed().await, (1000, "Session expired".to_owned()));
    assert_eq!(order(&server, "sessions/limit", &json!({"seconds": 1})).await, json!({"seconds": 1.0}));
    let mut nadia = Chat::open(&server, &token(&server, &room, "nadia").await).await.unwrap();
    assert_eq!(nadia.closed().await, (1000, "Session expired".to_owned()), "by itself, after a second");
}

#[tokio::test]
async fn a_lost_echo_is_answered_and_never_published() {
    let server = start().await;
    let room = room(&server).await;
    let mut nadia = Chat::join(&server, &room, "nadia").await;
    assert_eq!(control(&server, Method::PUT, "faults/SendEvent", "lost,times=1").await.status(), 204);
    for name in ["first", "second"] {
        let body = json!({"roomIdentifier": room, "eventName": name});
        assert_eq!(post(&server, "SendEvent", &body.to_string()).await.unwrap().status(), 200);
    }
    assert_eq!(nadia.next().await["EventName"], "second");
    let (status, _, words) = refusal(control(&server, Method::PUT, "faults/ListRooms", "lost").await).await;
    assert!(status == 400 && words.contains("DeleteMessage, DisconnectUser, SendEvent"), "{words}");
}

#[tokio::test]
async fn an_order_that_makes_no_sense_is_explained() {
    let server = start().await;
    for (path, body, status, word) in [
        ("raid", "{", 400, "\"users\":40"),
        ("raid", r#"{"userz":1}"#, 400, "userz"),
        ("raid", r#"{"users":0}"#, 400, "1 to 10000"),
        ("raid", r#"{"seconds":-1}"#, 400, "0 to 86400"),
        ("raid", r#"{"variants":["caps"]}"#, 400, "zero-width"),
        ("raid", r#"{"text":""}"#, 400, "\"text\""),
        ("raid", r#"{"room":"nowhere"}"#, 404, "no room \"nowhere\""),
        ("raid", "", 400, "0 rooms"),
        ("flood", r#"{"user":""}"#, 400, "\"user\""),
        ("say", r#"{"user":"u"}"#, 400, "`text`"),
        ("moderator/delete", "{}", 400, "0 rooms"),
        ("sessions/limit", r#"{"seconds":0}"#, 400, "at least 1"),
        ("sessions/end", r#"{"now":true}"#, 400, "now"),
        ("sessions", "", 404, "/_simulator/sessions/end"),
    ] {
        let (got, _, words) = refusal(control(&server, Method::POST, path, body).await).await;
        assert!(got == status && words.contains(word), "{path} {body}: {got} {words}");
    }
}
