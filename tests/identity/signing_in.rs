//! Signing in to a session by a code: nobody has to open a port or a browser here.

use std::os::unix::fs::PermissionsExt;
use std::sync::{Arc, Mutex};

use ivschat::identity::Identity;
use ivschat::identity::facts::{Device, Trouble};
use jiff::{SignedDuration, Timestamp};

use crate::fake::{Answer, Fake, in_an_hour};
use crate::kinds::{with_sso, with_static, without_token};
use crate::world::{World, signs};

/// The file of the session `corp`.
const FILE: &str = ".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";

async fn sign_in(identity: &Identity) -> (Result<(), Trouble>, Option<Device>) {
    let told = Arc::new(Mutex::new(None));
    let tell = told.clone();
    let result = identity.sign_in(move |device| *tell.lock().unwrap() = Some(device)).await;
    (result, told.lock().unwrap().take())
}

/// What the token endpoint answers, one after the other; after that all is well.
async fn fake(answers: &'static [(&'static str, u16)]) -> Fake {
    Fake::start(move |seen| {
        let (name, status) = answers.get(seen.before).filter(|_| seen.path == "/token")?;
        Some(Answer::json_error(*status, name, "not yet"))
    })
    .await
}

#[tokio::test]
async fn a_code_in_any_browser_signs_us_in_and_the_aws_cli_too() {
    let fake = fake(&[("AuthorizationPendingException", 400)]).await;
    let world = without_token(World::new().served_by(&fake.url));
    let identity = world.profile("ops").await;
    assert!(matches!(identity.credentials().await, Err(Trouble::SignedOut { .. })));
    let (result, device) = sign_in(&identity).await;
    result.unwrap();
    let device = device.unwrap();
    assert_eq!(
        (device.url.as_str(), device.code.as_str()),
        ("https://device.sso.example/?user_code=ABCD-EFGH", "ABCD-EFGH")
    );
    assert!(device.until > Timestamp::now());
    let registered: serde_json::Value = serde_json::from_str(&fake.seen("/client/register")[0].body).unwrap();
    assert_eq!(registered["scopes"], serde_json::json!(["sso:account:access"]));
    let asked: serde_json::Value = serde_json::from_str(&fake.seen("/token")[1].body).unwrap();
    assert_eq!(asked["deviceCode"], "CANARY-device-code");
    // What the AWS CLI and the SDKs look for.
    let kept: serde_json::Value = serde_json::from_slice(&std::fs::read(world.path(FILE)).unwrap()).unwrap();
    let keys: Vec<_> = kept.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "startUrl",
            "region",
            "accessToken",
            "expiresAt",
            "clientId",
            "clientSecret",
            "registrationExpiresAt",
            "refreshToken"
        ]
    );
    assert_eq!(kept["accessToken"], "CANARY-access-new");
    assert_eq!(std::fs::metadata(world.path(FILE)).unwrap().permissions().mode() & 0o777, 0o600);
    signs(&identity).await.unwrap();
    assert_eq!(fake.seen("/federation/credentials")[0].header("x-amz-sso_bearer_token"), "CANARY-access-new");
}

#[tokio::test]
async fn a_service_that_is_asked_too_fast_is_asked_more_slowly() {
    let fake = fake(&[("SlowDownException", 400)]).await;
    let identity = without_token(World::new().served_by(&fake.url)).profile("ops").await;
    let before = std::time::Instant::now();
    sign_in(&identity).await.0.unwrap();
    assert_eq!(fake.seen("/token").len(), 2);
    assert!(before.elapsed() >= std::time::Duration::from_secs(7), "1 s, then 1 s and 5 s more");
}

#[tokio::test]
async fn a_sign_in_that_is_denied_or_too_late_says_so() {
    for (answers, why) in [
        (&[("AccessDeniedException", 400)], "it was denied in the browser"),
        (&[("ExpiredTokenException", 400)], "the code has expired"),
    ] {
        let fake = fake(answers).await;
        let world = without_token(World::new().served_by(&fake.url));
        let (result, _) = sign_in(&world.profile("ops").await).await;
        assert_eq!(result, Err(Trouble::NotSignedIn { session: "corp".into(), why: why.into() }));
        assert!(!world.path(FILE).exists());
    }
}

#[tokio::test]
async fn a_code_that_nobody_types_in_time_ends_the_wait() {
    let fake = fake(&[("AuthorizationPendingException", 400); 9]).await;
    let world = without_token(World::new().served_by(&fake.url));
    let identity = world.profile("ops").await;
    let signing_in = tokio::spawn(async move { sign_in(&identity).await.0 });
    while fake.seen("/token").is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    world.later(SignedDuration::from_mins(11));
    let trouble = signing_in.await.unwrap().unwrap_err();
    assert_eq!(trouble, Trouble::NotSignedIn { session: "corp".into(), why: "the code has expired".into() });
}

#[tokio::test]
async fn a_session_that_ends_soon_is_refreshed_and_kept() {
    let fake = Fake::well().await;
    for minutes in [2, -2] {
        let until = Timestamp::now() + SignedDuration::from_mins(minutes);
        let world = with_sso(World::new().served_by(&fake.url), until);
        signs(&world.profile("ops").await).await.unwrap();
        let asked: serde_json::Value = serde_json::from_str(&fake.seen("/token").pop().unwrap().body).unwrap();
        assert_eq!((&asked["grantType"], &asked["refreshToken"]), (&"refresh_token".into(), &"CANARY-refresh".into()));
        let kept: serde_json::Value = serde_json::from_slice(&std::fs::read(world.path(FILE)).unwrap()).unwrap();
        assert_eq!(
            (&kept["accessToken"], &kept["refreshToken"]),
            (&"CANARY-access-new".into(), &"CANARY-refresh-new".into())
        );
        assert_eq!(kept["clientSecret"], "CANARY-client-secret");
    }
}

#[tokio::test]
async fn a_session_that_has_ended_and_can_not_be_refreshed_says_when_it_ended() {
    let fake = fake(&[("InvalidGrantException", 400)]).await;
    let until: Timestamp = "2026-01-02T03:04:05Z".parse().unwrap();
    let world = with_sso(World::new().served_by(&fake.url), until);
    let trouble = world.profile("ops").await.credentials().await.unwrap_err();
    let expected = Trouble::SignedOut { profile: "ops".into(), session: "corp".into(), expired: Some(until) };
    assert_eq!(trouble, expected);
    assert_eq!(trouble.command().as_deref(), Some("aws sso login --profile ops --use-device-code"));
}

#[tokio::test]
async fn a_role_that_begins_with_a_session_signs_in_to_it() {
    let fake = Fake::well().await;
    let world = without_token(World::new().served_by(&fake.url));
    let config = std::fs::read_to_string(world.path(".aws/config")).unwrap();
    let role = "[profile mod]\nrole_arn = arn:aws:iam::2:role/Far\nsource_profile = ops\n";
    let world = world.config(&format!("{config}{role}"));
    let identity = world.profile("mod").await;
    assert!(matches!(identity.credentials().await, Err(Trouble::SignedOut { profile, .. }) if profile == "ops"));
    sign_in(&identity).await.0.unwrap();
    signs(&identity).await.unwrap();
}

#[tokio::test]
async fn keys_can_not_be_signed_in() {
    let (result, device) = sign_in(&with_static(World::new()).profile("static").await).await;
    assert!(result.unwrap_err().to_string().contains("no SSO") && device.is_none());
}

#[tokio::test]
async fn what_is_signed_in_elsewhere_counts_here_at_once() {
    let fake = Fake::well().await;
    let world = without_token(World::new().served_by(&fake.url));
    let identity = world.profile("ops").await;
    identity.credentials().await.unwrap_err();
    let _world = with_sso(world, in_an_hour());
    identity.credentials().await.unwrap();
}
