//! How far the service's clock is from ours, since a signature is good for 5 minutes of the service's time. Pure.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp, fmt::rfc2822};

use super::error::{Code, Refusal};

/// A clock that is off by less than this is not what is wrong with a signature.
pub const THRESHOLD: SignedDuration = SignedDuration::from_mins(4);

/// The longest round trip whose middle still says when the service wrote its answer.
const ROUND_TRIP: Duration = Duration::from_secs(15);

/// When an answer was asked for and came, by our clock, and what it says of the time.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// When the request went out.
    pub sent: Timestamp,
    /// How long its answer took.
    pub round_trip: Duration,
    /// The `Date` header.
    pub date: Option<&'a str>,
    /// Whether there is an `Age` header: the answer, and its date, came from a cache.
    pub cached: bool,
}

impl Seen<'_> {
    /// How far the service's clock is ahead of ours (behind it, if negative): its date against the middle of the round
    /// trip. None if that can't be told.
    pub fn offset(&self) -> Option<SignedDuration> {
        if self.cached || self.round_trip > ROUND_TRIP {
            return None;
        }
        let date = rfc2822::parse(self.date?).ok()?.timestamp();
        Some(date.duration_since(self.sent + self.round_trip / 2))
    }

    /// The offset to sign with from now on, if `used`, the one that the refused request was signed with, is far off.
    ///
    /// It is compared with what that request used, not with what is known by now: of two calls that fail side by side,
    /// the second is sent again too, although the first has corrected the clock already.
    pub fn correction(&self, used: SignedDuration) -> Option<SignedDuration> {
        self.offset().filter(|offset| (*offset - used).abs() > THRESHOLD)
    }
}

/// The service's time at our `now`. An offset that leads out of the calendar, from an absurd date, is not heeded: signed
/// with our own time the call fails in good order.
pub fn service_time(now: Timestamp, offset: SignedDuration) -> Timestamp {
    now.checked_add(offset).unwrap_or(now)
}

/// Whether a refusal may come from a clock that is off.
pub fn is_blamed(refusal: &Refusal) -> bool {
    match &refusal.code {
        Code::InvalidSignature => true,
        Code::Other(name) => matches!(
            name.strip_suffix("Exception").unwrap_or(name),
            "RequestTimeTooSkewed" | "RequestExpired" | "RequestInTheFuture" | "AuthFailure"
        ),
        Code::AccessDenied
        | Code::PendingVerification
        | Code::ResourceNotFound
        | Code::Conflict
        | Code::ServiceQuotaExceeded
        | Code::Throttling
        | Code::InternalServer
        | Code::Validation
        | Code::ExpiredToken
        | Code::UnrecognizedClient
        | Code::MissingAuthenticationToken => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sent at 08:00:00, answered 2 s later, so that the middle is 08:00:01.
    fn seen(date: &str) -> Seen<'_> {
        let sent = "2026-11-21T08:00:00Z".parse().unwrap();
        Seen { sent, round_trip: Duration::from_secs(2), date: Some(date), cached: false }
    }

    const HOUR_AHEAD: &str = "Sat, 21 Nov 2026 09:00:01 GMT";

    #[test]
    fn the_date_is_compared_with_the_middle_of_the_round_trip() {
        assert_eq!(seen(HOUR_AHEAD).offset(), Some(SignedDuration::from_hours(1)));
        assert_eq!(seen("Sat, 21 Nov 2026 07:00:01 GMT").offset(), Some(SignedDuration::from_hours(-1)));
    }

    #[test]
    fn dates_that_say_nothing_are_ignored() {
        assert_eq!(Seen { cached: true, ..seen(HOUR_AHEAD) }.offset(), None);
        assert_eq!(Seen { date: None, ..seen(HOUR_AHEAD) }.offset(), None);
        assert_eq!(Seen { date: Some("yesterday"), ..seen(HOUR_AHEAD) }.offset(), None);
        for (seconds, said) in [(15, true), (16, false)] {
            let slow = Seen { round_trip: Duration::from_secs(seconds), ..seen(HOUR_AHEAD) };
            assert_eq!(slow.offset().is_some(), said, "{seconds} s");
        }
    }

    #[test]
    fn only_more_than_four_minutes_off_what_was_used_is_corrected() {
        for (date, used, corrected) in [
            ("Sat, 21 Nov 2026 08:04:01 GMT", 0, false),
            ("Sat, 21 Nov 2026 08:04:02 GMT", 0, true),
            ("Sat, 21 Nov 2026 07:56:01 GMT", 0, false),
            ("Sat, 21 Nov 2026 07:56:00 GMT", 0, true),
            (HOUR_AHEAD, 3600, false),
            // Our clock was set right meanwhile.
            ("Sat, 21 Nov 2026 08:00:01 GMT", 3600, true),
        ] {
            let used = SignedDuration::from_secs(used);
            assert_eq!(seen(date).correction(used).is_some(), corrected, "{date} {used}");
        }
    }

    #[test]
    fn the_services_time_stays_in_the_calendar() {
        let now = "2026-11-21T08:00:00Z".parse().unwrap();
        assert_eq!(service_time(now, SignedDuration::from_hours(-1)).to_string(), "2026-11-21T07:00:00Z");
        assert_eq!(service_time(now, SignedDuration::MAX), now);
        let offset = seen("Thu, 30 Dec 9999 22:00:00 GMT").offset().unwrap();
        let later = now + SignedDuration::from_mins(1);
        assert_eq!(service_time(later, offset), later);
    }

    #[test]
    fn only_errors_about_the_signature_blame_the_clock() {
        let refusal = |name: &str| Refusal::read(403, Some(name), b"");
        for name in ["InvalidSignatureException", "SignatureDoesNotMatch", "RequestExpired", "RequestTimeTooSkewed"] {
            assert!(is_blamed(&refusal(name)), "{name}");
        }
        for name in ["AccessDeniedException", "ExpiredTokenException", "UnrecognizedClientException", "X"] {
            assert!(!is_blamed(&refusal(name)), "{name}");
        }
    }
}
