//! AWS's published test suite, the official signer as the other side, and every way to be refused.

use std::time::SystemTime;

use aws_credential_types::Credentials as Signer;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use http::{HeaderName, HeaderValue};

use super::*;
use crate::simulator::server::credentials::{
    ACCESS_KEY_ID, EXPIRED_ACCESS_KEY_ID, EXPIRED_SECRET_ACCESS_KEY, EXPIRED_SESSION_TOKEN, SECRET_ACCESS_KEY,
    TEMPORARY_ACCESS_KEY_ID, TEMPORARY_SECRET_ACCESS_KEY, TEMPORARY_SESSION_TOKEN,
};

/// The key of AWS's test suite.
const SUITE_SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
    let parse =
        |(name, value): &(&str, &str)| (name.parse::<HeaderName>().unwrap(), value.parse::<HeaderValue>().unwrap());
    let mut headers = HeaderMap::new();
    for (name, value) in pairs.iter().map(parse) {
        headers.append(name, value);
    }
    headers
}

/// Whether `signature` is right for a request of the test suite.
fn suite(method: &Method, target: &str, more: &[(&str, &str)], body: &str, signature: &str) -> bool {
    let mut all = vec![("host", "example.amazonaws.com"), ("x-amz-date", "20150830T123600Z")];
    all.extend(more);
    let mut names: Vec<_> = all.iter().map(|(name, _)| (*name).to_owned()).collect();
    names.sort();
    names.dedup();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let request = Signed { method, path, query, headers: &headers(&all), body: body.as_bytes() };
    let authorization = Authorization {
        access_key_id: "AKIDEXAMPLE".into(),
        day: "20150830".into(),
        region: "us-east-1".into(),
        service: "service".into(),
        headers: names,
        signature: signature.into(),
    };
    let canonical = canonical_request(&request, &authorization.headers);
    matches(SUITE_SECRET, &authorization, &string_to_sign("20150830T123600Z", &authorization.scope(), &canonical))
}

#[test]
fn the_published_test_suite_agrees() {
    let unreserved = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let vanilla = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";
    let cases = [
        ("/", vanilla),
        ("/example1/example2/../..", vanilla),
        ("//example//", "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84"),
        ("/./example", "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5"),
        ("/ሴ", "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"),
        ("/example space/", "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"),
        (&format!("/{unreserved}"), "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"),
        ("/?Param1=value1", "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"),
        ("/?Param2=value2&Param1=value1", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"),
        (
            "/?Param-3=Value3&Param=Value2&%E1%88%B4=Value1",
            "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac",
        ),
        ("/?ሴ=bar", "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"),
        (&format!("/?{unreserved}={unreserved}"), "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"),
    ];
    for (target, signature) in cases {
        assert!(suite(&Method::GET, target, &[], "", signature), "{target}");
    }
}

#[test]
fn the_published_test_suite_agrees_on_headers_and_bodies() {
    let repeated = [("my-header1", "value2"), ("my-header1", "value2"), ("my-header1", "value1")];
    let signature = "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea";
    assert!(suite(&Method::GET, "/", &repeated, "", signature));
    let blanks = [("my-header1", " value1"), ("my-header2", " \"a   b   c\"")];
    let signature = "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736";
    assert!(suite(&Method::GET, "/", &blanks, "", signature));
    let token = [("x-amz-security-token", "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267")];
    let signature = "07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8";
    assert!(suite(&Method::GET, "/", &token, "", signature));
    let form = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("content-length", "13"),
        ("x-amz-content-sha256", "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e"),
    ];
    let signature = "d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b";
    assert!(suite(&Method::POST, "/", &form, "Param1=value1", signature));
}

#[test]
fn an_encoded_arn_is_encoded_once_more() {
    let path = "/tags/arn%3Aaws%3Aivschat%3Aus-west-2%3A123456789012%3Aroom%2Fg1H2I3j4k5L6";
    let query = "tagKeys=a%20b&tagKeys=team%2Fx&tagKeys=%C3%A9";
    let request = Signed { method: &Method::DELETE, path, query, headers: &HeaderMap::new(), body: b"" };
    let canonical = canonical_request(&request, &[]);
    let lines: Vec<_> = canonical.lines().collect();
    assert_eq!(lines[1], "/tags/arn%253Aaws%253Aivschat%253Aus-west-2%253A123456789012%253Aroom%252Fg1H2I3j4k5L6");
    assert_eq!(lines[2], "tagKeys=%C3%A9&tagKeys=a%20b&tagKeys=team%2Fx");
}

/// A request that the official signer signed.
#[derive(Debug, Clone)]
struct Parcel {
    method: Method,
    path: String,
    query: String,
    headers: HeaderMap,
    body: String,
}

/// Who signs, for what, and how far the clock is off.
struct Pen<'a> {
    key: &'a str,
    secret: &'a str,
    token: Option<&'a str>,
    region: &'a str,
    service: &'a str,
    minutes_late: i64,
}

const PEN: Pen = Pen {
    key: ACCESS_KEY_ID,
    secret: SECRET_ACCESS_KEY,
    token: None,
    region: "us-west-2",
    service: "ivschat",
    minutes_late: 0,
};

fn now() -> Timestamp {
    "2026-11-21T03:45:09Z".parse().unwrap()
}

fn keyring() -> Keyring {
    Keyring { region: "us-west-2".into(), credentials: Credentials::published() }
}

impl Parcel {
    fn list_rooms() -> Self {
        let headers = headers(&[("host", "127.0.0.1:4870"), ("content-type", "application/json")]);
        let body = r#"{"maxResults":7}"#.to_owned();
        Self { method: Method::POST, path: "/ListRooms".into(), query: String::new(), headers, body }
    }

    fn untag() -> Self {
        Self {
            method: Method::DELETE,
            path: "/tags/arn%3Aaws%3Aivschat%3Aus-west-2%3A123456789012%3Aroom%2Fg1H2I3j4k5L6".into(),
            query: "tagKeys=a%20b&tagKeys=team%2Fx&tagKeys=%C3%A9".into(),
            headers: headers(&[("host", "127.0.0.1:4870")]),
            body: String::new(),
        }
    }

    fn signed(mut self, pen: &Pen) -> Self {
        let identity = Signer::new(pen.key, pen.secret, pen.token.map(Into::into), None, "test").into();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(pen.region)
            .name(pen.service)
            .time(SystemTime::from(now() - SignedDuration::from_mins(pen.minutes_late)))
            .settings(SigningSettings::default())
            .build()
            .unwrap()
            .into();
        let uri = format!("http://127.0.0.1:4870{}?{}", self.path, self.query);
        let pairs = self.headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap()));
        let body = SignableBody::Bytes(self.body.as_bytes());
        let request = SignableRequest::new(self.method.as_str(), uri.trim_end_matches('?'), pairs, body).unwrap();
        let (instructions, _) = sign(request, &parameters).unwrap().into_parts();
        for (name, value) in instructions.headers() {
            self.headers.insert(name.parse::<HeaderName>().unwrap(), value.parse().unwrap());
        }
        self
    }

    fn verify(&self) -> Result<(), Unsigned> {
        let Self { method, path, query, headers, body } = self;
        keyring().verify(now(), &Signed { method, path, query, headers, body: body.as_bytes() })
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.insert(name, value.parse().unwrap());
        self
    }
}

#[test]
fn the_official_signer_is_believed() {
    assert_eq!(Parcel::list_rooms().signed(&PEN).verify(), Ok(()));
    assert_eq!(Parcel::untag().signed(&PEN).verify(), Ok(()));
    let temporary = Pen {
        key: TEMPORARY_ACCESS_KEY_ID,
        secret: TEMPORARY_SECRET_ACCESS_KEY,
        token: Some(TEMPORARY_SESSION_TOKEN),
        ..PEN
    };
    assert_eq!(Parcel::untag().signed(&temporary).verify(), Ok(()));
}

#[test]
fn whatever_is_changed_after_signing_is_noticed() {
    let signed = Parcel::untag().signed(&PEN);
    let wrong = Err(mismatch());
    assert_eq!(Parcel { method: Method::GET, ..signed.clone() }.verify(), wrong);
    assert_eq!(Parcel { path: signed.path.replace("g1H2", "g1H3"), ..signed.clone() }.verify(), wrong);
    assert_eq!(Parcel { path: signed.path.replace("%3A", ":"), ..signed.clone() }.verify(), wrong);
    assert_eq!(Parcel { query: "tagKeys=a%20b".into(), ..signed.clone() }.verify(), wrong);
    assert_eq!(Parcel { body: "{}".into(), ..signed.clone() }.verify(), wrong);
    assert_eq!(signed.clone().with("host", "127.0.0.1:4871").verify(), wrong);
    assert_eq!(signed.clone().with("x-amz-date", "20261121T034510Z").verify(), wrong);
    let authorization = signed.headers["authorization"].to_str().unwrap().to_owned();
    let (start, signature) = authorization.split_once("Signature=").unwrap();
    let last = if signature.ends_with('0') { "1" } else { "0" };
    for forged in [&format!("{}{last}", &signature[..63]), &signature[..62], "", "zz", "ab"] {
        let forged = signed.clone().with("authorization", &format!("{start}Signature={forged}"));
        assert!(forged.verify().is_err(), "{forged:?}");
    }
    assert_eq!(Parcel::list_rooms().signed(&PEN).with("content-type", "text/plain").verify(), wrong);
}

#[test]
fn order_and_encoding_of_the_query_do_not_matter() {
    let signed = Parcel::untag().signed(&PEN);
    let query = "tagKeys=%C3%A9&tagKeys=team/x&tagKeys=a%20b".to_owned();
    assert_eq!(Parcel { query, ..signed }.verify(), Ok(()));
}

#[test]
fn a_wrong_secret_does_not_pass() {
    assert_eq!(Parcel::list_rooms().signed(&Pen { secret: "wrong", ..PEN }).verify(), Err(mismatch()));
}

#[test]
fn keys_and_tokens_must_be_known_and_go_together() {
    let verify = |pen: Pen| Parcel::list_rooms().signed(&pen).verify();
    assert_eq!(verify(Pen { key: "AKIASOMEBODYELSE0000", ..PEN }), Err(Unsigned::UnknownKey));
    assert_eq!(verify(Pen { token: Some(TEMPORARY_SESSION_TOKEN), ..PEN }), Err(Unsigned::UnknownKey));
    let temporary = Pen { key: TEMPORARY_ACCESS_KEY_ID, secret: TEMPORARY_SECRET_ACCESS_KEY, ..PEN };
    assert_eq!(verify(temporary), Err(Unsigned::UnknownKey));
    let expired = Pen {
        key: EXPIRED_ACCESS_KEY_ID,
        secret: EXPIRED_SECRET_ACCESS_KEY,
        token: Some(EXPIRED_SESSION_TOKEN),
        ..PEN
    };
    assert_eq!(verify(expired), Err(Unsigned::Expired));
}

#[test]
fn the_scope_must_be_this_region_and_service() {
    let complaint = |pen: Pen| Parcel::list_rooms().signed(&pen).verify().unwrap_err().to_string();
    let region = complaint(Pen { region: "eu-west-1", ..PEN });
    assert_eq!(region, "Credential should be scoped to a valid region, not 'eu-west-1'. ");
    let service = complaint(Pen { service: "ivs", ..PEN });
    assert_eq!(service, "Credential should be scoped to correct service: 'ivschat'. ");
    assert_eq!(Parcel::untag().signed(&Pen { service: "ivs", ..PEN }).verify(), Ok(()), "tags are shared");
    let channel = || {
        let path = "/tags/arn%3Aaws%3Aivs%3Aus-west-2%3A123456789012%3Achannel%2Fg1H2I3j4k5L6".into();
        Parcel { path, ..Parcel::untag() }
    };
    assert_eq!(channel().signed(&Pen { service: "ivs", ..PEN }).verify(), Ok(()));
    let other = channel().signed(&PEN).verify().unwrap_err().to_string();
    assert_eq!(other, "Credential should be scoped to correct service: 'ivs'. ");
}

#[test]
fn a_clock_may_be_five_minutes_off() {
    let verify = |minutes_late| Parcel::list_rooms().signed(&Pen { minutes_late, ..PEN }).verify();
    assert_eq!((verify(5), verify(-5)), (Ok(()), Ok(())));
    assert_eq!(
        verify(6).unwrap_err().to_string(),
        "Signature expired: 20261121T033909Z is now earlier than 20261121T034009Z (20261121T034509Z - 5 min.)"
    );
    assert_eq!(
        verify(-6).unwrap_err().to_string(),
        "Signature not yet current: 20261121T035109Z is still later than 20261121T035009Z (20261121T034509Z + 5 min.)"
    );
}

#[test]
fn what_is_missing_is_named() {
    assert_eq!(Parcel::list_rooms().verify(), Err(Unsigned::Missing));
    let complaint = |value: &str| Parcel::list_rooms().signed(&PEN).with("authorization", value).verify();
    for (value, word) in [
        ("AWS4-HMAC-SHA256 Credential=x", "'SignedHeaders'"),
        ("AWS4-HMAC-SHA256 Credential=x", "'Signature'"),
        ("AWS4-HMAC-SHA256", "'Credential'"),
        ("AWS4-HMAC-SHA256 nonsense", "equal-sign"),
        ("AWS4-HMAC-SHA256 Credential=x/y, SignedHeaders=host, Signature=0", "5 slash-delimited"),
        ("Bearer secret", "'Bearer'"),
    ] {
        let error = complaint(value).unwrap_err();
        assert_eq!(error.error_type(), "IncompleteSignatureException");
        assert!(error.to_string().contains(word), "{error}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
    let mut undated = Parcel::list_rooms().signed(&PEN);
    undated.headers.remove("x-amz-date");
    assert!(matches!(undated.verify(), Err(Unsigned::Incomplete(text)) if text.contains("'X-Amz-Date'")));
}

#[test]
fn the_host_and_the_service_s_own_headers_must_be_signed() {
    let added = Parcel::list_rooms().signed(&PEN).with("x-amz-extra", "1");
    assert!(matches!(added.verify(), Err(Unsigned::Invalid(text)) if text.starts_with("'x-amz-extra'")));
    let signed = Parcel::list_rooms().signed(&PEN);
    let without = signed.headers["authorization"].to_str().unwrap().replace("host;", "");
    assert!(matches!(signed.with("authorization", &without).verify(),
        Err(Unsigned::Invalid(text)) if text.starts_with("'Host'")));
}

#[test]
fn debug_output_holds_no_secret() {
    let shown = format!("{:?}", keyring());
    for secret in [SECRET_ACCESS_KEY, TEMPORARY_SECRET_ACCESS_KEY, TEMPORARY_SESSION_TOKEN] {
        assert!(!shown.contains(secret));
    }
}
