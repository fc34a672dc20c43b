//! What came back for a call, and how it is read into the operation's own answer. Pure, so that a call can be sent
//! in one place and its answer be understood in another.

use std::fmt;

use serde_json::error::Category;

use super::error::{Error, ErrorKind};
use super::operation::Operation;

/// The service's yes, not yet read.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status: 200 to 299, or 404 when a deletion was repeated and the thing was gone.
    pub status: u16,
    /// The service's id of the request.
    pub request_id: Option<String>,
    /// How many requests it took.
    pub attempts: u32,
    /// The body as it came; it may hold a chat token.
    pub body: Vec<u8>,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("request_id", &self.request_id)
            .field("attempts", &self.attempts)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish()
    }
}

/// Reads an answer as that of the operation `O`; a call that failed stays as it is.
///
/// # Errors
/// The call's own, and [`ErrorKind::Broken`] if the body is empty, cut short, not JSON or of another shape: a yes
/// that can't be read is not taken for an empty list.
pub fn decode<O: Operation>(answer: Result<Answer, Error>) -> Result<O::Output, Error> {
    let Answer { status: _, request_id, attempts, body } = answer?;
    let empty = body.iter().all(u8::is_ascii_whitespace);
    // Operations that only say yes do so with no body at all; theirs is the one answer that `null` is good for.
    let text = if empty { b"null".as_slice() } else { &body };
    serde_json::from_slice(text).map_err(|error| {
        let what = if empty { "it is empty".to_owned() } else { describe(&error, &body) };
        Error { operation: O::SPEC.name, request_id, attempts, kind: ErrorKind::Broken(what) }
    })
}

fn describe(error: &serde_json::Error, body: &[u8]) -> String {
    let html = body.trim_ascii_start().starts_with(b"<");
    match error.classify() {
        _ if html => "it is a web page, perhaps of a proxy or a sign-in portal".to_owned(),
        Category::Eof => format!("it is cut short after {} bytes", body.len()),
        Category::Syntax | Category::Io => format!("it is not JSON (line {}, column {})", error.line(), error.column()),
        Category::Data => format!("it has another shape: {}", without_quotes(&error.to_string())),
    }
}

/// Takes quoted texts out of a message: they are values of the body, which may be secret.
fn without_quotes(message: &str) -> String {
    let mut rest = message.chars();
    let mut kept = String::new();
    while let Some(c) = rest.next() {
        kept.push(c);
        if c != '"' {
            continue;
        }
        kept.push('…');
        while let Some(inside) = rest.next() {
            match inside {
                '\\' => drop(rest.next()),
                '"' => break,
                _ => {}
            }
        }
        kept.push('"');
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::ops::{CreateChatToken, DeleteRoom, Done, GetRoom, ListRooms, TagResource};

    fn answer(body: &str) -> Answer {
        Answer { status: 200, request_id: Some("r-1".into()), attempts: 2, body: body.into() }
    }

    fn read<O: Operation>(body: &str) -> Result<O::Output, Error> {
        decode::<O>(Ok(answer(body)))
    }

    #[test]
    fn a_body_that_can_not_be_read_says_what_is_wrong_and_whose_it_is() {
        for (body, what) in [
            ("", "it is empty"),
            (" \n", "it is empty"),
            (r#"{"rooms":[{"arn":"arn:aws:iv"#, "it is cut short after 28 bytes"),
            ("%%%", "it is not JSON (line 1, column 1)"),
            ("<!DOCTYPE html><html>", "it is a web page, perhaps of a proxy or a sign-in portal"),
            (r#"{"wrong":1}"#, "it has another shape: missing field `rooms` at line 1 column 11"),
            ("null", "it has another shape: invalid type: null, expected struct RoomPage at line 1 column 4"),
        ] {
            let error = read::<ListRooms>(body).unwrap_err();
            assert_eq!(error.kind, ErrorKind::Broken(what.to_owned()), "{body}");
            assert_eq!((error.operation, error.attempts), ("ListRooms", 2));
            assert_eq!(error.request_id.as_deref(), Some("r-1"));
        }
    }

    #[test]
    fn an_operation_that_only_says_yes_may_say_it_without_a_body() {
        for body in ["", "{}", "null"] {
            assert_eq!(read::<TagResource>(body), Ok(Done));
            assert_eq!(read::<DeleteRoom>(body), Ok(Done));
        }
        assert!(read::<DeleteRoom>("<html>").is_err());
    }

    #[test]
    fn unknown_members_values_nulls_and_nanoseconds_are_fine() {
        let room = read::<GetRoom>(
            r#"{"arn":"arn:aws:ivschat:us-west-2:123456789012:room/g1H2I3j4k5L6","id":null,"name":null,"tags":null,
                "messageReviewHandler":{"uri":null,"fallbackResult":"MAYBE","new":[1]},"color":"red",
                "createTime":"2022-12-02T08:21:20.754555595Z","maximumMessageLength":null}"#,
        )
        .unwrap();
        assert_eq!(room.summary.arn.id(), "g1H2I3j4k5L6");
        assert_eq!(room.summary.create_time.unwrap().subsec_nanosecond(), 754_555_595);
    }

    #[test]
    fn neither_the_answer_nor_its_error_shows_a_token() {
        let secret = r#""hidden\"token""#;
        assert!(!format!("{:?}", answer(secret)).contains("hidden"));
        let error = read::<CreateChatToken>(secret).unwrap_err();
        assert!(!format!("{error:?}").contains("hidden"), "{error:?}");
        let error = read::<CreateChatToken>(r#"{"token":"t","tokenExpirationTime":"hidden"}"#).unwrap_err();
        assert!(!format!("{error:?}").contains("hidden"), "{error:?}");
    }

    #[test]
    fn a_failed_call_stays_failed() {
        let error = Error { operation: "GetRoom", request_id: None, attempts: 3, kind: ErrorKind::Broken("x".into()) };
        assert_eq!(decode::<GetRoom>(Err(error.clone())), Err(error));
    }
}
