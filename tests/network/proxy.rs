//! Proxies: calls and chats go through them, encrypted to the end, and what goes wrong there names the proxy alone.

use ivschat::api::error::ErrorKind;
use ivschat::api::network::Flags;
use ivschat::api::ops::ListRooms;
use ivschat::api::{Error, Network};
use ivschat::messaging::{Ended, Report};
use tokio::net::TcpListener;

use crate::fakes::{API, CHAT, Fake, Proxy, api, chat, client, join, network};

/// The way through a proxy that knows us, with `fake`'s certificate trusted.
fn through(port: u16, fake: Option<&Fake>) -> Network {
    let proxy = format!("http://me:hidden@127.0.0.1:{port}");
    let mut network = network(&[("HTTPS_PROXY", &proxy)], &Flags::default());
    network.extra_roots.extend(fake.map(|fake| fake.certificate.clone()));
    network
}

async fn call(network: Network) -> Result<(), Error> {
    client(&format!("https://{API}"), network).call(&ListRooms::default()).await.map(drop)
}

async fn chatting(network: Network) -> (Option<Report>, Ended) {
    join(&format!("wss://{CHAT}"), network).await
}

#[tokio::test]
async fn a_call_goes_through_the_proxy() {
    let api = api().await;
    let proxy = Proxy::to(api.port).await;
    call(through(proxy.port, Some(&api))).await.unwrap();
    let [asked] = &proxy.asked()[..] else { panic!("{:?}", proxy.asked()) };
    assert!(asked.starts_with(&format!("CONNECT {API}:443 HTTP/1.1\r\n")), "{asked}");
    assert!(asked.to_lowercase().contains("proxy-authorization: basic bwu6aglkzgvu"), "{asked}");
    assert!(!asked.to_lowercase().contains("\r\nauthorization:"), "the signature is for the service: {asked}");
}

#[tokio::test]
async fn a_chat_goes_through_the_proxy() {
    let chat = chat().await;
    let proxy = Proxy::to(chat.port).await;
    let joined = chatting(through(proxy.port, Some(&chat))).await;
    assert_eq!(joined, (Some(Report::Opened), Ended::ByUs));
    let [asked] = &proxy.asked()[..] else { panic!("{:?}", proxy.asked()) };
    assert!(asked.starts_with(&format!("CONNECT {CHAT}:443 HTTP/1.1\r\n")), "{asked}");
    assert!(asked.contains("Proxy-Authorization: Basic bWU6aGlkZGVu"), "{asked}");
    assert!(!asked.contains("hidden-t0ken"), "the token is for the service: {asked}");
}

#[tokio::test]
async fn what_is_excepted_goes_straight() {
    let (api, chat) = (api().await, chat().await);
    let proxy = Proxy::saying("HTTP/1.1 500 X\r\n\r\n").await;
    let network = |fake| through(proxy.port, Some(fake));
    // This machine is excepted without a word.
    client(&format!("https://localhost:{}", api.port), network(&api)).call(&ListRooms::default()).await.unwrap();
    let joined = join(&format!("wss://localhost:{}", chat.port), network(&chat)).await;
    assert_eq!(joined, (Some(Report::Opened), Ended::ByUs));
    assert!(proxy.asked().is_empty());
}

#[tokio::test]
async fn a_proxy_that_decrypts_is_noticed() {
    // It shows a certificate of its own, which nobody here knows.
    let (api, chat) = (api().await, chat().await);
    let proxy = Proxy::to(api.port).await;
    let error = call(through(proxy.port, None)).await.unwrap_err();
    let why = format!("{API} through the proxy 127.0.0.1:{}: certificate: UnknownIssuer", proxy.port);
    assert_eq!(error.kind, ErrorKind::Untrusted(why));
    let proxy = Proxy::to(chat.port).await;
    let joined = chatting(through(proxy.port, None)).await;
    assert_eq!(joined, (None, Ended::Unreachable("certificate: UnknownIssuer".into())));
}

#[tokio::test]
async fn a_proxy_that_says_no_is_named_without_its_password() {
    for (answer, word) in [
        ("HTTP/1.1 407 X\r\nProxy-Authenticate: Basic\r\n\r\n", "proxy authorization required"),
        ("HTTP/1.1 403 Forbidden\r\n\r\n", "it does not let us through"),
        ("\u{1b}[31mSSH-2.0-OpenSSH\r\n\r\n", "it does not let us through"),
        ("", "unexpected end of file"),
    ] {
        let proxy = Proxy::saying(answer).await;
        let told = format!("through the proxy 127.0.0.1:{}: {word}", proxy.port);
        let error = call(through(proxy.port, None)).await.unwrap_err();
        let ErrorKind::Unreachable(why) = &error.kind else { panic!("{error:?}") };
        assert_eq!(*why, format!("{API} {told}"));
        let (_, ended) = chatting(through(proxy.port, None)).await;
        assert_eq!(ended, Ended::Unreachable(format!("{CHAT} {told}")));
        assert!(!format!("{error:?} {ended:?}").contains("hidden"));
    }
}

#[tokio::test]
async fn a_proxy_that_is_not_there_is_named() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let error = call(through(port, None)).await.unwrap_err();
    let told = format!("through the proxy 127.0.0.1:{port}: connection refused");
    assert_eq!(error.kind, ErrorKind::Unreachable(format!("{API} {told}")));
    let (_, ended) = chatting(through(port, None)).await;
    assert_eq!(ended, Ended::Unreachable(format!("{CHAT} {told}")));
}

#[tokio::test]
async fn a_chat_follows_no_redirect() {
    let other = Proxy::saying("").await;
    let answer = format!("HTTP/1.1 302 Found\r\nLocation: ws://127.0.0.1:{}\r\nContent-Length: 0\r\n\r\n", other.port);
    let server = Proxy::saying(answer.leak()).await;
    let joined = join(&format!("ws://127.0.0.1:{}", server.port), network(&[], &Flags::default())).await;
    assert_eq!(joined, (None, Ended::Refused { status: 302, body: String::new() }));
    assert_eq!((server.asked().len(), other.asked().len()), (1, 0), "the token stays here");
}
