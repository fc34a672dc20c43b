//! `ivschat doctor`, as a person or a script would run it: against the simulator, and against what goes wrong.

#![allow(clippy::unwrap_used, reason = "what fails in a helper of a test fails the test")]

#[allow(dead_code, reason = "each test program needs its own part of it")]
mod service;

use std::fs;

use ivschat::simulator::server::{Options, Running, Server, fault};
use ivschat::simulator::world::Setup;
use serde_json::Value;
use service::{Reply, Service};
use tempfile::TempDir;

/// What came of a run.
struct Ran {
    code: i32,
    out: String,
    all: String,
}

impl Ran {
    fn says(self, words: &[&str]) -> Self {
        for word in words {
            assert!(self.out.contains(word), "{word:?} is not in:\n{}", self.all);
        }
        self
    }

    fn hides(self, word: &str) -> Self {
        assert!(!self.all.contains(word), "{word:?} is in:\n{}", self.all);
        self
    }

    fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}", self.all);
        self
    }
}

/// A machine on which nothing is set but what a test sets.
struct Machine {
    home: TempDir,
    variables: Vec<(String, String)>,
}

impl Machine {
    fn new() -> Self {
        let machine = Self { home: TempDir::new().unwrap(), variables: Vec::new() };
        let home = machine.home.path().display().to_string();
        machine
            .set("HOME", &home)
            .set("AWS_EC2_METADATA_DISABLED", "true")
            .set("TERM", "xterm-256color")
            .set("LANG", "en_GB.UTF-8")
    }

    fn set(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The keys and the places of a simulator, and of an STS that knows who we are.
    fn at(self, running: &Running, sts: &Service) -> Self {
        self.set("AWS_ACCESS_KEY_ID", &running.access_key_id)
            .set("AWS_SECRET_ACCESS_KEY", &running.secret_access_key)
            .set("AWS_REGION", &running.region)
            .set("AWS_ENDPOINT_URL_IVSCHAT", &running.endpoint)
            .set("IVSCHAT_MESSAGING_ENDPOINT_URL", &running.messaging_endpoint)
            .set("AWS_ENDPOINT_URL_STS", &format!("http://{}", sts.address))
    }

    fn file(self, name: &str, text: &str) -> Self {
        let path = self.home.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    async fn runs(&self, flags: &[&str]) -> Ran {
        let program = env!("CARGO_BIN_EXE_ivschat");
        let mut command = tokio::process::Command::new(program);
        command.env_clear().envs(self.variables.iter().cloned()).arg("doctor").args(flags);
        let output = command.output().await.unwrap();
        let out = String::from_utf8(output.stdout).unwrap();
        let all = format!("{out}{}", String::from_utf8_lossy(&output.stderr));
        Ran { code: output.status.code().unwrap(), out, all }
    }
}

async fn simulator(faults: &[&str]) -> Running {
    let faults = faults.iter().map(|fault| fault::parse(fault).unwrap()).collect();
    Server::start(Setup::default(), Options { faults, ..Options::default() }).await.unwrap()
}

/// An STS that says who we are.
async fn sts() -> Service {
    const CALLER: &str = "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\
        <GetCallerIdentityResult><Arn>arn:aws:sts::123456789012:assumed-role/Moderator/nadia</Arn><UserId>AROA:nadia\
        </UserId><Account>123456789012</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>r-sts</RequestId>\
        </ResponseMetadata></GetCallerIdentityResponse>";
    Service::start(|_, _| Reply::Http(200, "content-type: text/xml\r\n".into(), CALLER.into())).await
}

#[tokio::test]
async fn all_is_well_on_a_demo() {
    let ran = Machine::new().runs(&["--demo"]).await.exits(0);
    ran.says(&["ok    control plane", "ok    chat", "ok    clock", "ok    ListRooms", " 0 failed"]).hides("FAIL");
}

#[tokio::test]
async fn what_the_terminal_is_drawn_with_is_what_the_console_would_draw() {
    let said =
        [("", "no locale, taken for UTF-8"), ("de_DE.UTF-8", "de_DE.UTF-8"), ("C", "no UTF-8: drawn with ASCII")];
    for (locale, words) in said {
        Machine::new().set("LANG", locale).runs(&["--demo"]).await.says(&[words]);
    }
}

#[tokio::test]
async fn all_is_well_against_the_simulator_and_who_we_are_is_told() {
    let (running, sts) = (simulator(&[]).await, sts().await);
    let machine = Machine::new().at(&running, &sts).file(".aws/config", "[profile ops]\nregion = us-west-2\n");
    let ran = machine.runs(&[]).await.exits(0);
    let ran = ran.says(&["from env", "they don't expire", "account 123456789012", "assumed-role/Moderator/nadia"]);
    let ran = ran.says(&["us-west-2, from AWS_REGION", "AWS files", "clipboard", "xterm-256color", "journal"]);
    ran.hides(&running.secret_access_key).hides("FAIL");
    assert!(!machine.home.path().join(".local").exists(), "it writes nothing");
}

#[tokio::test]
async fn json_is_for_programs() {
    let (running, sts) = (simulator(&["ListRooms=deny"]).await, sts().await);
    let ran = Machine::new().at(&running, &sts).runs(&["--json"]).await.exits(254);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(report["ok"], false);
    let checks = report["checks"].as_array().unwrap();
    let of = |what: &str| checks.iter().find(|check| check["check"] == what).unwrap();
    assert_eq!((&of("identity")["mark"], &of("identity")["remedy"]), (&"ok".into(), &Value::Null));
    assert_eq!(of("ListRooms")["mark"], "fail");
    let remedy = of("ListRooms")["remedy"].as_str().unwrap();
    assert!(remedy.contains(r#""Action": "ivschat:ListRooms""#), "{remedy}");
}

#[tokio::test]
async fn what_the_service_refuses_is_told_with_what_helps() {
    let (running, sts) = (simulator(&["ListRooms=deny"]).await, sts().await);
    let ran = Machine::new().at(&running, &sts).runs(&[]).await.exits(254);
    ran.says(&["FAIL  ListRooms", "ivschat:ListRooms", "user/demo", "\"Effect\": \"Allow\"", "1 failed"]);
}

#[tokio::test]
async fn without_credentials_or_region_it_says_how_to_get_them() {
    let ran = Machine::new().runs(&["--region", "us-west-2"]).await.exits(253);
    ran.says(&["FAIL  ", "aws configure sso"]);
    let ran = Machine::new().set("AWS_ACCESS_KEY_ID", "A").set("AWS_SECRET_ACCESS_KEY", "hidden").runs(&[]).await;
    ran.exits(253).says(&["No region", "us-east-1"]).hides("hidden");
    let machine = Machine::new().file(".aws/config", "[profile prod]\nregion = us-west-2\n");
    machine.runs(&["--profile", "prdo"]).await.exits(253).says(&["prdo", "prod"]);
}

#[tokio::test]
async fn broken_profiles_are_named_and_the_rest_is_looked_at() {
    let (running, sts) = (simulator(&[]).await, sts().await);
    let circle = "[profile a]\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = a-that-is-not-there\n";
    let machine = Machine::new().at(&running, &sts).file(".aws/config", circle);
    machine.runs(&[]).await.exits(0).says(&["warn  AWS files", "profile \"a\"", "ok    ListRooms"]);
}

#[tokio::test]
async fn settings_that_can_not_be_used_are_told_all_at_once() {
    let (running, sts) = (simulator(&[]).await, sts().await);
    let machine = Machine::new().at(&running, &sts).file(".config/ivschat/config.toml", "regoin = \"x\"\n");
    let machine = machine.set("HTTPS_PROXY", "socks5://me:hidden@x").set("AWS_CA_BUNDLE", "/missing.pem");
    let ran = machine.runs(&["--journal-dir", "/dev/null/journal"]).await.exits(253);
    let ran = ran.says(&["regoin", "HTTPS_PROXY", "AWS_CA_BUNDLE /missing.pem can't be read", "FAIL  journal"]);
    ran.says(&["ok    ListRooms"]).hides("hidden");
}

#[tokio::test]
async fn a_service_that_is_not_there_is_named_with_its_host() {
    let sts = sts().await;
    let running = simulator(&[]).await;
    let machine = Machine::new().at(&running, &sts);
    let host = running.endpoint.trim_start_matches("http://").to_owned();
    running.stop().await;
    let ran = machine.runs(&[]).await.exits(253);
    ran.says(&["FAIL  control plane", "connection refused", &host, "HTTPS_PROXY"]);
}

#[tokio::test]
async fn a_clock_that_is_off_is_told_with_by_how_much() {
    let (running, sts) = (simulator(&[]).await, sts().await);
    let slow = Service::start(|_, _| {
        let date = (jiff::Timestamp::now() + jiff::SignedDuration::from_hours(1)).strftime("%a, %d %b %Y %H:%M:%S GMT");
        Reply::Http(200, format!("date: {date}\r\n"), br#"{"rooms":[]}"#.into())
    })
    .await;
    let machine = Machine::new().at(&running, &sts);
    let ran = machine.runs(&["--endpoint-url", &format!("http://{}", slow.address)]).await.exits(0);
    ran.says(&["warn  clock", " s behind of the service's", "set-ntp"]);
}

#[tokio::test]
async fn an_sts_that_denies_is_no_network_s_fault() {
    let running = simulator(&[]).await;
    let denied = "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User: \
        arn:aws:iam::123456789012:user/demo is not authorized to perform: sts:GetCallerIdentity with an explicit deny \
        in a service control policy</Message></Error><RequestId>r-sts</RequestId></ErrorResponse>";
    let sts = Service::start(move |_, _| Reply::Http(403, "content-type: text/xml\r\n".into(), denied.into())).await;
    let ran = Machine::new().at(&running, &sts).runs(&[]).await.exits(254);
    ran.says(&["FAIL  identity", "sts:GetCallerIdentity", "ok    ListRooms"]);
}
