//! Checks who signed a request, by AWS's Signature Version 4.
//!
//! Written from the published algorithm ("Create a signed AWS API request", IAM User Guide) and on purpose not with
//! the crate that the console signs with: one mistake would then pass on both sides.

mod authorization;
mod canonical;

use http::{HeaderMap, Method};
use jiff::{SignedDuration, Timestamp, civil::DateTime, tz::TimeZone};
use percent_encoding::percent_decode_str;
use secrecy::ExposeSecret;

use super::credentials::Credentials;
use authorization::Authorization;
use canonical::{canonical_request, matches, string_to_sign};

/// The only algorithm that is taken.
const ALGORITHM: &str = "AWS4-HMAC-SHA256";
/// How far a client's clock may be off.
const SKEW: SignedDuration = SignedDuration::from_mins(5);
const TIME_FORMAT: &str = "%Y%m%dT%H%M%SZ";

/// A request as it came over the wire, as far as a signature covers it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Signed<'a> {
    pub(super) method: &'a Method,
    /// Percent-encoded.
    pub(super) path: &'a str,
    /// Percent-encoded, without the question mark; empty if there is none.
    pub(super) query: &'a str,
    pub(super) headers: &'a HeaderMap,
    pub(super) body: &'a [u8],
}

impl Signed<'_> {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The signing names that this request may use: tags are shared with the low-latency service, which alone has
    /// those of its own resources.
    fn services(&self) -> &'static [&'static str] {
        let Some(label) = self.path.strip_prefix("/tags/") else { return &["ivschat"] };
        let arn = percent_decode_str(label).decode_utf8_lossy();
        if arn.split(':').nth(2) == Some("ivs") { &["ivs"] } else { &["ivschat", "ivs"] }
    }
}

/// Whose signatures are good, and for where.
#[derive(Debug, Clone)]
pub(super) struct Keyring {
    pub(super) region: String,
    pub(super) credentials: Vec<Credentials>,
}

/// Why a signature is not accepted, in AWS's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unsigned {
    #[error("Missing Authentication Token")]
    Missing,
    #[error("{0}")]
    Incomplete(String),
    #[error("The security token included in the request is invalid.")]
    UnknownKey,
    #[error("The security token included in the request is expired")]
    Expired,
    #[error("{0}")]
    Invalid(String),
}

impl Unsigned {
    /// What `x-amzn-ErrorType` says; the status is 403 for all of them.
    pub(super) fn error_type(&self) -> &'static str {
        match self {
            Self::Missing => "MissingAuthenticationTokenException",
            Self::Incomplete(_) => "IncompleteSignatureException",
            Self::UnknownKey => "UnrecognizedClientException",
            Self::Expired => "ExpiredTokenException",
            Self::Invalid(_) => "InvalidSignatureException",
        }
    }
}

impl Keyring {
    /// Checks the request's signature.
    ///
    /// # Errors
    /// The first of these that holds: there is none, it is incomplete, its key or session token is unknown, the
    /// session is over, it is for another service or region, it is too old or too new, it is wrong.
    pub(super) fn verify(&self, now: Timestamp, request: &Signed) -> Result<(), Unsigned> {
        let authorization = Authorization::read(request.header("authorization").ok_or(Unsigned::Missing)?)?;
        let date = request.header("x-amz-date").ok_or_else(|| {
            Unsigned::Incomplete(
                "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.".to_owned(),
            )
        })?;
        let credentials = self.owner(now, &authorization, request)?;
        self.check_scope(&authorization, date, request)?;
        check_clock(now, date)?;
        check_coverage(&authorization, request)?;
        let text = string_to_sign(date, &authorization.scope(), &canonical_request(request, &authorization.headers));
        let secret = credentials.secret_access_key.expose_secret();
        if matches(secret, &authorization, &text) { Ok(()) } else { Err(mismatch()) }
    }

    fn owner(&self, now: Timestamp, authorization: &Authorization, request: &Signed) -> Result<&Credentials, Unsigned> {
        let token = request.header("x-amz-security-token");
        let found = self.credentials.iter().find(|pair| pair.access_key_id == authorization.access_key_id);
        let credentials = found.filter(|pair| pair.goes_with(token)).ok_or(Unsigned::UnknownKey)?;
        if credentials.are_expired(now) { Err(Unsigned::Expired) } else { Ok(credentials) }
    }

    fn check_scope(&self, authorization: &Authorization, date: &str, request: &Signed) -> Result<(), Unsigned> {
        let day = date.get(..8).unwrap_or_default();
        let complaint = if authorization.region != self.region {
            format!("Credential should be scoped to a valid region, not '{}'. ", authorization.region)
        } else if !request.services().contains(&authorization.service.as_str()) {
            format!("Credential should be scoped to correct service: '{}'. ", request.services()[0])
        } else if authorization.day != day {
            format!(
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{}' != \
                 '{day}', from '{date}'.",
                authorization.day
            )
        } else {
            return Ok(());
        };
        Err(Unsigned::Invalid(complaint))
    }
}

fn mismatch() -> Unsigned {
    Unsigned::Invalid(
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access \
         Key and signing method. Consult the service documentation for details."
            .to_owned(),
    )
}

fn check_clock(now: Timestamp, date: &str) -> Result<(), Unsigned> {
    let signed = DateTime::strptime(TIME_FORMAT, date)
        .and_then(|time| time.to_zoned(TimeZone::UTC))
        .map_err(|_| Unsigned::Incomplete(format!("Date must be in ISO-8601 'basic format'. Got '{date}'.")))?
        .timestamp();
    let (oldest, newest) = (now - SKEW, now + SKEW);
    let [now, oldest_text, newest_text] = [now, oldest, newest].map(|time| time.strftime(TIME_FORMAT).to_string());
    if signed < oldest {
        let text = format!("Signature expired: {date} is now earlier than {oldest_text} ({now} - 5 min.)");
        return Err(Unsigned::Invalid(text));
    }
    if signed > newest {
        let text = format!("Signature not yet current: {date} is still later than {newest_text} ({now} + 5 min.)");
        return Err(Unsigned::Invalid(text));
    }
    Ok(())
}

/// What must be signed: the host, and whatever is AWS's own.
fn check_coverage(authorization: &Authorization, request: &Signed) -> Result<(), Unsigned> {
    let is_signed = |name: &str| authorization.headers.iter().any(|signed| signed == name);
    if !is_signed("host") {
        let text = "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.";
        return Err(Unsigned::Invalid(text.to_owned()));
    }
    let mut own = request.headers.keys().map(http::HeaderName::as_str).filter(|name| name.starts_with("x-amz-"));
    match own.find(|name| !is_signed(name)) {
        Some(name) => Err(Unsigned::Invalid(format!("'{name}' must be a 'SignedHeader' in the AWS Authorization."))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
