//! Credentials that run out: others are loaded once for all who notice, and a call is sent once more.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ivschat::api::ErrorKind;
use ivschat::api::ops::ListRooms;
use ivschat::identity::facts::Trouble;

use crate::fake::{Answer, Fake};
use crate::kinds::with_environment;
use crate::world::{World, client};

/// A profile `helper` whose program prints other keys each time, and writes down that it ran.
fn world(script: &str) -> World {
    let world = World::new().script("helper", script);
    let command = world.path("bin/helper").display().to_string();
    world.config(&format!("[profile helper]\ncredential_process = {command}\n"))
}

const COUNTS: &str = r#"echo x >> "$HOME/runs"; n=$(wc -l < "$HOME/runs" | tr -d ' ')
echo "{\"Version\":1,\"AccessKeyId\":\"ASIA$n\",\"SecretAccessKey\":\"s\",\"SessionToken\":\"t\"}""#;

fn runs(world: &World) -> usize {
    std::fs::read_to_string(world.path("runs")).unwrap_or_default().lines().count()
}

/// A control plane that calls the keys `old` expired.
async fn control_plane(old: &'static str) -> (Fake, Arc<AtomicUsize>) {
    let refused = Arc::new(AtomicUsize::new(0));
    let count = refused.clone();
    let fake = Fake::start(move |seen| {
        if seen.path != "/ListRooms" {
            return None;
        }
        if seen.header("authorization").contains(&format!("Credential={old}/")) {
            count.fetch_add(1, Ordering::SeqCst);
            return Some(Answer::json_error(403, "ExpiredTokenException", "The security token has expired"));
        }
        Some(Answer::ok(r#"{"rooms":[]}"#))
    })
    .await;
    (fake, refused)
}

#[tokio::test]
async fn a_call_with_expired_credentials_is_sent_once_more_with_others() {
    let world = world(COUNTS);
    let (fake, refused) = control_plane("ASIA1").await;
    let identity = world.profile("helper").await;
    client(&identity, &fake.url).call(&ListRooms::default()).await.unwrap();
    assert_eq!((runs(&world), refused.load(Ordering::SeqCst), fake.seen("/ListRooms").len()), (2, 1, 2));
    let ids: Vec<_> =
        fake.seen("/ListRooms").iter().map(|seen| seen.header("amz-sdk-invocation-id").to_owned()).collect();
    assert_eq!(ids[0], ids[1], "it is the same call");
}

#[tokio::test]
async fn fifty_calls_at_expiry_make_one_run() {
    let world = world(COUNTS);
    let (fake, _) = control_plane("ASIA1").await;
    let identity = world.profile("helper").await;
    let mut settings = client(&identity, &fake.url).settings().clone();
    settings.retry.attempts = 1;
    let client = ivschat::api::client::Client::new(settings);
    // All have the old ones before the first is refused.
    identity.credentials().await.unwrap();
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let client = client.clone();
        calls.spawn(async move {
            let mut call = ivschat::api::Operation::call(&ListRooms::default());
            call.spec.per_second = 1_000_000;
            client.send(&call).await
        });
    }
    assert!(calls.join_all().await.iter().all(Result::is_ok));
    assert_eq!(runs(&world), 2, "the first, and one for all fifty");
}

#[tokio::test]
async fn if_there_are_no_others_the_service_s_no_is_told() {
    let (fake, refused) = control_plane("ASIAENV").await;
    let identity = with_environment(World::new()).plain().await;
    let error = client(&identity, &fake.url).call(&ListRooms::default()).await.unwrap_err();
    assert!(error.kind.is_expired(), "{error}");
    assert_eq!((error.attempts, refused.load(Ordering::SeqCst)), (1, 1), "sending the same again does not help");
}

#[tokio::test]
async fn if_others_can_not_be_had_it_says_why() {
    let world = world(&format!("test -e \"$HOME/runs\" && {{ echo 'vault: locked' >&2; exit 3; }}\n{COUNTS}"));
    let (fake, _) = control_plane("ASIA1").await;
    let identity = world.profile("helper").await;
    let error = client(&identity, &fake.url).call(&ListRooms::default()).await.unwrap_err();
    let ErrorKind::Unsigned(why) = &error.kind else { panic!("{error}") };
    assert!(why.contains("vault: locked") && why.contains("helper"), "{why}");
    assert_eq!(error.attempts, 1);
}

#[tokio::test]
async fn a_call_without_credentials_is_not_sent() {
    let fake = Fake::well().await;
    let identity = World::new().plain().await;
    let error = client(&identity, &fake.url).call(&ListRooms::default()).await.unwrap_err();
    assert!(matches!(&error.kind, ErrorKind::Unsigned(why) if why.contains("aws configure sso")), "{error}");
    assert_eq!((error.attempts, fake.seen("/ListRooms").len()), (0, 0));
}

#[tokio::test]
async fn keys_of_the_environment_that_tell_their_end_are_not_used_after_it() {
    let world = with_environment(World::new()).set("AWS_CREDENTIAL_EXPIRATION", "2026-01-01T00:00:00Z");
    let trouble = world.plain().await.credentials().await.unwrap_err();
    assert_eq!(trouble, Trouble::Expired { since: Some("2026-01-01T00:00:00Z".parse().unwrap()) });
}

#[tokio::test]
async fn who_we_are_is_asked_again_with_others_too() {
    let expired = |seen: &crate::fake::Seen| {
        let old = seen.path == "/" && seen.header("authorization").contains("Credential=ASIA1/");
        old.then(|| Answer::sts_error("ExpiredToken", "The security token included in the request is expired"))
    };
    let fake = Fake::start(expired).await;
    let world = world(COUNTS).served_by(&fake.url);
    world.profile("helper").await.caller().await.unwrap();
    assert_eq!((runs(&world), fake.sts("GetCallerIdentity").len()), (2, 2));
}
