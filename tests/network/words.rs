//! Each failure of the control plane, made by a fake, and what the console says of it: what happened, and what helps.

use std::time::Duration;

use ivschat::api::client::Client;
use ivschat::api::network::Flags;
use ivschat::api::ops::{ListLoggingConfigurations, ListRooms};
use ivschat::api::{Error, Settings};
use ivschat::app::trouble::Trouble;

use crate::fakes::{API, Proxy, api, client, network};
use crate::service::{Reply, Service, settings};

/// What is said of a refusal with this name and these words.
async fn refused(status: u16, name: &'static str, words: &str) -> Trouble {
    let body = serde_json::json!({ "message": words }).to_string().into_bytes();
    let headers = format!("x-amzn-RequestId: r-1\r\nx-amzn-ErrorType: {name}\r\n");
    let service = Service::start(move |_, _| Reply::Http(status, headers.clone(), body.clone())).await;
    Trouble::new(&failure(&service.client()).await)
}

async fn failure(client: &Client) -> Error {
    client.call(&ListRooms::default()).await.unwrap_err()
}

fn says(trouble: &Trouble, headline: &str, words: &[&str]) {
    assert_eq!(trouble.headline, headline);
    let text = trouble.text();
    for word in words {
        assert!(text.contains(word), "{word:?} is not in:\n{text}");
    }
}

const WHO: &str = "arn:aws:sts::123456789012:assumed-role/Moderator/nadia";
const WHAT: &str = "arn:aws:ivschat:us-west-2:123456789012:room/*";

#[tokio::test]
async fn a_denial_names_who_what_and_where_and_the_statement_that_helps() {
    let words = format!(
        "User: {WHO} is not authorized to perform: ivschat:ListRooms on resource: {WHAT} because no identity-based \
         policy allows the ivschat:ListRooms action"
    );
    let trouble = refused(403, "AccessDeniedException", &words).await;
    says(&trouble, "Access denied", &[WHO, WHAT, "ivschat:ListRooms", "no identity-based policy", "r-1"]);
    let statement: serde_json::Value = serde_json::from_str(&trouble.help.unwrap().text).unwrap();
    assert_eq!(statement, serde_json::json!({"Effect": "Allow", "Action": "ivschat:ListRooms", "Resource": WHAT}));
}

#[tokio::test]
async fn what_a_policy_forbids_no_statement_allows() {
    let words = format!(
        "User: {WHO} is not authorized to perform: ivschat:ListRooms on resource: {WHAT} with an explicit deny in a \
         service control policy"
    );
    let trouble = refused(403, "AccessDeniedException", &words).await;
    says(&trouble, "Access denied", &[WHO, "explicit deny in a service control policy", "must change it"]);
    assert_eq!(trouble.help, None);
}

#[tokio::test]
async fn throttling_names_the_quota() {
    let service = Service::start(|_, _| Reply::refusal(429, "ThrottlingException")).await;
    says(
        &Trouble::new(&failure(&service.client()).await),
        "Too many calls",
        &["5 ListRooms calls a second", "3 times"],
    );
    let error = service.client().call(&ListLoggingConfigurations::default()).await.unwrap_err();
    says(&Trouble::new(&error), "Too many calls", &["3 ListLoggingConfigurations calls a second"]);
}

#[tokio::test]
async fn credentials_that_aws_does_not_take_are_told_apart() {
    let trouble = refused(403, "ExpiredTokenException", "The security token included in the request is expired").await;
    says(&trouble, "The credentials have expired", &["aws sso login", "is expired"]);
    let words = "The security token included in the request is invalid.";
    let trouble = refused(403, "UnrecognizedClientException", words).await;
    says(&trouble, "The access key is not known", &["AWS_SESSION_TOKEN", "partition", "aws sts get-caller-identity"]);
    let words = "Credential should be scoped to a valid region, not 'us-west-2'.";
    says(&refused(403, "InvalidSignatureException", words).await, "Signed for another region", &[words, "endpoint"]);
    let words = "The request signature we calculated does not match the signature you provided.";
    says(
        &refused(403, "InvalidSignatureException", words).await,
        "The signature was not accepted",
        &["AWS_SECRET_ACCESS_KEY"],
    );
    let words = "Signature expired: 20261121T080000Z is now earlier than 20261121T100000Z";
    says(&refused(403, "InvalidSignatureException", words).await, "The clock is off", &["set-ntp", "C-r"]);
    says(&refused(403, "RequestTimeTooSkewed", "").await, "The clock is off", &["ivschat doctor"]);
}

#[tokio::test]
async fn who_can_not_be_reached_is_named_with_the_proxy_in_between() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    let error = failure(&Client::new(settings(&format!("http://{address}")))).await;
    says(&Trouble::new(&error), "No connection", &[&address, "connection refused", "ivschat doctor", "HTTPS_PROXY"]);

    let straight = network(&[], &Flags::default());
    let error = failure(&client("https://ivschat.us-wset-2.invalid", straight)).await;
    says(&Trouble::new(&error), "No connection", &["ivschat.us-wset-2.invalid", "lookup", "Is the region right"]);

    let proxied = |port: u16| network(&[("HTTPS_PROXY", &format!("http://127.0.0.1:{port}"))], &Flags::default());
    let proxy = Proxy::saying("HTTP/1.1 407 X\r\n\r\n").await;
    let error = failure(&client(&format!("https://{API}"), proxied(proxy.port))).await;
    let named = format!("through the proxy 127.0.0.1:{}", proxy.port);
    says(&Trouble::new(&error), "No connection", &[&named, "HTTPS_PROXY=http://user:password@"]);
    let proxy = Proxy::saying("HTTP/1.1 502 X\r\n\r\n").await;
    let error = failure(&client(&format!("https://{API}"), proxied(proxy.port))).await;
    says(&Trouble::new(&error), "No connection", &[API, "NO_PROXY", "ivschat doctor"]);
}

#[tokio::test]
async fn who_decrypts_in_between_is_told_with_the_way_to_trust_it() {
    let fake = api().await;
    let straight = || network(&[], &Flags::default());
    let error = failure(&client(&format!("https://localhost:{}", fake.port), straight())).await;
    let words = ["UnknownIssuer", "AWS_CA_BUNDLE", "--no-verify-ssl"];
    says(&Trouble::new(&error), "The certificate is not trusted", &words);
    let mut trusting = straight();
    trusting.extra_roots.push(fake.certificate.clone());
    let error = failure(&client(&format!("https://127.0.0.1:{}", fake.port), trusting)).await;
    says(&Trouble::new(&error), "The certificate is not trusted", &["for another host"]);
}

#[tokio::test]
async fn who_says_nothing_or_nonsense_is_told_as_that() {
    let service = Service::start(|_, _| Reply::Stall(Vec::new())).await;
    let mut settings: Settings = service.settings();
    settings.network.attempt_timeout = Duration::from_millis(100);
    let error = failure(&Client::new(settings)).await;
    says(&Trouble::new(&error), "No answer within 0.1 s", &["sent 3 times", "--cli-read-timeout"]);
    let service = Service::start(|_, _| Reply::ok("<html>Sign in to the guest network</html>")).await;
    says(&Trouble::new(&failure(&service.client()).await), "An answer that can't be read", &["sign-in portal"]);
    let service = Service::start(|_, _| Reply::refusal(503, "ServiceUnavailable")).await;
    says(&Trouble::new(&failure(&service.client()).await), "The service failed", &["r-503", "sent 3 times"]);
}
