//! The arithmetic of Signature Version 4: canonical request, string to sign, signing key, comparison.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit, Mac};
use http::HeaderMap;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};
use sha2::{Digest, Sha256};

use super::authorization::Authorization;
use super::{ALGORITHM, Signed};

/// Everything but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The request in the one form that both sides can agree on.
pub(super) fn canonical_request(request: &Signed, signed_headers: &[String]) -> String {
    let mut headers = String::new();
    for name in signed_headers {
        // Writing to a String can't fail.
        let _ = writeln!(headers, "{name}:{}", header(request.headers, name));
    }
    [
        request.method.as_str(),
        &path(request.path),
        &query(request.query),
        &headers,
        &signed_headers.join(";"),
        &hex(&Sha256::digest(request.body)),
    ]
    .join("\n")
}

/// The text that is signed in the end.
pub(super) fn string_to_sign(date: &str, scope: &str, canonical_request: &str) -> String {
    format!("{ALGORITHM}\n{date}\n{scope}\n{}", hex(&Sha256::digest(canonical_request)))
}

/// Whether the signature is `secret`'s under `text`, in a time that does not depend on where they differ.
pub(super) fn matches(secret: &str, authorization: &Authorization, text: &str) -> bool {
    let key = signing_key(secret, [&authorization.day, &authorization.region, &authorization.service]);
    let given = unhex(&authorization.signature);
    given.is_some_and(|given| mac(&key, text).verify_slice(&given).is_ok())
}

fn signing_key(secret: &str, scope: [&str; 3]) -> Vec<u8> {
    let steps = scope.into_iter().chain(["aws4_request"]);
    steps.fold(format!("AWS4{secret}").into_bytes(), |key, step| mac(&key, step).finalize().into_bytes().to_vec())
}

fn mac(key: &[u8], text: &str) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(text.as_bytes());
    mac
}

/// The path without its dots and doubled slashes, encoded once more than on the wire.
fn path(path: &str) -> String {
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            _ => segments.push(segment),
        }
    }
    let mut canonical = String::new();
    for segment in &segments {
        canonical.push('/');
        canonical.extend(percent_encode(segment.as_bytes(), RESERVED));
    }
    if segments.is_empty() || path.ends_with('/') {
        canonical.push('/');
    }
    canonical
}

/// The query's members, encoded in the one right way and sorted.
fn query(query: &str) -> String {
    let encode = |text: &str| {
        let bytes: Vec<u8> = percent_decode_str(text).collect();
        percent_encode(&bytes, RESERVED).to_string()
    };
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let mut pairs: Vec<_> = pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (encode(name), encode(value)))
        .collect();
    pairs.sort();
    let pairs: Vec<_> = pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("&")
}

/// All values of a header, each without surplus blanks.
fn header(headers: &HeaderMap, name: &str) -> String {
    let values = headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
    let values: Vec<_> = values.map(|value| value.split_ascii_whitespace().collect::<Vec<_>>().join(" ")).collect();
    values.join(",")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// `None` if it is not pairs of hexadecimal digits.
fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = text.chars().map(|digit| digit.to_digit(16)).collect();
    let (pairs, rest) = digits.as_ref()?.as_chunks::<2>();
    let bytes = pairs.iter().map(|[high, low]| u8::try_from(high << 4 | low).ok());
    if rest.is_empty() { bytes.collect() } else { None }
}
