//! HTTP itself: what is refused before the world sees it, and what every answer carries.

use reqwest::Method;

use crate::signed::{client, json, post, refusal, request};
use crate::start;

#[tokio::test]
async fn every_answer_carries_an_id_a_date_and_json() {
    let server = start().await;
    let answer = post(&server, "ListRooms", "{}").await.unwrap();
    assert_eq!(answer.status(), 200);
    let headers = answer.headers();
    assert_eq!(headers["content-type"], "application/json");
    assert_eq!(headers["x-amzn-requestid"].len(), 36);
    assert!(headers.contains_key("date"));
    assert_eq!(json(answer).await["rooms"], serde_json::json!([]));
    let gone = post(&server, "GetRoom", r#"{"identifier":"arn:aws:ivschat:us-west-2:123456789012:room/000000000000"}"#);
    let gone = gone.await.unwrap();
    assert_eq!((gone.status().as_u16(), &gone.headers()["x-amzn-requestid"].len()), (404, &36));
    assert_eq!(gone.headers()["x-amzn-errortype"], "ResourceNotFoundException");
}

#[tokio::test]
async fn an_answer_without_a_body_has_none() {
    let server = start().await;
    let room = json(post(&server, "CreateRoom", "{}").await.unwrap()).await;
    let deleted = post(&server, "DeleteRoom", &format!(r#"{{"identifier":{}}}"#, room["arn"])).await.unwrap();
    assert_eq!(deleted.status(), 204);
    assert!(!deleted.headers().contains_key("content-type"));
    assert_eq!(deleted.bytes().await.unwrap(), "");
}

#[tokio::test]
async fn what_is_not_signed_is_not_answered() {
    let server = start().await;
    for path in ["/ListRooms", "/", "/tags/x", "/NoSuchOperation"] {
        let answer = client().post(format!("{}{path}", server.endpoint)).body("{}").send().await.unwrap();
        let told = refusal(answer).await;
        let expected =
            (403, "MissingAuthenticationTokenException".to_owned(), "Missing Authentication Token".to_owned());
        assert_eq!(told, expected, "{path}");
    }
    let mut forged = request(&server, Method::POST, "/ListRooms", "{}");
    *forged.body_mut() = Some(r#"{"maxResults":1}"#.into());
    let (status, name, words) = refusal(client().execute(forged).await.unwrap()).await;
    assert_eq!((status, name.as_str()), (403, "InvalidSignatureException"));
    assert!(words.starts_with("The request signature we calculated does not match"), "{words}");
}

#[tokio::test]
async fn broken_requests_are_told_apart() {
    let server = start().await;
    let (status, name, _) = refusal(post(&server, "ListRooms", "{\"maxResults\":").await.unwrap()).await;
    assert_eq!((status, name.as_str()), (400, "SerializationException"));
    let (status, name, _) = refusal(post(&server, "ListEverything", "{}").await.unwrap()).await;
    assert_eq!((status, name.as_str()), (404, "UnknownOperationException"));
    let large = format!(r#"{{"name":"{}"}}"#, "x".repeat(1024 * 1024));
    let (status, name, _) = refusal(post(&server, "CreateRoom", &large).await.unwrap()).await;
    assert_eq!((status, name.as_str()), (413, "RequestEntityTooLargeException"));
}
