//! Whose rooms these are: from a home with a broken profile, one that is signed out and one that works, to the right ones.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;
use tokio::runtime::Builder;

use crate::portal::{self, Received, Reply};
use crate::service::Service;
use crate::session::Start;

/// A home with these profiles, of which `work` leads to this service.
fn home(service: &Service, args: &[&str]) -> Start {
    let (endpoint, messaging, key, secret) = service.facts();
    let config = format!(
        "[profile broken]\nregion = us-west-2\naws_access_key_id = AKIDBROKEN\n\n\
         [profile corp]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Moderator\n\
         region = us-west-2\n\n\
         [sso-session corp]\nsso_start_url = https://corp.invalid/start\nsso_region = us-east-1\n\n\
         [profile work]\nregion = us-west-2\nendpoint_url = {endpoint}\n\
         aws_access_key_id = {key}\naws_secret_access_key = {secret}\n"
    );
    let own = format!("messaging_endpoint_url = \"{messaging}\"\n[profile.work]\nprotected = true\n");
    Start::ivschat(args).file(".aws/config", &config).file("ivschat/config.toml", &own)
}

#[test]
fn who_has_a_broken_profile_one_that_is_signed_out_and_one_that_works_gets_to_the_right_rooms() {
    let service = Service::start();
    let mut console = home(&service, &[]).run();
    console.shows("Use a profile").shows("broken: it has no aws_secret_access_key").shows("SSO corp");
    console.keys("corp<enter>").shows("SIGNED OUT: L signs in").shows("aws sso login --profile corp");
    console.hides("There are no rooms");
    console.keys(":profile<enter>").shows("Use a profile").keys("wor<enter>").shows("lobby-main");
    console.shows("work  123456789012  us-west-2  RO  PROTECTED").shows("now profile work in us-west-2");
    console.keys("c").shows("read-only, the profile is protected: :unlock");
    console.keys("<enter>").shows("1 live").keys("c").shows("read-only, the profile is protected");
    console.keys(":unlock<enter>").shows("Let changes pass").keys("work<enter>").shows("RW  PROTECTED");
    console.until("to show somebody talking", |screen| screen.contents().contains('#'));
    console.keys("k").shows("|| paused").keys("d").shows("deleted (you, ");
    console.keys("<c-c>").ends().cleanly(0);
}

#[test]
fn a_misspelt_profile_offers_the_nearest() {
    let service = Service::start();
    let mut console = home(&service, &["--profile", "wrok", "--read-only"]).run();
    console.shows("There is no profile \"wrok\"").shows("Use a profile");
    console.keys("<enter>").shows("work  123456789012  us-west-2  RO  PROTECTED").shows("lobby-main");
    console.keys("<c-c>").ends().cleanly(0);
}

/// An IAM Identity Center whose third look finds that somebody has confirmed the code; the role has these keys.
fn identity_center(asked: &Received, polls: usize, (key, secret): (&str, &str)) -> Reply {
    let path = asked.line.split(' ').nth(1).unwrap_or_default().split('?').next().unwrap_or_default();
    let answer = match path {
        "/client/register" => {
            json!({ "clientId": "client", "clientSecret": "CANARY-client", "clientSecretExpiresAt": 4_102_444_800_i64 })
        }
        "/device_authorization" => json!({ "deviceCode": "CANARY-device", "userCode": "ABCD-EFGH", "expiresIn": 600,
            "interval": 1, "verificationUri": "https://device.example/",
            "verificationUriComplete": "https://device.example/?user_code=ABCD-EFGH" }),
        "/token" if polls < 3 => return Reply::refusal(400, "AuthorizationPendingException"),
        "/token" => json!({ "accessToken": "CANARY-access", "expiresIn": 3600, "tokenType": "Bearer" }),
        "/federation/credentials" => json!({ "roleCredentials":
            { "accessKeyId": key, "secretAccessKey": secret, "expiration": 4_102_444_800_000_i64 } }),
        _ => return Reply::refusal(404, "NotFound"),
    };
    Reply::ok(&answer.to_string())
}

#[test]
fn who_is_signed_out_signs_in_from_inside_and_sees_the_rooms() {
    let service = Service::start();
    let (endpoint, _, key, secret) = service.facts();
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let polls = AtomicUsize::new(0);
    let portal = runtime.block_on(portal::Service::start(move |_, asked| {
        let polled = usize::from(asked.line.starts_with("POST /token"));
        identity_center(asked, polls.fetch_add(polled, Ordering::Relaxed) + polled, (&key, &secret))
    }));
    let portal = format!("http://{}", portal.address);
    let start =
        home(&service, &["--profile", "corp", "--log-level", "trace"]).env("AWS_ENDPOINT_URL_IVSCHAT", &endpoint);
    let start = start.env("AWS_ENDPOINT_URL_SSO", &portal).env("AWS_ENDPOINT_URL_SSO_OIDC", &portal);
    let state = start.home().join("ivschat");
    let mut console = start.run();
    console.shows("SIGNED OUT: L signs in").keys("L").shows("https://device.example/?user_code=ABCD-EFGH");
    console.shows("signed in").shows("lobby-main").shows("corp  123456789012  us-west-2  RW");
    let processes = command_lines();
    assert!(processes.contains("ivschat") && !processes.contains("CANARY"), "{processes}");
    let ended = console.keys("<c-c>").ends();
    ended.cleanly(0);
    assert!(!ended.written.contains("CANARY"), "{}", ended.written);
    let kept = everything_in(&state);
    assert!(kept.contains("ListRooms") && !kept.contains("CANARY"), "what the log and the journal hold: {kept}");
}

/// An STS that gives a role to whoever has the code, and a service without rooms.
fn with_a_code(asked: &Received) -> Reply {
    const NAMESPACE: &str = "xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"";
    let of = |action: &str| asked.body.contains(&format!("Action={action}"));
    let answer = if of("AssumeRole") && !asked.body.contains("TokenCode=123456") {
        return Reply::refusal(403, "AccessDenied");
    } else if of("AssumeRole") {
        format!(
            "<AssumeRoleResponse {NAMESPACE}><AssumeRoleResult><Credentials><AccessKeyId>ASIAROLE</AccessKeyId>\
             <SecretAccessKey>CANARY-role</SecretAccessKey><SessionToken>CANARY-token</SessionToken>\
             <Expiration>2100-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"
        )
    } else if of("GetCallerIdentity") {
        let arn = "arn:aws:sts::123456789012:assumed-role/Moderator/me";
        format!(
            "<GetCallerIdentityResponse {NAMESPACE}><GetCallerIdentityResult><Arn>{arn}</Arn><UserId>A:me</UserId>\
             <Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
        )
    } else {
        json!({ "rooms": [], "loggingConfigurations": [] }).to_string()
    };
    Reply::ok(&answer)
}

#[test]
fn a_role_behind_mfa_asks_for_the_code_and_is_used_then() {
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let portal = runtime.block_on(portal::Service::start(|_, asked| with_a_code(asked)));
    let config = "[profile me]\naws_access_key_id = AKIDME\naws_secret_access_key = CANARY-me\n\n\
                  [profile mod]\nregion = us-west-2\nsource_profile = me\nduration_seconds = 1800\n\
                  role_arn = arn:aws:iam::123456789012:role/Moderator\nmfa_serial = arn:aws:iam::123456789012:mfa/me\n";
    let url = format!("http://{}", portal.address);
    let start = Start::ivschat(&["--profile", "mod", "--log-level", "trace"]).file(".aws/config", config);
    let start = start.env("AWS_ENDPOINT_URL_IVSCHAT", &url).env("AWS_ENDPOINT_URL_STS", &url);
    let state = start.home().join("ivschat");
    let mut console = start.run();
    console.shows("Code for arn:aws:iam::123456789012:mfa/me").keys("123456<enter>");
    console.shows("There are no rooms").shows("mod  123456789012  Moderator  us-west-2  RW");
    let processes = command_lines();
    assert!(processes.contains("ivschat") && !processes.contains("CANARY"), "{processes}");
    let ended = console.keys("<c-c>").ends();
    ended.cleanly(0);
    let received = portal.received();
    let assumed: Vec<_> = received.iter().filter(|asked| asked.body.contains("Action=AssumeRole")).collect();
    let [assumed] = assumed[..] else { panic!("the role was asked for {} times", assumed.len()) };
    for part in [
        "SerialNumber=arn%3Aaws%3Aiam%3A%3A123456789012%3Amfa%2Fme",
        "DurationSeconds=1800",
        "RoleSessionName=ivschat-",
    ] {
        assert!(assumed.body.contains(part), "{part}: {}", assumed.body);
    }
    let listed = received.iter().find(|asked| asked.line.starts_with("POST /ListRooms")).unwrap();
    assert!(listed.header("authorization").contains("Credential=ASIAROLE/"));
    let kept = everything_in(&state);
    assert!(kept.contains("ListRooms") && !kept.contains("CANARY") && !kept.contains("TokenCode"), "{kept}");
    assert!(!ended.written.contains("CANARY"), "{}", ended.written);
}

/// What anybody on this machine sees of everybody's processes.
fn command_lines() -> String {
    let Ok(processes) = fs::read_dir("/proc") else {
        let listed = Command::new("ps").args(["-A", "-ww", "-o", "args"]).output().unwrap();
        return String::from_utf8_lossy(&listed.stdout).into_owned();
    };
    // Those that end meanwhile have none any more.
    let lines = processes.filter_map(|process| fs::read(process.ok()?.path().join("cmdline")).ok());
    lines.map(|line| String::from_utf8_lossy(&line).into_owned()).collect()
}

/// The text of all files under a folder.
fn everything_in(folder: &Path) -> String {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let text =
        |path: PathBuf| if path.is_dir() { everything_in(&path) } else { fs::read_to_string(path).unwrap_or_default() };
    entries.map(text).collect()
}
