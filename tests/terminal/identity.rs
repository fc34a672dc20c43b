//! Whose rooms these are: from a home with a broken profile, one that is signed out and one that works, to the right ones.

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
