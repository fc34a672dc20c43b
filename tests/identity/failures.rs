//! Each way to have no credentials says what happened, why, and what helps.

use ivschat::identity::facts::{Trouble, Wanted};
use jiff::{SignedDuration, Timestamp};

use crate::fake::{Answer, Fake, in_an_hour};
use crate::kinds::{with_environment, with_login, with_sso, with_static, without_token};
use crate::world::{World, profile};

/// Headline, facts, remedy and command, as a screen shows them.
fn told(trouble: &Trouble) -> String {
    let mut lines = vec![trouble.headline()];
    lines.extend(trouble.why());
    lines.push(trouble.remedy());
    lines.extend(trouble.command().map(|command| format!("$ {command}")));
    lines.join("\n")
}

async fn fails(world: &World, name: &str) -> String {
    told(&world.profile(name).await.credentials().await.unwrap_err())
}

#[tokio::test]
async fn an_unknown_profile() {
    let world = with_static(World::new()).config("[profile prod]\n[profile ops]\n");
    let told = told(&world.open(&profile("prdo")).await.unwrap_err());
    assert_eq!(
        told,
        "There is no profile \"prdo\"\n3 profiles are in ~/.aws/config and ~/.aws/credentials\nDid you mean \"prod\"?\n\
         $ ivschat --profile prod"
    );
}

#[tokio::test]
async fn nothing_found() {
    let told = told(&World::new().plain().await.credentials().await.unwrap_err());
    assert_eq!(
        told,
        "No credentials were found\nEnvironment: AWS_ACCESS_KEY_ID is not set\nProfile \"default\": there is none\n\
         Web identity: AWS_WEB_IDENTITY_TOKEN_FILE is not set\n\
         Container: AWS_CONTAINER_CREDENTIALS_FULL_URI is not set\n\
         Instance: AWS_EC2_METADATA_DISABLED is set\n\
         Set AWS_PROFILE or give --profile; or make a profile: aws configure sso, or aws login\n$ aws configure sso"
    );
}

#[tokio::test]
async fn an_instance_without_a_role_or_without_a_metadata_service() {
    let fake = Fake::start(|seen| {
        let role = seen.path == "/latest/meta-data/iam/security-credentials/";
        role.then(|| Answer::json_error(404, "NotFound", ""))
    })
    .await;
    let world = World::new().unset("AWS_EC2_METADATA_DISABLED").set("AWS_EC2_METADATA_SERVICE_ENDPOINT", &fake.url);
    let said = told(&world.plain().await.credentials().await.unwrap_err());
    assert!(said.contains("Instance: it has no role"), "{said}");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let world = world.set("AWS_EC2_METADATA_SERVICE_ENDPOINT", &format!("http://{}", listener.local_addr().unwrap()));
    drop(listener);
    let said = told(&world.plain().await.credentials().await.unwrap_err());
    assert!(said.contains("Instance: ") && said.to_lowercase().contains("connection refused"), "{said}");
}

#[tokio::test]
async fn a_session_that_was_never_signed_in() {
    assert_eq!(
        fails(&without_token(World::new()), "ops").await,
        "The SSO session \"corp\" of profile \"ops\" is not signed in\nSign in here, or in another terminal\n\
         $ aws sso login --profile ops --use-device-code"
    );
}

#[tokio::test]
async fn a_session_that_was_taken_back() {
    let fake = Fake::start(|seen| {
        let asked = seen.path == "/federation/credentials";
        asked.then(|| Answer::json_error(401, "UnauthorizedException", "Session token not found or invalid"))
    })
    .await;
    let said = fails(&with_sso(World::new().served_by(&fake.url), in_an_hour()), "ops").await;
    assert!(said.starts_with("The SSO session \"corp\" of profile \"ops\" is not signed in"), "{said}");
}

#[tokio::test]
async fn a_session_without_the_role() {
    let fake = Fake::start(|seen| {
        let asked = seen.path == "/federation/credentials";
        asked.then(|| Answer::json_error(403, "ForbiddenException", "No access"))
    })
    .await;
    assert_eq!(
        fails(&with_sso(World::new().served_by(&fake.url), in_an_hour()), "ops").await,
        "Access denied to sso:GetRoleCredentials\nOn: role Moderator of account 123456789012\nNo access\n\
         A policy that allows sso:GetRoleCredentials would help"
    );
}

#[tokio::test]
async fn nobody_has_logged_in_or_the_login_has_ended() {
    let world = World::new().config("[profile console]\nlogin_session = arn:aws:iam::123456789012:user/nadia\n");
    assert_eq!(
        fails(&world, "console").await,
        "Profile \"console\" is not logged in\n\
         Nobody has logged in as arn:aws:iam::123456789012:user/nadia on this machine\n\
         Log in in another terminal; over SSH --remote takes a pasted code\n$ aws login --profile console --remote"
    );
    // The SDK is asked to refresh it, in a home of this process that has nothing to refresh.
    let world = with_login(World::new(), Timestamp::now() - SignedDuration::from_mins(1));
    let said = fails(&world, "console").await;
    assert!(said.contains("is not logged in") && said.contains("aws login --profile console"), "{said}");
}

#[tokio::test]
async fn a_program_that_fails_keeps_its_words_and_hides_its_arguments() {
    let world = World::new().script("helper", "echo 'vault: locked' >&2; exit 3");
    let command = world.path("bin/helper").display().to_string();
    let world = world.config(&format!("[profile vault]\ncredential_process = {command} --pin CANARY\n"));
    assert_eq!(
        fails(&world, "vault").await,
        "The credential_process \"helper\" of profile \"vault\" gave no credentials\nit ended with exit status: 3\n\
         It said: vault: locked\nRun it in a terminal, where it may ask, then try again\n\
         $ aws sts get-caller-identity --profile vault"
    );
}

#[tokio::test]
async fn a_program_that_prints_nonsense_or_is_not_there() {
    for (script, why) in [
        ("echo 'CANARY {'", "what it printed is not the JSON of credentials"),
        (r#"echo '{"Version":2,"AccessKeyId":"A","SecretAccessKey":"CANARY"}'"#, "it printed version 2 of credentials"),
    ] {
        let world = World::new().script("helper", script);
        let command = world.path("bin/helper").display().to_string();
        let said = fails(&world.config(&format!("[profile x]\ncredential_process = {command}\n")), "x").await;
        assert!(said.contains(why) && !said.contains("CANARY"), "{said}");
    }
    let said = fails(&World::new().config("[profile x]\ncredential_process = /nowhere/helper\n"), "x").await;
    assert!(said.contains("127") && said.contains("not found"), "{said}");
}

#[tokio::test]
async fn a_program_has_no_input_no_terminal_and_a_session_of_its_own() {
    let world = World::new().script(
        "helper",
        "read answer && echo \"input: $answer\" >&2\n(echo hello > /dev/tty) 2>/dev/null && echo 'a terminal' >&2\n\
         test \"$(ps -o pgid= -p $$ | tr -d ' ')\" = \"$PARENT\" && echo 'our group' >&2\nexit 1",
    );
    let command = world.path("bin/helper").display().to_string();
    let group = rustix::process::getpgid(None).unwrap().as_raw_nonzero().to_string();
    let world = world.set("PARENT", &group).config(&format!("[profile x]\ncredential_process = {command}\n"));
    let Err(Trouble::Process { stderr, .. }) = world.profile("x").await.credentials().await else {
        panic!("it failed")
    };
    assert_eq!(stderr, "");
}

#[tokio::test]
async fn half_a_pair_of_keys_is_told_with_its_place() {
    let world = World::new().keys_file("[other]\n\n[half]\naws_access_key_id = AKIAHALF\n");
    assert_eq!(
        fails(&world, "half").await,
        "Profile \"half\" has no aws_secret_access_key\nIt is in ~/.aws/credentials, line 3\n\
         Add aws_secret_access_key to the profile\n$ aws configure --profile half"
    );
    let world = World::new().set("AWS_ACCESS_KEY_ID", "AKIAHALF");
    let said = told(&world.plain().await.credentials().await.unwrap_err());
    assert!(said.starts_with("AWS_SECRET_ACCESS_KEY is not set"), "{said}");
}

#[tokio::test]
async fn profiles_in_a_circle_and_broken_ones() {
    let role = "role_arn = arn:aws:iam::1:role/R\n";
    let world = World::new().config(&format!(
        "[profile a]\n{role}source_profile = b\n[profile b]\n{role}source_profile = a\n[profile c]\n{role}\n\
         [profile d]\n{role}source_profile = nobody\n[profile e]\n{role}credential_source = Moon\n\
         [profile f]\n{role}source_profile = a\nduration_seconds = ten\n"
    ));
    assert!(fails(&world, "a").await.starts_with("Profile \"a\" refers back to itself\na -> b -> a\n"));
    for (name, why) in [
        ("c", "neither source_profile nor credential_source"),
        ("d", "its source_profile \"nobody\" does not exist"),
        ("e", "\"Moon\" is not Environment"),
        ("f", "not a number from 900"),
    ] {
        let said = fails(&world, name).await;
        assert!(said.contains(why), "{said}");
    }
}

#[tokio::test]
async fn files_that_can_not_be_read() {
    let world = World::new().config("[profile x\nCANARY\n");
    let said = told(&world.open(&Wanted::default()).await.unwrap_err());
    assert!(said.starts_with("The AWS configuration files can't be read") && said.contains("config"), "{said}");
    assert!(!said.contains("CANARY"), "{said}");
}

#[tokio::test]
async fn a_role_that_may_not_be_assumed() {
    let message = "User: arn:aws:iam::123456789012:user/nadia is not authorized to perform: sts:AssumeRole \
                   on resource: arn:aws:iam::123456789012:role/Moderator";
    let fake = Fake::start(move |seen| {
        let asked = seen.form("Action").as_deref() == Some("AssumeRole");
        asked.then(|| Answer::sts_error("AccessDenied", message))
    })
    .await;
    let world = with_static(World::new().served_by(&fake.url))
        .config("[profile mod]\nrole_arn = arn:aws:iam::123456789012:role/Moderator\nsource_profile = static\n");
    assert_eq!(
        fails(&world, "mod").await,
        format!(
            "Access denied to sts:AssumeRole\nOn: arn:aws:iam::123456789012:role/Moderator\n\
             As: arn:aws:iam::123456789012:user/nadia\n{message}\nA policy that allows sts:AssumeRole would help\n\
             $ {{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\",\
             \"Resource\":\"arn:aws:iam::123456789012:role/Moderator\"}}"
        )
    );
}

#[tokio::test]
async fn keys_that_sts_does_not_know_or_calls_expired() {
    for (code, headline) in [
        ("InvalidClientTokenId", "AWS does not know this access key"),
        ("ExpiredToken", "The credentials have expired"),
    ] {
        let fake = Fake::start(move |_| Some(Answer::sts_error(code, "no"))).await;
        let identity = with_environment(World::new().served_by(&fake.url)).plain().await;
        assert_eq!(identity.caller().await.unwrap_err().headline(), headline);
    }
}

#[tokio::test]
async fn an_sts_that_can_not_be_reached() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    let identity = with_environment(World::new().served_by(&format!("http://{address}"))).plain().await;
    let said = told(&identity.caller().await.unwrap_err());
    assert!(said.starts_with(&format!("No connection to {address}\n")), "{said}");
    assert!(said.to_lowercase().contains("connection refused") && said.contains("HTTPS_PROXY"), "{said}");
}

#[tokio::test]
async fn a_container_that_gives_nothing() {
    let fake = Fake::start(|seen| (seen.path == "/container").then(|| Answer::json_error(500, "Oops", "CANARY"))).await;
    let world = World::new().set("AWS_CONTAINER_CREDENTIALS_FULL_URI", &format!("{}/container", fake.url));
    let said = told(&world.plain().await.credentials().await.unwrap_err());
    assert!(said.contains("it answered 500") && !said.contains("CANARY"), "{said}");
    let world = world.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://example.com/x");
    let said = told(&world.plain().await.credentials().await.unwrap_err());
    assert!(said.contains("must use https"), "{said}");
}
