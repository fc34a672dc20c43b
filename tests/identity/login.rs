//! A login that has ended is refreshed by the SDK, which goes by the environment of its process: so the test runs
//! once more inside one that has the right environment.

use std::env;
use std::process::Stdio;

use ivschat::identity::{Identity, Surroundings, transport};
use jiff::{SignedDuration, Timestamp};
use tokio::process::Command;

use crate::fake::{Answer, Fake, keys};
use crate::kinds::with_login;
use crate::world::{World, profile};

/// Tells this test that it is the one inside.
const INSIDE: &str = "IVSCHAT_TEST_INSIDE";

/// A key that opens nothing, in the form that `aws login` keeps.
const KEY: &str = "-----BEGIN EC PRIVATE KEY-----\n\
                   MHcCAQEEIFJkeIdwKl+kcZ0dDhZWlyAZdo7MHpKtQF6l1oja9vRLoAoGCCqGSM49\n\
                   AwEHoUQDQgAErSE3zzrQArgd3QVcFiWWdnV5I7QnCIKUkgqExbr5AcwXDNFTub3A\n\
                   j2dvuezv+U57szjEZxuroEK4oaH4r03pYA==\n-----END EC PRIVATE KEY-----\n";

/// What the test inside says, with `fake` for the sign-in service.
async fn inside(test: &str, fake: &Fake) -> String {
    let world = with_login(World::new(), Timestamp::now() - SignedDuration::from_mins(1));
    let folder = world.path(".aws/login/cache");
    let file = std::fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
    let kept = std::fs::read_to_string(&file).unwrap().replace("CANARY-dpop", &KEY.replace('\n', "\\n"));
    std::fs::write(&file, kept).unwrap();
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture"]).env_clear().stdin(Stdio::null());
    command.env(INSIDE, "1").env("HOME", world.home()).env("AWS_REGION", "us-west-2");
    command.env("AWS_EC2_METADATA_DISABLED", "true").env("AWS_ENDPOINT_URL_SIGNIN", &fake.url);
    let output = command.output().await.unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}");
    assert!(!said.contains("CANARY"), "{said}");
    said
}

/// Whether this is the test inside; then what it has to say is said.
async fn is_inside() -> bool {
    if env::var_os(INSIDE).is_none() {
        return false;
    }
    let around = Surroundings::of_process(transport::usual());
    match Identity::open(&profile("console"), &around).await.unwrap().credentials().await {
        Ok(credentials) => println!("keys: {}", credentials.access_key_id()),
        Err(trouble) => println!("trouble: {trouble}"),
    }
    true
}

#[tokio::test]
async fn a_login_that_has_ended_is_refreshed() {
    if is_inside().await {
        return;
    }
    let fake = Fake::start(|seen| {
        let [key, secret, token] = keys("login");
        let new = serde_json::json!({
            "accessToken": { "accessKeyId": format!("{key}NEW"), "secretAccessKey": secret, "sessionToken": token },
            "tokenType": "aws_sigv4", "expiresIn": 900, "refreshToken": "CANARY-login-refresh-2" });
        (seen.path == "/v1/token").then(|| Answer::ok(new.to_string()))
    })
    .await;
    let said = inside("login::a_login_that_has_ended_is_refreshed", &fake).await;
    assert!(said.contains("keys: ASIALOGINNEW"), "{said}");
    let [asked] = &fake.seen("/v1/token")[..] else { panic!("one request") };
    assert!(asked.body.contains("CANARY-login-refresh") && !asked.header("dpop").is_empty(), "{asked:?}");
}

#[tokio::test]
async fn a_login_that_can_not_be_refreshed_says_why() {
    if is_inside().await {
        return;
    }
    let fake = Fake::start(|seen| {
        let refused = serde_json::json!({ "error": "TOKEN_EXPIRED", "message": "no" });
        (seen.path == "/v1/token").then(|| Answer::refused(401, "AccessDeniedException", &refused.to_string()))
    })
    .await;
    let said = inside("login::a_login_that_can_not_be_refreshed_says_why", &fake).await;
    let words = "Profile \"console\" is not logged in. Your session has expired. Please reauthenticate.";
    assert!(said.contains(words) && said.contains("aws login --profile console --remote"), "{said}");
}
