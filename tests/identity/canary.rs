//! A secret that is planted wherever one may be is found nowhere else: in no `Debug`, no error, no file of ours.

use std::fmt::Debug;
use std::fs;
use std::path::Path;

use ivschat::identity::facts::Wanted;
use ivschat::identity::profiles;

use crate::fake::{Answer, Fake, in_an_hour};
use crate::kinds::{with_environment, with_login, with_process, with_sso, with_static};
use crate::world::{World, client, profile};

/// Panics if what is shown holds a secret.
fn clean(what: &impl Debug) {
    for shown in [format!("{what:?}"), format!("{what:#?}")] {
        assert!(!shown.contains("CANARY"), "{shown}");
    }
}

/// All files below `folder` that hold a canary.
fn planted(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut found: Vec<_> = entries
        .flat_map(|entry| {
            let path = entry.unwrap().path();
            if path.is_dir() {
                return planted(&path);
            }
            let holds = String::from_utf8_lossy(&fs::read(&path).unwrap()).contains("CANARY");
            if holds { vec![path.display().to_string()] } else { Vec::new() }
        })
        .collect();
    found.sort();
    found
}

/// Everything that can be asked of an identity, whatever comes of it.
async fn asked(world: &World, wanted: &Wanted, url: &str) {
    let before = planted(world.home());
    clean(&world.around());
    clean(&profiles(&world.around()).await);
    let identity = match world.open(wanted).await {
        Ok(identity) => identity,
        Err(trouble) => {
            clean(&trouble);
            return clean(&trouble.to_string());
        }
    };
    clean(&identity);
    clean(&identity.credentials().await);
    clean(&identity.caller().await);
    clean(&identity.code("CANARY-code".to_owned().into()).await);
    let mut devices = Vec::new();
    let signed_in = identity.sign_in(|device| devices.push(device)).await;
    clean(&(&signed_in, devices));
    clean(&identity);
    let client = client(&identity, url);
    clean(&client);
    let called = client.call(&ivschat::api::ops::ListRooms::default()).await;
    clean(&called);
    if let Err(error) = called {
        assert!(!error.to_string().contains("CANARY"), "{error}");
    }
    if signed_in.is_err() {
        assert_eq!(planted(world.home()), before, "nothing of it was written anywhere else");
    }
}

/// A machine that has a secret of every kind.
fn full(url: &str) -> Vec<(World, Wanted)> {
    let at = || World::new().served_by(url);
    let token = |world: World| {
        let world = world.file("token", "CANARY-token-file");
        let path = world.path("token").display().to_string();
        (world, path)
    };
    let (web, path) = token(at());
    let web = web.set("AWS_WEB_IDENTITY_TOKEN_FILE", &path).set("AWS_ROLE_ARN", "arn:aws:iam::1:role/R");
    let (container, path) = token(at());
    let container = container
        .set("AWS_CONTAINER_CREDENTIALS_FULL_URI", &format!("{url}/container"))
        .set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", &path);
    let inline = at()
        .set("AWS_CONTAINER_CREDENTIALS_FULL_URI", &format!("{url}/container"))
        .set("AWS_CONTAINER_AUTHORIZATION_TOKEN", "CANARY-inline\n-broken");
    let instance = at().unset("AWS_EC2_METADATA_DISABLED").set("AWS_EC2_METADATA_SERVICE_ENDPOINT", url);
    let role = with_static(at())
        .config("[profile mod]\nrole_arn = arn:aws:iam::1:role/R\nsource_profile = static\nmfa_serial = gadget\n");
    vec![
        (with_environment(at()), Wanted::default()),
        (with_static(at()), profile("static")),
        (with_sso(at(), in_an_hour()), profile("ops")),
        (with_sso(at(), jiff::Timestamp::UNIX_EPOCH), profile("ops")),
        (with_login(at(), in_an_hour()), profile("console")),
        (with_login(at(), jiff::Timestamp::UNIX_EPOCH), profile("console")),
        (with_process(at()), profile("helper")),
        (role, profile("mod")),
        (web, Wanted::default()),
        (container, Wanted::default()),
        (inline, Wanted::default()),
        (instance, Wanted::default()),
    ]
}

#[tokio::test]
async fn when_all_is_well() {
    let fake = Fake::well().await;
    for (world, wanted) in full(&fake.url) {
        asked(&world, &wanted, &fake.url).await;
    }
}

#[tokio::test]
async fn when_everything_is_refused() {
    let refuse = |seen: &crate::fake::Seen| {
        let sts = seen.path == "/";
        Some(if sts { Answer::sts_error("Oops", "no") } else { Answer::json_error(400, "OopsException", "no") })
    };
    let fake = Fake::start(refuse).await;
    for (world, wanted) in full(&fake.url) {
        asked(&world, &wanted, &fake.url).await;
    }
}

#[tokio::test]
async fn when_every_answer_is_nonsense_with_a_secret_in_it() {
    let fake =
        Fake::start(|_| Some(Answer::ok("{\"AccessKeyId\":[\"CANARY\"],\"roleCredentials\":\"CANARY\"}<a>CANARY")))
            .await;
    for (world, wanted) in full(&fake.url) {
        asked(&world, &wanted, &fake.url).await;
    }
}
