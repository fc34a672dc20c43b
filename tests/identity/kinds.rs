//! Each kind of credentials signs a call.

use ivschat::identity::facts::Source;
use jiff::{SignedDuration, Timestamp};

use crate::fake::{Fake, in_an_hour, keys};
use crate::world::{World, signs};

/// Keys as a file or the environment has them.
fn lines(kind: &str) -> String {
    let [key, secret, token] = keys(kind);
    format!("aws_access_key_id = {key}\naws_secret_access_key = {secret}\naws_session_token = {token}\n")
}

/// A machine with keys in its environment.
pub(crate) fn with_environment(world: World) -> World {
    let [key, secret, token] = keys("env");
    world.set("AWS_ACCESS_KEY_ID", &key).set("AWS_SECRET_ACCESS_KEY", &secret).set("AWS_SESSION_TOKEN", &token)
}

/// A machine with a profile `static`.
pub(crate) fn with_static(world: World) -> World {
    let text = format!("[static]\n{}", lines("static"));
    world.keys_file(&text)
}

/// A profile `ops` of the session `corp`, which is signed in until then.
pub(crate) fn with_sso(world: World, until: Timestamp) -> World {
    let token = serde_json::json!({ "startUrl": "https://corp.example/start", "region": "us-east-1",
        "accessToken": "CANARY-access", "expiresAt": until.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        "clientId": "client", "clientSecret": "CANARY-client-secret",
        "registrationExpiresAt": (Timestamp::now() + SignedDuration::from_hours(24)).to_string(),
        "refreshToken": "CANARY-refresh" });
    // SHA-1 of "corp".
    without_token(world).file(".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json", &token.to_string())
}

/// The same, not signed in.
pub(crate) fn without_token(world: World) -> World {
    world.config(
        "[profile ops]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Moderator\n\
         [sso-session corp]\nsso_start_url = https://corp.example/start\nsso_region = us-east-1\n\
         sso_registration_scopes = sso:account:access\n",
    )
}

/// A profile `console` of `aws login`, logged in until then.
pub(crate) fn with_login(world: World, until: Timestamp) -> World {
    let arn = "arn:aws:iam::123456789012:user/nadia";
    // SHA-256 of it.
    let name = "b19319b6cd7a7f6c7a56e1241c0f2bf8c9df69b0cc1b9e735d19835818cb5dd9";
    let [key, secret, token] = keys("login");
    let kept = serde_json::json!({ "accessToken": { "accessKeyId": key, "secretAccessKey": secret,
        "sessionToken": token, "accountId": "123456789012", "expiresAt": until.to_string() },
        "tokenType": "aws_sigv4", "refreshToken": "CANARY-login-refresh", "clientId": "c", "dpopKey": "CANARY-dpop" });
    world
        .config(&format!("[profile console]\nlogin_session = {arn}\n"))
        .file(&format!(".aws/login/cache/{name}.json"), &kept.to_string())
}

/// A profile `helper` with a program that prints keys.
pub(crate) fn with_process(world: World) -> World {
    let [key, secret, token] = keys("process");
    let printed = serde_json::json!({ "Version": 1, "AccessKeyId": key, "SecretAccessKey": secret,
        "SessionToken": token, "Expiration": in_an_hour().to_string() });
    let world = world.script("helper", &format!("cat <<'E'\n{printed}\nE"));
    let command = world.path("bin/helper").display().to_string();
    world.config(&format!("[profile helper]\ncredential_process = {command} --token CANARY-argument\n"))
}

#[tokio::test]
async fn keys_of_the_environment_sign_a_call() {
    let identity = with_environment(World::new()).plain().await;
    assert_eq!((identity.source(), identity.profile()), (&Source::Environment, None));
    signs(&identity).await.unwrap();
}

#[tokio::test]
async fn keys_of_a_profile_sign_a_call() {
    let identity = with_static(World::new()).profile("static").await;
    assert_eq!((identity.source(), identity.profile()), (&Source::Profile("static".into()), Some("static")));
    signs(&identity).await.unwrap();
    assert_eq!(identity.expires(), None);
}

#[tokio::test]
async fn a_signed_in_session_signs_a_call() {
    let fake = Fake::well().await;
    let identity = with_sso(World::new().served_by(&fake.url), in_an_hour()).profile("ops").await;
    signs(&identity).await.unwrap();
    let [asked] = &fake.seen("/federation/credentials")[..] else { panic!("one request") };
    assert_eq!(asked.header("x-amz-sso_bearer_token"), "CANARY-access");
    assert!(asked.query.contains("role_name=Moderator") && asked.query.contains("account_id=123456789012"));
    assert!(identity.expires().is_some());
    assert!(fake.seen("/token").is_empty(), "it is good for an hour");
}

#[tokio::test]
async fn a_session_in_the_old_form_signs_a_call() {
    let fake = Fake::well().await;
    let world = World::new().served_by(&fake.url).config(
        "[profile ops]\nsso_start_url = https://corp.example/start\nsso_region = us-east-1\n\
         sso_account_id = 123456789012\nsso_role_name = Moderator\n",
    );
    let token = format!(r#"{{"accessToken":"CANARY-old","expiresAt":"{}"}}"#, in_an_hour());
    // SHA-1 of the start URL.
    let world = world.file(".aws/sso/cache/f7c9b39d0b4c7a7d82c79307585f77e1c5e74378.json", &token);
    signs(&world.profile("ops").await).await.unwrap();
}

#[tokio::test]
async fn what_aws_login_keeps_signs_a_call() {
    let identity = with_login(World::new(), in_an_hour()).profile("console").await;
    signs(&identity).await.unwrap();
    assert_eq!(identity.credentials().await.unwrap().access_key_id(), "ASIALOGIN");
}

#[tokio::test]
async fn what_a_program_prints_signs_a_call() {
    let identity = with_process(World::new()).profile("helper").await;
    signs(&identity).await.unwrap();
    let left = identity.expires().unwrap().duration_since(Timestamp::now());
    assert!(left > SignedDuration::from_mins(50) && left <= SignedDuration::from_mins(61), "{left}");
}

#[tokio::test]
async fn a_role_signs_a_call() {
    let fake = Fake::well().await;
    let world = with_static(World::new().served_by(&fake.url))
        .config("[profile mod]\nrole_arn = arn:aws:iam::123456789012:role/Moderator\nsource_profile = static\n");
    signs(&world.profile("mod").await).await.unwrap();
    let [asked] = &fake.sts("AssumeRole")[..] else { panic!("one request") };
    assert!(asked.header("authorization").contains("Credential=ASIASTATIC/"), "with the keys of its source");
}

#[tokio::test]
async fn a_token_file_of_the_environment_signs_a_call() {
    let fake = Fake::well().await;
    let world = World::new().served_by(&fake.url).file("token", "CANARY-web-token\n");
    let path = world.path("token").display().to_string();
    let world = world
        .set("AWS_WEB_IDENTITY_TOKEN_FILE", &path)
        .set("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/Pod")
        .set("AWS_ROLE_SESSION_NAME", "pod-7");
    let identity = world.plain().await;
    assert_eq!(identity.source(), &Source::WebIdentity);
    signs(&identity).await.unwrap();
    let [asked] = &fake.sts("AssumeRoleWithWebIdentity")[..] else { panic!("one request") };
    assert_eq!(asked.form("WebIdentityToken").as_deref(), Some("CANARY-web-token"));
    assert_eq!(asked.form("RoleSessionName").as_deref(), Some("pod-7"));
    assert_eq!(asked.header("authorization"), "", "the token is all that is needed");
}

#[tokio::test]
async fn a_container_signs_a_call() {
    let fake = Fake::well().await;
    let world = World::new().file("token", "CANARY-container-token\n");
    let path = world.path("token").display().to_string();
    let world = world
        .set("AWS_CONTAINER_CREDENTIALS_FULL_URI", &format!("{}/container", fake.url))
        .set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", &path);
    let identity = world.plain().await;
    assert_eq!(identity.source(), &Source::Container);
    signs(&identity).await.unwrap();
    assert_eq!(fake.seen("/container")[0].header("authorization"), "CANARY-container-token");
}

#[tokio::test]
async fn an_instance_signs_a_call_by_version_2_of_its_metadata_service() {
    let fake = Fake::well().await;
    let world = World::new()
        .unset("AWS_EC2_METADATA_DISABLED")
        .unset("AWS_REGION")
        .set("AWS_EC2_METADATA_SERVICE_ENDPOINT", &fake.url);
    assert_eq!(world.plain().await.region(), "eu-west-1", "where the instance is");
    let identity = world.set("AWS_REGION", "us-west-2").plain().await;
    assert_eq!(identity.source(), &Source::InstanceRole);
    signs(&identity).await.unwrap();
    let all = fake.seen("/latest/meta-data/iam/security-credentials/bastion");
    assert!(all.iter().all(|seen| seen.header("x-aws-ec2-metadata-token") == "CANARY-metadata-token"));
}

#[tokio::test]
async fn roles_begin_with_what_their_credential_source_names() {
    let fake = Fake::well().await;
    let role = "role_arn = arn:aws:iam::123456789012:role/Moderator\ncredential_source =";
    let world = with_environment(World::new().served_by(&fake.url))
        .unset("AWS_EC2_METADATA_DISABLED")
        .set("AWS_EC2_METADATA_SERVICE_ENDPOINT", &fake.url)
        .set("AWS_CONTAINER_CREDENTIALS_FULL_URI", &format!("{}/container", fake.url))
        .config(&format!(
            "[profile a]\n{role} Environment\n[profile b]\n{role} EcsContainer\n\
             [profile c]\n{role} Ec2InstanceMetadata\n"
        ));
    for (profile, key) in [("a", "ASIAENV"), ("b", "ASIACONTAINER"), ("c", "ASIAIMDS")] {
        let identity = world.profile(profile).await;
        assert_eq!(identity.credentials().await.unwrap().access_key_id(), "ASIAROLE", "{profile}");
        let asked = fake.sts("AssumeRole").pop().unwrap();
        assert!(asked.header("authorization").contains(key), "{profile}");
    }
}

#[tokio::test]
async fn a_token_file_of_a_profile_signs_a_call() {
    let fake = Fake::well().await;
    let world = World::new().served_by(&fake.url).file("token", "CANARY-web-token");
    let path = world.path("token").display().to_string();
    let role = "arn:aws:iam::123456789012:role/Pod";
    let world = world.config(&format!("[profile pod]\nweb_identity_token_file = {path}\nrole_arn = {role}\n"));
    signs(&world.profile("pod").await).await.unwrap();
    let [asked] = &fake.sts("AssumeRoleWithWebIdentity")[..] else { panic!("one request") };
    assert_eq!(asked.form("RoleSessionName").as_deref(), Some("ivschat-nadia@bastion"), "it names a person");
}
