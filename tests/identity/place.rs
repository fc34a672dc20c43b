//! The region and the endpoint, by whoever counts more.

use ivschat::identity::facts::{Configured, From, Trouble, Wanted};

use crate::fake::Fake;
use crate::world::World;

fn world() -> World {
    World::new().unset("AWS_REGION").config("[profile eu]\nregion = eu-central-1\n[profile none]\n[default]\n")
}

async fn region(world: &World, wanted: &Wanted) -> (String, From) {
    let identity = world.open(wanted).await.unwrap();
    (identity.region().to_owned(), identity.region_from())
}

fn eu() -> Wanted {
    Wanted { profile: Some("eu".into()), ..Wanted::default() }
}

#[tokio::test]
async fn a_flag_counts_more_than_the_environment_that_more_than_the_profile_that_more_than_our_file() {
    let configured = Configured { region: Some("ap-south-1".into()), ..Configured::default() };
    let world = world();
    let wanted = Wanted { configured: configured.clone(), ..Wanted::default() };
    assert_eq!(region(&world, &wanted).await, ("ap-south-1".into(), From::Configuration));
    let wanted = Wanted { configured, ..eu() };
    assert_eq!(region(&world, &wanted).await, ("eu-central-1".into(), From::Profile));
    let world = world.set("AWS_DEFAULT_REGION", "eu-west-1");
    assert_eq!(region(&world, &wanted).await, ("eu-west-1".into(), From::Variable("AWS_DEFAULT_REGION")));
    let world = world.set("AWS_REGION", "us-west-2");
    assert_eq!(region(&world, &wanted).await, ("us-west-2".into(), From::Variable("AWS_REGION")));
    let wanted = Wanted { region: Some("us-east-1".into()), ..wanted };
    assert_eq!(region(&world, &wanted).await, ("us-east-1".into(), From::Asked));
}

#[tokio::test]
async fn a_profile_that_somebody_switches_to_brings_its_region() {
    let world = world().set("AWS_REGION", "us-west-2");
    let switched = Wanted { switched: true, ..eu() };
    assert_eq!(region(&world, &switched).await, ("eu-central-1".into(), From::Profile));
    let switched = Wanted { profile: Some("none".into()), ..switched };
    assert_eq!(region(&world, &switched).await, ("us-west-2".into(), From::Variable("AWS_REGION")));
}

#[tokio::test]
async fn a_region_without_the_service_needs_an_endpoint_and_a_mistyped_one_is_told_the_nearest() {
    let world = world();
    let asked = |name: &str| Wanted { region: Some(name.into()), ..Wanted::default() };
    let trouble = world.open(&asked("us-wset-2")).await.unwrap_err();
    assert_eq!(trouble, Trouble::UnknownRegion { name: "us-wset-2".into(), near: Some("us-west-2".into()) });
    assert!(trouble.remedy().contains("us-west-2") && trouble.remedy().contains("ap-northeast-2"));
    let trouble = world.open(&asked("sa-east-1")).await.unwrap_err();
    assert!(trouble.remedy().contains("ap-northeast-2"), "{trouble}");
    let wanted = Wanted { endpoint: Some("http://127.0.0.1:1".into()), ..asked("local") };
    assert_eq!(region(&world, &wanted).await, ("local".into(), From::Asked));
    assert_eq!(world.open(&Wanted::default()).await.unwrap_err(), Trouble::NoRegion);
}

#[tokio::test]
async fn a_metadata_service_that_hangs_holds_nobody_up() {
    // It takes the connection, and never answers.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let world = world().unset("AWS_EC2_METADATA_DISABLED").set("AWS_EC2_METADATA_SERVICE_ENDPOINT", &url);
    let wanted = Wanted::default();
    let opening = tokio::time::timeout(std::time::Duration::from_secs(10), world.open(&wanted));
    assert_eq!(opening.await.expect("it keeps to its limits").unwrap_err(), Trouble::NoRegion);
}

async fn endpoint(world: &World, wanted: &Wanted) -> Option<(String, From)> {
    let identity = world.open(wanted).await.unwrap();
    Some((identity.endpoint_url()?.to_owned(), identity.endpoint_from()?))
}

#[tokio::test]
async fn an_endpoint_comes_from_the_flag_the_environment_the_profile_or_our_file() {
    let world = World::new().config(
        "[profile eu]\nendpoint_url = https://profile.example\nservices = local\n\
         [profile other]\nendpoint_url = https://other.example\n\
         [services local]\nivschat =\n  endpoint_url = https://services.example\n",
    );
    let configured = Configured { endpoint: Some("https://file.example".into()), ..Configured::default() };
    let plain = Wanted { configured: configured.clone(), ..Wanted::default() };
    assert_eq!(endpoint(&world, &Wanted::default()).await, None);
    assert_eq!(endpoint(&world, &plain).await, Some(("https://file.example".into(), From::Configuration)));
    let wanted = Wanted { configured, ..eu() };
    assert_eq!(endpoint(&world, &wanted).await, Some(("https://services.example".into(), From::Profile)));
    let other = Wanted { profile: Some("other".into()), ..wanted.clone() };
    assert_eq!(endpoint(&world, &other).await, Some(("https://other.example".into(), From::Profile)));
    let world = world.set("AWS_ENDPOINT_URL", "https://all.example");
    let from = From::Variable("AWS_ENDPOINT_URL");
    assert_eq!(endpoint(&world, &wanted).await, Some(("https://all.example".into(), from)));
    let world = world.set("AWS_ENDPOINT_URL_IVSCHAT", "https://own.example");
    let from = From::Variable("AWS_ENDPOINT_URL_IVSCHAT");
    assert_eq!(endpoint(&world, &wanted).await, Some(("https://own.example".into(), from)));
    let flag = Wanted { endpoint: Some("https://flag.example".into()), ..wanted.clone() };
    assert_eq!(endpoint(&world, &flag).await, Some(("https://flag.example".into(), From::Asked)));
    let world = world.set("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");
    assert_eq!(endpoint(&world, &wanted).await, Some(("https://file.example".into(), From::Configuration)));
    assert_eq!(endpoint(&world, &flag).await, Some(("https://flag.example".into(), From::Asked)));
}

#[tokio::test]
async fn an_endpoint_for_everything_is_where_sts_is_too() {
    let fake = Fake::well().await;
    let identity = crate::kinds::with_environment(World::new().set("AWS_ENDPOINT_URL", &fake.url)).plain().await;
    identity.caller().await.unwrap();
    assert_eq!(fake.sts("GetCallerIdentity").len(), 1);
}

#[tokio::test]
async fn tokens_go_unencrypted_to_this_machine_only() {
    let world = crate::kinds::with_environment(World::new().served_by("http://sts.example.com"));
    let trouble = world.plain().await.caller().await.unwrap_err();
    assert!(trouble.to_string().contains("must use https"), "{trouble}");
}
