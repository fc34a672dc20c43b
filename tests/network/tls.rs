//! Encrypted connections: whom the client and the session trust, and how they say that they don't.

use std::fs;

use ivschat::api::error::ErrorKind;
use ivschat::api::network::Flags;
use ivschat::api::ops::ListRooms;
use ivschat::messaging::{Ended, Report};
use rustls::pki_types::CertificateDer;

use crate::fakes::{Fake, api, chat, client, join, network};

/// A file that holds this certificate, and its name.
fn bundle(certificate: &CertificateDer<'_>) -> (tempfile::NamedTempFile, String) {
    let file = tempfile::NamedTempFile::new().unwrap();
    let text = pem(certificate);
    fs::write(&file, format!("A company's own\n{text}")).unwrap();
    let name = file.path().display().to_string();
    (file, name)
}

fn pem(certificate: &CertificateDer<'_>) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in certificate.chunks(3) {
        let bits = three.iter().fold(0, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for at in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * at) & 63) as usize];
            text.push(if at > three.len() { '=' } else { char::from(letter) });
        }
    }
    format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
}

fn trusting(fake: &Fake) -> ivschat::api::Network {
    let (_file, name) = bundle(&fake.certificate);
    network(&[("AWS_CA_BUNDLE", &name)], &Flags::default())
}

fn trusting_nobody_special() -> ivschat::api::Network {
    network(&[], &Flags::default())
}

fn trusting_everybody() -> ivschat::api::Network {
    network(&[], &Flags { no_verify_ssl: true, ..Flags::default() })
}

#[tokio::test]
async fn the_client_trusts_a_bundle() {
    let fake = api().await;
    let client = client(&format!("https://localhost:{}", fake.port), trusting(&fake));
    assert!(client.call(&ListRooms::default()).await.unwrap().rooms.is_empty());
}

#[tokio::test]
async fn a_bundle_may_come_from_the_flag() {
    let fake = api().await;
    let (_file, name) = bundle(&fake.certificate);
    let flags = Flags { ca_bundle: Some(name.into()), ..Flags::default() };
    let network = network(&[("AWS_CA_BUNDLE", "/missing.pem")], &flags);
    client(&format!("https://localhost:{}", fake.port), network).call(&ListRooms::default()).await.unwrap();
}

#[tokio::test]
async fn the_client_refuses_a_stranger_once() {
    let fake = api().await;
    let client = client(&format!("https://localhost:{}", fake.port), trusting_nobody_special());
    let error = client.call(&ListRooms::default()).await.unwrap_err();
    let why = format!("localhost:{}: certificate: UnknownIssuer", fake.port);
    assert_eq!((error.kind, error.attempts), (ErrorKind::Untrusted(why), 1));
}

#[tokio::test]
async fn the_client_refuses_another_name() {
    let fake = api().await;
    let client = client(&format!("https://127.0.0.1:{}", fake.port), trusting(&fake));
    let error = client.call(&ListRooms::default()).await.unwrap_err();
    assert!(matches!(&error.kind, ErrorKind::Untrusted(why) if why.contains("certificate")), "{error}");
}

#[tokio::test]
async fn a_session_trusts_a_bundle_and_asks_for_no_http2() {
    let fake = chat().await;
    let joined = join(&format!("wss://localhost:{}", fake.port), trusting(&fake)).await;
    assert_eq!(joined, (Some(Report::Opened), Ended::ByUs));
}

#[tokio::test]
async fn a_session_refuses_a_stranger() {
    let fake = chat().await;
    let joined = join(&format!("wss://localhost:{}", fake.port), trusting_nobody_special()).await;
    assert_eq!(joined, (None, Ended::Unreachable("certificate: UnknownIssuer".into())));
}

#[tokio::test]
async fn without_verifying_anybody_will_do() {
    let fake = api().await;
    let url = format!("https://127.0.0.1:{}", fake.port);
    client(&url, trusting_everybody()).call(&ListRooms::default()).await.unwrap();
    let fake = chat().await;
    let joined = join(&format!("wss://127.0.0.1:{}", fake.port), trusting_everybody()).await;
    assert_eq!(joined, (Some(Report::Opened), Ended::ByUs));
}
