//! Who gives the credentials: a named profile and nobody else, or the first of the chain that has some.

use ivschat::identity::facts::{Kind, Source, Trouble, Wanted};
use ivschat::identity::profiles;

use crate::fake::{Fake, in_an_hour};
use crate::kinds::{with_environment, with_process, with_sso, with_static};
use crate::world::{World, profile};

async fn key(world: &World, wanted: &Wanted) -> String {
    let identity = world.open(wanted).await.unwrap();
    identity.credentials().await.unwrap().access_key_id().to_owned()
}

#[tokio::test]
async fn a_named_profile_counts_more_than_keys_of_the_environment() {
    let world = with_static(with_environment(World::new()));
    assert_eq!(key(&world, &Wanted::default()).await, "ASIAENV");
    assert_eq!(key(&world, &profile("static")).await, "ASIASTATIC");
    // As with the AWS CLI, a variable that names a profile does not count more than one that holds keys.
    let world = world.set("AWS_PROFILE", "static");
    assert_eq!(key(&world, &Wanted::default()).await, "ASIAENV");
    let world = world.unset("AWS_ACCESS_KEY_ID").unset("AWS_SECRET_ACCESS_KEY").unset("AWS_SESSION_TOKEN");
    assert_eq!(key(&world, &Wanted::default()).await, "ASIASTATIC");
}

#[tokio::test]
async fn a_mistyped_profile_is_nobody_and_never_the_instance() {
    let fake = Fake::well().await;
    let world = with_static(World::new())
        .unset("AWS_EC2_METADATA_DISABLED")
        .set("AWS_EC2_METADATA_SERVICE_ENDPOINT", &fake.url)
        .config("[profile prod]\nregion = us-west-2\n[profile staging]\n");
    let unknown = |trouble: Trouble| {
        let Trouble::UnknownProfile { name, near, known, files } = trouble else { panic!("{trouble}") };
        assert_eq!((name.as_str(), known), ("prdo", 3));
        assert_eq!(near, ["prod"]);
        assert_eq!(files, ["~/.aws/config", "~/.aws/credentials"]);
    };
    unknown(world.open(&profile("prdo")).await.unwrap_err());
    let world = with_environment(world.set("AWS_PROFILE", "prdo"));
    unknown(world.open(&Wanted::default()).await.unwrap_err());
    assert!(fake.seen("/latest/api/token").is_empty());
}

#[tokio::test]
async fn a_named_profile_without_credentials_is_not_the_instance_either() {
    let fake = Fake::well().await;
    let world = World::new()
        .unset("AWS_EC2_METADATA_DISABLED")
        .set("AWS_EC2_METADATA_SERVICE_ENDPOINT", &fake.url)
        .config("[profile bare]\nregion = us-west-2\n");
    let trouble = world.profile("bare").await.credentials().await.unwrap_err();
    assert_eq!(trouble, Trouble::BrokenProfile { profile: "bare".into(), why: "it has no credentials".into() });
    // But a variable that names it for its region leaves the credentials to the instance, as with the AWS CLI.
    let identity = world.set("AWS_PROFILE", "bare").plain().await;
    assert_eq!((identity.source(), identity.profile()), (&Source::InstanceRole, Some("bare")));
}

#[tokio::test]
async fn the_chain_goes_on_to_whoever_has_credentials() {
    let fake = Fake::well().await;
    let world = World::new().served_by(&fake.url).file("token", "t");
    let path = world.path("token").display().to_string();
    let world = with_environment(world)
        .keys_file("[default]\naws_access_key_id = AKIADEFAULT\naws_secret_access_key = CANARY\n")
        .set("AWS_WEB_IDENTITY_TOKEN_FILE", &path)
        .set("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/Pod")
        .set("AWS_CONTAINER_CREDENTIALS_FULL_URI", &format!("{}/container", fake.url))
        .unset("AWS_EC2_METADATA_DISABLED")
        .set("AWS_EC2_METADATA_SERVICE_ENDPOINT", &fake.url);
    let source = async |world: &World| world.plain().await.source().clone();
    assert_eq!(source(&world).await, Source::Environment);
    let world = world.unset("AWS_ACCESS_KEY_ID").unset("AWS_SECRET_ACCESS_KEY");
    assert_eq!(source(&world).await, Source::Profile("default".into()));
    let world = world.keys_file("");
    assert_eq!(source(&world).await, Source::WebIdentity);
    let world = world.unset("AWS_WEB_IDENTITY_TOKEN_FILE");
    assert_eq!(source(&world).await, Source::Container);
    let world = world.unset("AWS_CONTAINER_CREDENTIALS_FULL_URI");
    assert_eq!(source(&world).await, Source::InstanceRole);
    let world = world.set("AWS_EC2_METADATA_DISABLED", "TRUE");
    assert_eq!(source(&world).await, Source::Nothing);
}

#[tokio::test]
async fn all_profiles_are_listed_with_how_they_get_credentials() {
    let world = World::new()
        .config(
            "[default]\nregion = us-east-1\n\
             [profile ops]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = R\n\
             [sso-session corp]\nsso_start_url = u\nsso_region = us-east-1\n\
             [profile old]\nsso_start_url = u\nsso_region = us-east-1\nsso_account_id = 1\nsso_role_name = R\n\
             [profile console]\nlogin_session = arn:aws:iam::1:user/x\n\
             [profile mod]\nrole_arn = arn:aws:iam::444455556666:role/M\nsource_profile = keys\nmfa_serial = gadget\n\
             [profile helper]\ncredential_process = /bin/x\n\
             [profile pod]\nweb_identity_token_file = /t\nrole_arn = arn:aws:iam::1:role/P\n\
             [profile a]\nrole_arn = arn:aws:iam::1:role/A\nsource_profile = b\n\
             [profile b]\nrole_arn = arn:aws:iam::1:role/B\nsource_profile = a\n\
             [profile lost]\nsso_session = gone\nsso_account_id = 1\nsso_role_name = R\n",
        )
        .keys_file("[keys]\naws_access_key_id = A\naws_secret_access_key = CANARY\n[half]\naws_access_key_id = A\n");
    let all = profiles(&world.around()).await.unwrap();
    let kind = |name: &str| all.iter().find(|profile| profile.name == name).unwrap().kind.clone();
    let account = |name: &str| all.iter().find(|profile| profile.name == name).unwrap().account.clone();
    assert_eq!(kind("keys"), Kind::Static);
    assert_eq!(kind("ops"), Kind::Sso { session: "corp".into() });
    assert_eq!(kind("old"), Kind::Sso { session: "u".into() });
    assert_eq!(kind("console"), Kind::Login);
    assert_eq!(kind("helper"), Kind::Process);
    assert_eq!(kind("pod"), Kind::WebIdentity);
    let role = "arn:aws:iam::444455556666:role/M".to_owned();
    assert_eq!(kind("mod"), Kind::AssumeRole { role, source: "keys".into(), mfa: Some("gadget".into()) });
    assert_eq!(kind("a"), Kind::Broken("a -> b -> a".into()));
    assert_eq!(kind("half"), Kind::Broken("it has no aws_secret_access_key".into()));
    assert_eq!(kind("lost"), Kind::Broken("its sso_session \"gone\" does not exist".into()));
    assert_eq!(kind("default"), Kind::Broken("it has no credentials".into()));
    assert_eq!((account("ops").as_deref(), account("mod").as_deref()), (Some("111122223333"), Some("444455556666")));
    let names: Vec<_> = all.iter().map(|profile| profile.name.as_str()).collect();
    assert!(names.is_sorted() && names.len() == 12, "{names:?}");
    assert!(!format!("{all:?}").contains("CANARY"));
}

#[tokio::test]
async fn what_is_corrected_in_a_file_counts_at_the_next_load() {
    let world = World::new().keys_file("[x]\naws_access_key_id = AKIAONE\n");
    let identity = world.profile("x").await;
    assert!(matches!(identity.credentials().await, Err(Trouble::HalfProfile { .. })));
    let world = world.keys_file("[x]\naws_access_key_id = AKIATWO\naws_secret_access_key = s\n");
    assert_eq!(identity.credentials().await.unwrap().access_key_id(), "AKIATWO");
    drop(world);
}

#[tokio::test]
async fn nobody_is_asked_for_credentials_before_they_are_wanted() {
    let fake = Fake::well().await;
    let world = with_sso(World::new().served_by(&fake.url), in_an_hour());
    world.profile("ops").await;
    assert!(fake.seen("/federation/credentials").is_empty());
    let world = with_process(World::new()).script("helper", "touch \"$HOME/ran\"");
    world.profile("helper").await;
    assert!(!world.path("ran").exists());
}
