//! Whether a host can be reached: its name, its port, its certificate, an answer; and what its clock says.

use std::time::Duration;

use http::header::{AGE, DATE};
use jiff::{SignedDuration, Timestamp};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::{Instant, timeout};
use url::Url;

use crate::api::clock::{Seen, THRESHOLD};
use crate::api::network::{Network, is_about_the_certificate, root_cause};

use super::Findings;

/// A clock that is off by less is said to be right.
const RIGHT: SignedDuration = SignedDuration::from_secs(2);

/// When an answer was asked for and came, and what it says of the time.
pub(super) struct Dated {
    sent: Timestamp,
    round_trip: Duration,
    date: Option<String>,
    cached: bool,
}

/// Tries a host step by step, as far as that can be told apart: what goes through a proxy, the proxy looks up.
pub(super) async fn host(
    what: &'static str,
    url: &str,
    network: &Network,
    report: &mut impl Findings,
) -> Option<Dated> {
    let Some((url, host, port)) = target(url) else {
        report.fail(what, "the URL is malformed", "give one such as https://host");
        return None;
    };
    let hop = network.proxies.hop(&url);
    let way = match &hop {
        Some(proxy) => format!("{host} through the proxy {proxy}"),
        None => format!("{host}, straight"),
    };
    if hop.is_none()
        && let Err((why, remedy)) = straight(&host, port, network.connect_timeout).await
    {
        report.fail(what, format!("{host}:{port}: {why}"), remedy);
        return None;
    }
    let (sent, started) = (Timestamp::now(), Instant::now());
    match ask(&url, network).await {
        Ok(answer) => {
            let round_trip = started.elapsed();
            let steps = if hop.is_some() { "tunnel, " } else { "name, port, " };
            let secure = if url.scheme() == "https" { "TLS, " } else { "" };
            report.ok(what, format!("{way}: {steps}{secure}an answer in {} ms", round_trip.as_millis()));
            let date = answer.headers().get(DATE).and_then(|date| date.to_str().ok()).map(ToOwned::to_owned);
            Some(Dated { sent, round_trip, date, cached: answer.headers().contains_key(AGE) })
        }
        Err((why, remedy)) => {
            report.fail(what, format!("{way}: {why}"), remedy);
            None
        }
    }
}

/// The URL to ask, with its host and port: that of a WebSocket speaks HTTP before it speaks anything else.
fn target(url: &str) -> Option<(Url, String, u16)> {
    let url = url.replacen("ws", "http", usize::from(url.starts_with("ws")));
    let url = Url::parse(&url).ok()?;
    let host = url.host_str()?.trim_matches(['[', ']']).to_owned();
    let port = url.port_or_known_default()?;
    Some((url, host, port))
}

/// Looks the name up and knocks at the port.
async fn straight(host: &str, port: u16, limit: Duration) -> Result<(), (String, &'static str)> {
    let late = |what: &str| format!("{what} within {} s", limit.as_secs_f32());
    let found = match timeout(limit, lookup_host((host, port))).await {
        Err(_) => return Err((late("no name server answers"), "check the network and /etc/resolv.conf")),
        Ok(Err(error)) => return Err((root_cause(&error), "is the region right, and a name server reachable?")),
        Ok(Ok(found)) => found.collect::<Vec<_>>(),
    };
    match timeout(limit, TcpStream::connect(&found[..])).await {
        Err(_) => Err((late("nobody answers"), "a firewall in between? behind a proxy set HTTPS_PROXY")),
        Ok(Err(error)) => Err((root_cause(&error), "is the endpoint right? behind a proxy set HTTPS_PROXY")),
        Ok(Ok(_)) => Ok(()),
    }
}

/// Any answer will do: unsigned, it is a refusal.
async fn ask(url: &Url, network: &Network) -> Result<reqwest::Response, (String, &'static str)> {
    let cause = |error: &reqwest::Error| root_cause(error);
    let client = network.http(url.scheme() == "http");
    let client = client.map_err(|error| (cause(&error), "are certificate roots installed (ca-certificates)?"))?;
    let asked = timeout(network.attempt_timeout, client.get(url.clone()).send()).await;
    match asked {
        Err(_) => Err(("connected, and no answer".to_owned(), "a firewall or proxy in between may swallow it")),
        Ok(Err(error)) if is_about_the_certificate(&error) => {
            let remedy = "something in between may be decrypting TLS: name its certificate with AWS_CA_BUNDLE";
            Err((cause(&error), remedy))
        }
        Ok(Err(error)) => Err((cause(&error), "check HTTPS_PROXY and NO_PROXY")),
        Ok(Ok(answer)) => Ok(answer),
    }
}

/// How far this machine's clock is off.
pub(super) fn clock(dated: &Dated, report: &mut impl Findings) {
    let Dated { sent, round_trip, date, cached } = dated;
    let seen = Seen { sent: *sent, round_trip: *round_trip, date: date.as_deref(), cached: *cached };
    let Some(offset) = seen.offset() else {
        return report.warn("clock", "the service's time can't be told", "compare this machine's clock by hand");
    };
    let ahead = if offset.is_negative() { "ahead" } else { "behind" };
    let seconds = offset.abs().as_secs();
    if offset.abs() <= RIGHT {
        report.ok("clock", "right");
    } else if offset.abs() <= THRESHOLD {
        report.ok("clock", format!("{seconds} s {ahead}"));
    } else {
        let words = format!("{seconds} s {ahead} of the service's: signatures are good for 5 minutes");
        report.warn("clock", words, "calls are corrected for it; set it right: sudo timedatectl set-ntp true");
    }
}
