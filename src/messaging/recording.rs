//! A room's feed as a file, one JSON object a line: recordings of this console, and the service's own chat log records.
//!
//! A recording begins with a line that says what it is, and has a line for each frame:
//!
//! ```json
//! {"ivschat":"recording","version":1,"room":"arn:..","name":"lobby","started":"2026-11-21T12:00:00Z"}
//! {"received":"2026-11-21T12:00:03.25Z","room":"arn:..","frame":{"Type":"MESSAGE","Id":"..", ..}}
//! {"ivschat":"gap","room":"arn:..","from":"2026-11-21T12:03:00Z","until":"2026-11-21T12:03:09Z","why":"connection lost"}
//! ```
//!
//! A frame is written as the service writes it; members that this console does not know are not kept. One of no known kind
//! stands as it came, as `frame` if it is JSON, else as the text `raw`. Where nobody listened stands a gap; one without an end
//! says that nobody meant to listen any more. Source of the log records' form: User Guide, chat
//! logging.

use std::fmt::Write as _;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::frame::Frame;

/// The newest form of recordings that is known.
const VERSION: u64 = 1;

/// What came, and when.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// When it came; of a log record, when the service took it; of a gap, when it ended.
    pub at: Timestamp,
    /// What it is.
    pub what: What,
}

/// What may stand in a recording.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// A frame.
    Frame(Frame),
    /// Nobody listened.
    Gap(Gap),
}

/// A time in which nobody listened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// Since when.
    pub from: Timestamp,
    /// Until when, if anybody did again.
    pub until: Option<Timestamp>,
    /// Why.
    pub why: String,
}

/// What a file holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tape {
    /// The ARN of the room that was recorded first, if the file says so.
    pub room: Option<String>,
    /// That room's name.
    pub name: Option<String>,
    /// What came, in the order of its times.
    pub frames: Vec<Recorded>,
    /// How many lines can't be read.
    pub broken: usize,
    /// The number of the first of them, from 1, and what is wrong with it.
    pub first_broken: Option<(usize, String)>,
}

/// What stands in a line.
#[derive(Debug, PartialEq)]
pub enum Line {
    /// A recording begins.
    Header {
        /// The room's ARN.
        room: Option<String>,
        /// Its name.
        name: Option<String>,
    },
    /// Something came, or nothing could.
    Recorded(Recorded),
}

/// All members of the lines that are known.
#[derive(Deserialize)]
struct Wire {
    #[serde(rename = "Type")]
    kind: Option<Value>,
    ivschat: Option<String>,
    version: Option<Value>,
    room: Option<String>,
    name: Option<String>,
    received: Option<Timestamp>,
    from: Option<Timestamp>,
    until: Option<Timestamp>,
    why: Option<String>,
    frame: Option<Value>,
    raw: Option<String>,
    event_timestamp: Option<Timestamp>,
    payload: Option<Value>,
}

/// The line with which a recording begins, without a line's end.
pub fn header(room: &str, name: &str, started: Timestamp) -> String {
    json!({ "ivschat": "recording", "version": VERSION, "room": room, "name": name, "started": started }).to_string()
}

/// Whether a file that begins with this line is a recording.
pub fn is_header(line: &str) -> bool {
    matches!(parse(line), Ok(Line::Header { .. }))
}

/// The line of a frame, without a line's end.
pub fn line(room: &str, received: Timestamp, frame: &Frame) -> String {
    let text = frame.to_text();
    let is_json = serde_json::from_str::<Value>(&text).is_ok_and(|value| value.is_object());
    let mut line = format!("{{\"received\":{},\"room\":{},", json!(received), json!(room));
    // JSON may go over several lines; within a text, line ends are escaped.
    let written = if is_json && !text.contains(['\n', '\r']) {
        write!(line, "\"frame\":{text}}}")
    } else {
        write!(line, "\"raw\":{}}}", json!(text))
    };
    debug_assert!(written.is_ok(), "writing to a String can't fail");
    line
}

/// The line of a gap, without a line's end.
pub fn gap(room: &str, Gap { from, until, why }: &Gap) -> String {
    json!({ "ivschat": "gap", "room": room, "from": from, "until": until, "why": why }).to_string()
}

/// Reads a file. A line that can't be read is counted and passed over; blank lines are none.
pub fn read(text: &str) -> Tape {
    let mut tape = Tape::default();
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        match parse(line) {
            Ok(Line::Header { room, name }) => {
                tape.room = tape.room.or(room);
                tape.name = tape.name.or(name);
            }
            Ok(Line::Recorded(recorded)) => tape.frames.push(recorded),
            Err(why) => {
                tape.broken += 1;
                tape.first_broken.get_or_insert((number, why));
            }
        }
    }
    // Logs are delivered in any order.
    tape.frames.sort_by_key(|recorded| recorded.at);
    tape
}

/// Reads a line of a recording or of a chat log.
///
/// # Errors
/// Why it is neither.
pub fn parse(line: &str) -> Result<Line, String> {
    let wire: Wire = serde_json::from_str(line).map_err(|error| error.to_string())?;
    if let Some(what) = wire.ivschat {
        return match (what.as_str(), wire.version.as_ref().and_then(Value::as_u64)) {
            ("recording", Some(VERSION)) => Ok(Line::Header { room: wire.room, name: wire.name }),
            ("recording", _) => Err("it was recorded by a newer ivschat".to_owned()),
            ("gap", _) => {
                let from = wire.from.ok_or("it has no time")?;
                let gap = Gap { from, until: wire.until, why: wire.why.unwrap_or_default() };
                Ok(Line::Recorded(Recorded { at: gap.until.unwrap_or(from), what: What::Gap(gap) }))
            }
            _ => Err("it is not a recording's".to_owned()),
        };
    }
    let (frame, came) = match (wire.payload, wire.frame, wire.raw) {
        (Some(payload), _, _) => {
            let frame = Frame::parse(&written(payload));
            let at = sent(&frame).or(wire.event_timestamp);
            (frame, at)
        }
        (None, Some(frame), _) => (Frame::parse(&written(frame)), wire.received),
        (None, None, Some(raw)) => (Frame::parse(&raw), wire.received),
        // As other tools keep it: the frame alone.
        (None, None, None) if wire.kind.is_some() => {
            let frame = Frame::parse(line);
            let at = sent(&frame);
            (frame, at)
        }
        (None, None, None) => return Err("it is neither a recorded frame nor a chat log record".to_owned()),
    };
    Ok(Line::Recorded(Recorded { at: came.ok_or("it has no time")?, what: What::Frame(frame) }))
}

/// The JSON of a frame, which may stand in a text.
fn written(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

/// When the service took it.
fn sent(frame: &Frame) -> Option<Timestamp> {
    match frame {
        Frame::Message(message) => message.send_time,
        Frame::Event(event) => event.send_time,
        Frame::Error(_) | Frame::Unknown(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: &str = "arn:aws:ivschat:us-west-2:123456789012:room/AbCdEf123456";
    /// A record in the form of those that the service delivers.
    const LOGGED: &str = r#"{"event_timestamp":"2023-01-05T14:33:32.894Z","type":"MESSAGE","version":"1.0","payload":{"Type":"MESSAGE","Id":"AbCdEf123456","RequestId":"","Attributes":null,"Content":"hi","SendTime":"2023-01-05T14:33:32.894412345Z","Sender":{"UserId":"u","Attributes":{}}}}"#;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn frames() -> Vec<Frame> {
        [
            r#"{"Type":"MESSAGE","Id":"AbCdEf123456","RequestId":"r","Attributes":{"a":"b"},"Content":"hi\n\u001b[2J\u2028\"","SendTime":"2026-11-21T12:00:00.123456789Z","Sender":{"UserId":"u","Attributes":{"displayName":"U"}}}"#,
            r#"{"Type":"EVENT","Id":"AbCdEf123457","RequestId":"","EventName":"aws:DELETE_MESSAGE","Attributes":{"MessageID":"AbCdEf123456","Reason":"spam"},"SendTime":"2026-11-21T12:00:01Z"}"#,
            r#"{"Type":"ERROR","Id":"x","RequestId":"r","ErrorCode":429,"ErrorMessage":"slow down"}"#,
            r#"{"Type":"STICKER","Shape":"star"}"#,
            "{\"Type\":\n\"SPREAD\"}",
            "not JSON \u{1b}[0m",
            "[1]",
        ]
        .map(Frame::parse)
        .to_vec()
    }

    fn framed(recorded: Recorded) -> Option<Frame> {
        match recorded.what {
            What::Frame(frame) => Some(frame),
            What::Gap(_) => None,
        }
    }

    #[test]
    fn a_gap_comes_back_where_it_ended() {
        let (from, until) = (at("2026-11-21T12:00:00Z"), at("2026-11-21T12:00:09Z"));
        for until in [Some(until), None] {
            let lost = Gap { from, until, why: "connection lost: \"reset\"\n".to_owned() };
            let tape = read(&format!("{}\n{}\n", header("arn", "lobby", from), gap("arn", &lost)));
            let recorded = Recorded { at: until.unwrap_or(from), what: What::Gap(lost) };
            assert_eq!((tape.frames, tape.broken), (vec![recorded], 0));
        }
        assert!(parse(r#"{"ivschat":"gap","why":"no time"}"#).is_err());
    }

    #[test]
    fn what_is_recorded_is_read_back_as_it_was() {
        let time = at("2026-11-21T12:00:02.5Z");
        let mut text = header(ROOM, "lobby", time) + "\n";
        for frame in frames() {
            let line = line(ROOM, time, &frame);
            assert!(!line.chars().any(char::is_control), "{line:?}");
            text += &line;
            text += "\n";
        }
        let tape = read(&text);
        assert_eq!((tape.room.as_deref(), tape.name.as_deref(), tape.broken), (Some(ROOM), Some("lobby"), 0));
        let back: Vec<Frame> = tape.frames.into_iter().filter_map(framed).collect();
        assert_eq!(back, frames());
    }

    #[test]
    fn a_chat_log_record_is_the_frame_in_it_at_the_time_when_it_was_sent() {
        let tape = read(LOGGED);
        let What::Frame(Frame::Message(message)) = &tape.frames[0].what else { panic!("{tape:?}") };
        assert_eq!((message.content.as_str(), message.sender.user_id.as_str()), ("hi", "u"));
        assert_eq!(tape.frames[0].at, at("2023-01-05T14:33:32.894412345Z"));
    }

    #[test]
    fn logs_come_in_any_order_and_are_put_into_that_of_their_times() {
        let earlier = LOGGED.replace("14:33:32.894412345Z", "14:33:31Z").replace("\"hi\"", "\"before\"");
        let tape = read(&format!("{LOGGED}\n{earlier}\n"));
        assert!(matches!(&tape.frames[0].what, What::Frame(Frame::Message(message)) if message.content == "before"));
    }

    #[test]
    fn lines_that_can_not_be_read_are_counted_and_the_first_is_told() {
        let text = format!("{LOGGED}\n\n{{\"received\":\"2026-11-21T12:00:00Z\",\"fra\n{{}}\n[]\nplain\n{LOGGED}");
        let tape = read(&text);
        assert_eq!((tape.frames.len(), tape.broken), (2, 4));
        let (number, why) = tape.first_broken.unwrap();
        assert!(number == 3 && why.contains("EOF"), "{why}");
        for line in [
            r#"{"ivschat":"recording","version":2}"#,
            r#"{"ivschat":"journal","version":1}"#,
            r#"{"received":"2026-11-21T12:00:00Z"}"#,
            r#"{"received":"yesterday","frame":{}}"#,
            r#"{"payload":{"Type":"EVENT","Id":"AbCdEf123456"}}"#,
            r#"{"Type":"EVENT","Id":"AbCdEf123456"}"#,
        ] {
            assert_eq!(read(line).broken, 1, "{line}");
            assert!(!is_header(line));
        }
        assert!(is_header(&header(ROOM, "", at("2026-11-21T12:00:00Z"))));
    }

    #[test]
    fn a_frame_that_stands_alone_came_when_it_was_sent() {
        let event = &frames()[1];
        let tape = read(&event.to_text());
        assert_eq!(
            (&tape.frames[0].what, tape.frames[0].at),
            (&What::Frame(event.clone()), at("2026-11-21T12:00:01Z"))
        );
    }
}
