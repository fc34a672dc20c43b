//! Logging configurations on their way from state to state: followed until they settle, and told in plain words.

use ivschat::api::ErrorKind;
use ivschat::api::error::Refusal;
use ivschat::api::model::{Arn, Destination};
use ivschat::api::ops::{CreateLoggingConfiguration, DeleteLoggingConfiguration};

use crate::Console;

fn create(bucket: &str) -> CreateLoggingConfiguration {
    CreateLoggingConfiguration {
        name: Some("new-logs".to_owned()),
        destination_configuration: Destination::S3 { bucket_name: bucket.to_owned() },
        tags: [].into(),
    }
}

/// A console that has just learned of a configuration that somebody else makes.
fn creating(bucket: &str) -> Console {
    Console::sized(140, 40).elsewhere(&create(bucket)).keys("2z<c-r>").shows("CREATING")
}

#[test]
fn a_new_one_becomes_active_in_its_place_without_a_key() {
    let console = creating("example-new-bucket");
    let row = console.row_of("CREATING");
    let console = console.wait(6_000).hides("CREATING").shows("new-logs is ACTIVE");
    let screen = console.screen();
    assert!(screen.lines().nth(row).unwrap().contains("new-logs"), "{screen}");
    // Once it has settled, nobody asks any more.
    let calls = console.calls("GetLoggingConfiguration").len();
    assert_eq!(console.wait(60_000).calls("GetLoggingConfiguration").len(), calls);
}

#[test]
fn a_failure_is_told_and_its_details_say_what_to_check() {
    creating("missing-bucket")
        .wait(6_000)
        .shows("new-logs is CREATE_FAILED: its details say what to check")
        .keys("z/new-logs<enter>")
        .wait(500)
        .shows("What to check")
        .shows("s3:PutObject")
        .shows("What can be done");
    let details = |name: &str| Console::sized(140, 40).keys(&format!("2/{name}<enter>")).wait(500);
    details("cw-staging").shows("The log group exists").shows("logs:PutResourcePolicy");
    details("cw-prod").hides("What to check");
    insta::assert_snapshot!("logging_failed_80x24", Console::demo().keys("2/cw-staging<enter>0").wait(500).snapshot());
}

#[test]
fn a_deleted_one_leaves_the_list_and_that_is_said() {
    let mut console = Console::sized(140, 40);
    let identifier = logging(&mut console, "cw-staging");
    let console = console.elsewhere(&DeleteLoggingConfiguration { identifier }).keys("2<c-r>").shows("DELETING");
    console.wait(6_000).shows("cw-staging is deleted").shows("2 Logging 4").hides("DELETING");
}

#[test]
fn a_service_that_is_away_is_asked_less_and_less_often() {
    let away = ErrorKind::Unreachable("connection refused".to_owned());
    let console = creating("example-new-bucket").wait(200).fails("GetLoggingConfiguration", away);
    let before = console.calls("GetLoggingConfiguration").len();
    let console = console.wait(62_000).shows("CREATING");
    let asked = console.calls("GetLoggingConfiguration").len() - before;
    assert!((7..=9).contains(&asked), "{asked} calls in a minute");
    console.works("GetLoggingConfiguration").wait(11_000).shows("new-logs is ACTIVE");
}

#[test]
fn a_denial_ends_the_following_and_is_told() {
    let no = Refusal::read(403, Some("AccessDeniedException"), br#"{"message":"no"}"#);
    let console = creating("example-new-bucket").fails("GetLoggingConfiguration", ErrorKind::Refused(no));
    let console = console.wait(6_000).shows("new-logs can't be followed, its state may be old: Access denied");
    let calls = console.calls("GetLoggingConfiguration").len();
    assert_eq!(console.wait(60_000).calls("GetLoggingConfiguration").len(), calls);
}

/// The ARN of the logging configuration with this name.
fn logging(console: &mut Console, name: &str) -> Arn {
    let list = console.holds(&ivschat::api::ops::ListLoggingConfigurations::default());
    let list = list["loggingConfigurations"].as_array().unwrap().clone();
    let found = list.into_iter().find(|logging| logging["name"] == name).unwrap();
    serde_json::from_value(found["arn"].clone()).unwrap()
}
