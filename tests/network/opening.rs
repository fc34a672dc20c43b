//! What flags and environment make of a console's way out, and what they are told when they can't be used.

use clap::Parser;
use ivschat::cli::Cli;
use ivschat::open::{Opened, open};
use ivschat::runtime::identity::Reached;

async fn opened(flags: &str, given: &[(&str, &str)]) -> Result<Opened, String> {
    let region = if flags.contains("--demo") { "" } else { "--region us-west-2" };
    let cli = Cli::try_parse_from(format!("ivschat {region} {flags}").split_whitespace()).unwrap();
    let variable = |name: &str| given.iter().find(|(own, _)| *own == name).map(|(_, value)| (*value).to_owned());
    open(cli.open, None, variable).await.map_err(|error| error.to_string())
}

/// What the service is reached through then.
async fn reached(opening: &Opened) -> Reached {
    opening.services.doors.clone().open(opening.settings.who.clone()).await.unwrap()
}

async fn refused(flags: &str, given: &[(&str, &str)]) -> String {
    opened(flags, given).await.unwrap_err()
}

#[tokio::test]
async fn retries_are_as_the_environment_says() {
    let attempts = async |given: &[(&str, &str)]| {
        reached(&opened("", given).await.unwrap()).await.client.settings().retry.attempts
    };
    assert_eq!(attempts(&[]).await, 3);
    assert_eq!(attempts(&[("AWS_MAX_ATTEMPTS", "7"), ("AWS_RETRY_MODE", "adaptive")]).await, 7);
    assert_eq!(attempts(&[("AWS_RETRY_MODE", "legacy")]).await, 5);
    let told = refused("", &[("AWS_MAX_ATTEMPTS", "0"), ("AWS_RETRY_MODE", "eager")]).await;
    assert!(told.contains("AWS_MAX_ATTEMPTS is \"0\"") && told.contains("AWS_RETRY_MODE is \"eager\""), "{told}");
}

#[tokio::test]
async fn fips_and_dual_stack_choose_the_hosts() {
    let fips = ("AWS_USE_FIPS_ENDPOINT", "true");
    let dual_stack = ("AWS_USE_DUALSTACK_ENDPOINT", "true");
    let opening = opened("", &[dual_stack]).await.unwrap();
    let found = reached(&opening).await;
    let settings = found.client.settings();
    assert_eq!(settings.endpoint.host(), "ivschat.us-west-2.api.aws");
    assert_eq!(settings.ivs_endpoint.as_ref().unwrap().host(), "ivs.us-west-2.api.aws");
    assert_eq!(found.messaging, "wss://edge.ivschat.us-west-2.amazonaws.com");

    let told = refused("", &[fips]).await;
    assert!(told.contains("AWS_USE_FIPS_ENDPOINT") && told.contains("--messaging-endpoint-url wss://edge."), "{told}");
    let flag = "--messaging-endpoint-url wss://edge.ivschat.us-west-2.amazonaws.com";
    let opening = opened(flag, &[fips, dual_stack]).await.unwrap();
    assert_eq!(reached(&opening).await.client.settings().endpoint.host(), "ivschat-fips.us-west-2.api.aws");

    let told = refused("--endpoint-url https://vpce.example", &[fips, dual_stack]).await;
    assert!(told.contains("AWS_USE_FIPS_ENDPOINT") && told.contains("AWS_USE_DUALSTACK_ENDPOINT"), "{told}");
}

#[tokio::test]
async fn plain_http_stays_on_this_machine() {
    let opening = opened("--endpoint-url http://127.0.0.1:4870", &[]).await.unwrap();
    assert_eq!(reached(&opening).await.client.settings().endpoint.host(), "127.0.0.1:4870");
    let told = refused("--endpoint-url http://ivschat.example", &[]).await;
    assert!(told.contains("http is only for this machine"), "{told}");
    let told = refused("--endpoint-url https://me:hidden@x.example", &[]).await;
    assert!(!told.contains("hidden"), "{told}");
}

#[tokio::test]
async fn the_banner_the_times_and_the_proxy_are_those_of_the_command_line() {
    let flags = "--no-verify-ssl --cli-connect-timeout 7 --cli-read-timeout 70";
    let opening = opened(flags, &[("HTTPS_PROXY", "http://me:pa55phrase@p.example:3128")]).await.unwrap();
    assert!(opening.settings.unverified);
    let found = reached(&opening).await;
    let network = &found.client.settings().network;
    let seconds = std::time::Duration::from_secs;
    assert_eq!((network.connect_timeout, network.attempt_timeout), (seconds(7), seconds(70)));
    let hop = opening.services.way.hop(&found.messaging.parse().unwrap()).unwrap();
    assert_eq!(hop.to_string(), "p.example:3128");
    assert!(!format!("{opening:?}").contains("pa55phrase"), "{opening:?}");
    let told = refused("--ca-bundle /missing.pem", &[("HTTPS_PROXY", "socks5://me:pa55phrase@x")]).await;
    assert!(told.contains("--ca-bundle /missing.pem can't be read") && told.contains("HTTPS_PROXY"), "{told}");
    assert!(!told.contains("pa55phrase"), "{told}");
}

#[tokio::test]
async fn a_demo_needs_no_network_and_heeds_none() {
    let broken = [("HTTPS_PROXY", "nonsense://"), ("AWS_CA_BUNDLE", "/missing.pem"), ("AWS_USE_FIPS_ENDPOINT", "true")];
    opened("--demo", &broken).await.unwrap();
}
