//! An outage: why a room has no connection, in words, each cause told apart, and the one line that tells of it.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::api::error::Code;
use crate::api::{Error, ErrorKind};
use crate::app::outbox::Outbox;
use crate::app::trouble::Trouble;
use crate::messaging::Ended;

use super::link::Connection;
use super::live::Room;
use super::row::{Body, Notice, span};

/// The most characters of what a server says of itself.
const SAID: usize = 100;

/// Why a connection ended that was in this state.
pub fn ended(why: &Ended, connection: &Connection, now: Timestamp) -> String {
    match why {
        Ended::ByServer { code, reason } => closed(*code, reason, connection, now),
        Ended::Refused { status, body } => refused(*status, body),
        Ended::ByUs | Ended::Unreachable(_) | Ended::Broken(_) | Ended::Silent { .. } | Ended::Protocol(_) => {
            why.to_string().chars().take(2 * SAID).collect()
        }
    }
}

fn closed(code: u16, reason: &str, connection: &Connection, now: Timestamp) -> String {
    if let Some(reason) = &connection.thrown_out {
        return with("disconnected by a moderator", reason.as_str());
    }
    if connection.runs_out(now) {
        return "the session ran out".to_owned();
    }
    if connection.invalid {
        return with(&format!("the session is not valid any more ({code})"), reason);
    }
    let what = match code {
        1001 => "the server goes away",
        1008 => "the server refuses this connection",
        1009 => "the server can't take so much",
        1011 => "the server failed",
        1012 => "the server restarts",
        1013 => "the server is overloaded",
        _ => "closed by the server",
    };
    let when = if matches!(code, 1000 | 1005) { " in mid-session" } else { "" };
    with(&format!("{what} ({code}){when}"), reason)
}

/// A handshake that was answered with this status.
fn refused(status: u16, body: &str) -> String {
    let what = match status {
        401 => "the server misses the token",
        403 => "the token was refused",
        404 => "the room is gone",
        429 => "too many connections",
        500..=599 => "the server failed",
        _ => "the handshake was refused",
    };
    let parsed: Option<Value> = serde_json::from_str(body).ok();
    let message = parsed.as_ref().and_then(|body| body.get("message").or(body.get("Message"))?.as_str());
    // A page in HTML says nothing to a person.
    let body = message.unwrap_or(if body.starts_with('<') { "" } else { body });
    with(&format!("{what} ({status})"), body)
}

/// Why there is no token.
pub fn without_token(error: &Error) -> String {
    match error.refusal().map(|refusal| &refusal.code) {
        Some(Code::ResourceNotFound) => "the room is gone: no token for it".to_owned(),
        _ => format!("no token: {}", Trouble::new(error).brief()),
    }
}

/// Whether asking for the token again would be answered the same, until a person has changed something.
pub fn is_for_good(error: &Error) -> bool {
    match &error.kind {
        ErrorKind::Refused(refusal) => {
            matches!(refusal.code, Code::AccessDenied | Code::ResourceNotFound | Code::Validation)
        }
        ErrorKind::Invalid(_) | ErrorKind::ReadOnly => true,
        ErrorKind::Broken(_)
        | ErrorKind::Redirected { .. }
        | ErrorKind::TooLarge { .. }
        | ErrorKind::Unreachable(_)
        | ErrorKind::Interrupted(_)
        | ErrorKind::TimedOut(_)
        | ErrorKind::Untrusted(_)
        | ErrorKind::Unsendable(_)
        | ErrorKind::Unsigned(_)
        | ErrorKind::Unwritten(_) => false,
    }
}

/// The line of an outage that is over: how long, until when, and why.
pub fn over(from: Timestamp, until: Timestamp, why: &str) -> String {
    let lasted = span(until.duration_since(from).as_secs_f64());
    format!("gap of {lasted} until {}Z: {why}", super::view::clock(until))
}

fn with(what: &str, said: &str) -> String {
    let said = said.trim();
    if said.is_empty() {
        return what.to_owned();
    }
    let short: String = said.chars().take(SAID).collect();
    format!("{what}: {short}")
}

/// When a connection that ended like this was last known to be well.
pub(super) fn last_sign(now: Timestamp, why: &Ended) -> Timestamp {
    match why {
        Ended::Silent { seconds } => now - SignedDuration::from_secs(i64::try_from(*seconds).unwrap_or_default()),
        Ended::ByUs
        | Ended::ByServer { .. }
        | Ended::Refused { .. }
        | Ended::Unreachable(_)
        | Ended::Broken(_)
        | Ended::Protocol(_) => now,
    }
}

impl Room {
    /// Tells of an outage, in one line however often it changes: of its reasons the latest counts, what keeps us out now.
    pub(super) fn outage(&mut self, since: Timestamp, notice: Notice) {
        let row = self.connection.outage.and_then(|seq| self.feed.row_mut(seq));
        let Some(row) = row else {
            self.connection.outage = self.put(since, notice);
            return;
        };
        let began = row.time;
        row.body = Body::Notice(match notice {
            Notice::Gap { until, why, .. } => Notice::Gap { from: began, until, why },
            other => other,
        });
    }

    /// Another attempt is made after all: the line does not say any more that it is over.
    pub(super) fn outage_goes_on(&mut self) {
        let row = self.connection.outage.and_then(|seq| self.feed.row_mut(seq));
        if let Some(row) = row
            && let Body::Notice(Notice::Stopped(why)) = &row.body
        {
            row.body = Body::Notice(Notice::Gap { from: row.time, until: None, why: why.clone() });
        }
    }

    /// The line that tells of the outage gets its end; false if there was no outage.
    pub(super) fn outage_ends(&mut self, now: Timestamp, outbox: &mut Outbox) -> bool {
        let Some(seq) = self.connection.outage.take() else { return false };
        let Some(row) = self.feed.row_mut(seq) else { return false };
        let why = match &row.body {
            Body::Notice(Notice::Gap { why, .. } | Notice::Stopped(why)) => why.clone(),
            Body::Notice(_) | Body::Message(_) => return false,
        };
        let from = row.time;
        row.body = Body::Notice(Notice::Gap { from, until: Some(now), why: why.clone() });
        self.record_gap(from, Some(now), why.as_str(), outbox);
        true
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::api::error::Refusal;
    use crate::app::room::link::{Link, Renewal, Session};
    use crate::app::text::clean;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    /// Live since 0, in a session that ends at 3600.
    fn live() -> Connection {
        let session = Session { until: at(3600), renew: at(3500) };
        let mut connection = Connection::new();
        connection.link = Link::Live { since: at(0), session, renewal: Renewal::NotDue };
        connection
    }

    fn by_server(code: u16, reason: &str) -> Ended {
        Ended::ByServer { code, reason: reason.to_owned() }
    }

    #[test]
    fn each_end_has_words_of_its_own() {
        let refused = |status, body: &str| Ended::Refused { status, body: body.to_owned() };
        for (why, words) in [
            (by_server(1000, ""), "closed by the server (1000) in mid-session"),
            (by_server(1005, ""), "closed by the server (1005) in mid-session"),
            (by_server(1001, "the simulator stops"), "the server goes away (1001): the simulator stops"),
            (by_server(1011, ""), "the server failed (1011)"),
            (by_server(1012, ""), "the server restarts (1012)"),
            (by_server(1013, ""), "the server is overloaded (1013)"),
            (by_server(4711, "x"), "closed by the server (4711): x"),
            (refused(401, ""), "the server misses the token (401)"),
            (refused(403, r#"{"message":"used"}"#), "the token was refused (403): used"),
            (refused(404, ""), "the room is gone (404)"),
            (refused(429, ""), "too many connections (429)"),
            (refused(503, "<html>oops"), "the server failed (503)"),
            (refused(418, "short and stout"), "the handshake was refused (418): short and stout"),
            (Ended::Unreachable("connection refused".into()), "no connection: connection refused"),
            (Ended::Broken("reset".into()), "connection lost: reset"),
            (Ended::Silent { seconds: 30 }, "no sign of life for 30 s"),
            (Ended::Protocol("bad opcode".into()), "protocol error: bad opcode"),
        ] {
            assert_eq!(ended(&why, &live(), at(100)), words);
        }
    }

    #[test]
    fn a_clean_close_is_told_by_what_came_before_it() {
        let close = by_server(1000, "");
        assert_eq!(ended(&close, &live(), at(3595)), "the session ran out");
        let mut thrown_out = live();
        thrown_out.thrown_out = Some(clean("rude"));
        assert_eq!(ended(&close, &thrown_out, at(3595)), "disconnected by a moderator: rude");
        let mut invalid = live();
        invalid.invalid = true;
        assert_eq!(ended(&close, &invalid, at(100)), "the session is not valid any more (1000)");
    }

    #[test]
    fn what_a_server_says_is_cut_short() {
        let long = ended(&by_server(1000, &"x".repeat(5_000)), &live(), at(0));
        assert!(long.len() < 200, "{}", long.len());
    }

    #[test]
    fn a_token_that_can_not_be_had_says_whether_asking_again_helps() {
        let error = |kind| Error { operation: "CreateChatToken", request_id: None, attempts: 1, kind };
        let refused = |status, name| error(ErrorKind::Refused(Refusal::read(status, Some(name), b"{}")));
        for (error, words, for_good) in [
            (refused(403, "AccessDeniedException"), "no token: Access denied", true),
            (refused(404, "ResourceNotFoundException"), "the room is gone", true),
            (refused(400, "ValidationException"), "no token: The service did not accept the input", true),
            (refused(403, "PendingVerification"), "no token: The account is still being verified", false),
            (refused(403, "ExpiredTokenException"), "no token: The credentials have expired", false),
            (refused(429, "ThrottlingException"), "no token: Too many calls", false),
            (refused(500, "InternalServerException"), "no token: The service failed", false),
            (error(ErrorKind::Unreachable("refused".into())), "no token: No connection: refused", false),
            (error(ErrorKind::TimedOut(Duration::from_secs(15))), "no token: No answer within 15 s", false),
        ] {
            let told = without_token(&error);
            assert!(told.starts_with(words), "{told}");
            assert_eq!(is_for_good(&error), for_good, "{told}");
        }
    }

    #[test]
    fn an_outage_that_is_over_says_how_long_it_was_and_until_when() {
        assert_eq!(
            over(at(0), at(12), "connection lost: reset"),
            "gap of 12 s until 00:00:12Z: connection lost: reset"
        );
    }
}
