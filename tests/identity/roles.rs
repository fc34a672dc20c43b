//! Roles: all that profiles say of them goes to STS, and a code is asked for where one is wanted.

use ivschat::identity::facts::{Code, Trouble};

use crate::fake::{Answer, Fake};
use crate::kinds::with_static;
use crate::world::{World, signs};

const ROLE: &str = "arn:aws:iam::123456789012:role/Moderator";
const SERIAL: &str = "arn:aws:iam::123456789012:mfa/nadia";

/// A profile `mod` that assumes a role with the keys of `static`, and `more`.
fn world(fake: &Fake, more: &str) -> World {
    let text = format!("[profile mod]\nrole_arn = {ROLE}\nsource_profile = static\n{more}\n");
    with_static(World::new().served_by(&fake.url)).config(&text)
}

fn code() -> Code {
    Code { serial: SERIAL.into(), profile: "mod".into(), role: ROLE.into() }
}

#[tokio::test]
async fn a_session_without_a_name_names_the_person() {
    let fake = Fake::well().await;
    world(&fake, "").profile("mod").await.credentials().await.unwrap();
    let asked = fake.sts("AssumeRole").pop().unwrap();
    assert_eq!(asked.form("RoleArn").as_deref(), Some(ROLE));
    assert_eq!(asked.form("RoleSessionName").as_deref(), Some("ivschat-nadia@bastion"));
    for silent in ["DurationSeconds", "ExternalId", "SourceIdentity", "SerialNumber", "TokenCode"] {
        assert_eq!(asked.form(silent), None, "{silent}");
    }
}

#[tokio::test]
async fn all_that_a_profile_says_goes_to_sts() {
    let fake = Fake::well().await;
    let more = "duration_seconds = 7200\nexternal_id = x-1\nsource_identity = nadia\nrole_session_name = night-shift";
    world(&fake, more).profile("mod").await.credentials().await.unwrap();
    let asked = fake.sts("AssumeRole").pop().unwrap();
    for (name, value) in [
        ("DurationSeconds", "7200"),
        ("ExternalId", "x-1"),
        ("SourceIdentity", "nadia"),
        ("RoleSessionName", "night-shift"),
    ] {
        assert_eq!(asked.form(name).as_deref(), Some(value), "{name}");
    }
}

#[tokio::test]
async fn a_role_with_a_gadget_asks_for_a_code_and_takes_it() {
    let fake = Fake::well().await;
    let identity = world(&fake, &format!("mfa_serial = {SERIAL}")).profile("mod").await;
    assert_eq!(identity.credentials().await, Err(Trouble::CodeWanted(code())));
    assert!(fake.sts("AssumeRole").is_empty(), "it would only be denied");
    identity.code("123456".to_owned().into()).await.unwrap();
    let asked = fake.sts("AssumeRole").pop().unwrap();
    assert_eq!(asked.form("SerialNumber").as_deref(), Some(SERIAL));
    assert_eq!(asked.form("TokenCode").as_deref(), Some("123456"));
    signs(&identity).await.unwrap();
    assert_eq!(fake.sts("AssumeRole").len(), 1, "the session is kept");
}

#[tokio::test]
async fn a_wrong_code_is_told_and_asked_for_again() {
    let fake = Fake::start(|seen| {
        let wrong = seen.form("TokenCode").is_some_and(|code| code != "123456");
        let message = "MultiFactorAuthentication failed with invalid MFA one time pass code.";
        wrong.then(|| Answer::sts_error("AccessDenied", message))
    })
    .await;
    let identity = world(&fake, &format!("mfa_serial = {SERIAL}")).profile("mod").await;
    let refused = identity.code("999999".to_owned().into()).await.unwrap_err();
    assert!(matches!(&refused, Trouble::CodeRefused { code: of, .. } if *of == code()), "{refused}");
    assert!(!format!("{refused:?} {refused}").contains("999999"));
    assert_eq!(identity.credentials().await, Err(Trouble::CodeWanted(code())));
    identity.code("123456".to_owned().into()).await.unwrap();
    identity.credentials().await.unwrap();
}

#[tokio::test]
async fn a_session_with_a_code_lasts_to_its_end_and_then_wants_another() {
    let fake = Fake::well().await;
    let world = world(&fake, &format!("mfa_serial = {SERIAL}"));
    let identity = world.profile("mod").await;
    identity.code("123456".to_owned().into()).await.unwrap();
    world.later(jiff::SignedDuration::from_mins(58));
    identity.credentials().await.unwrap();
    identity.credentials().await.unwrap();
    world.later(jiff::SignedDuration::from_mins(3));
    assert_eq!(identity.credentials().await, Err(Trouble::CodeWanted(code())));
}

#[tokio::test]
async fn roles_are_assumed_one_with_the_other() {
    let fake = Fake::well().await;
    let world = world(&fake, "").config(&format!(
        "[profile far]\nrole_arn = arn:aws:iam::2:role/Far\nsource_profile = mod\n\
         [profile mod]\nrole_arn = {ROLE}\nsource_profile = static\n"
    ));
    world.profile("far").await.credentials().await.unwrap();
    let asked = fake.sts("AssumeRole");
    let roles: Vec<_> = asked.iter().filter_map(|seen| seen.form("RoleArn")).collect();
    assert_eq!(roles, [ROLE, "arn:aws:iam::2:role/Far"]);
    assert!(asked[0].header("authorization").contains("ASIASTATIC"));
    assert!(asked[1].header("authorization").contains("ASIAROLE"));
}

#[tokio::test]
async fn a_source_with_keys_of_its_own_is_used_as_it_is() {
    let fake = Fake::well().await;
    let world = world(&fake, "").keys_file("[both]\naws_access_key_id = AKIABOTH\naws_secret_access_key = s\n").config(
        &format!(
            "[profile both]\nrole_arn = arn:aws:iam::2:role/Unused\nsource_profile = both\n\
             [profile mod]\nrole_arn = {ROLE}\nsource_profile = both\n"
        ),
    );
    world.profile("mod").await.credentials().await.unwrap();
    assert_eq!(fake.sts("AssumeRole").len(), 1);
    world.profile("both").await.credentials().await.unwrap();
    let asked = fake.sts("AssumeRole").pop().unwrap();
    assert_eq!(asked.form("RoleArn").as_deref(), Some("arn:aws:iam::2:role/Unused"));
    assert!(asked.header("authorization").contains("AKIABOTH"));
}

#[tokio::test]
async fn sts_tells_who_we_are() {
    let fake = Fake::well().await;
    let caller = world(&fake, "").profile("mod").await.caller().await.unwrap();
    assert_eq!((caller.account.as_str(), caller.role()), ("123456789012", "Moderator/nadia"));
    let caller = with_static(World::new().served_by(&fake.url)).profile("static").await.caller().await.unwrap();
    assert_eq!(caller.role(), "user/nadia".trim_start_matches("user/"));
}
