use super::*;

fn message(text: &str) -> Message {
    match Frame::parse(text) {
        Frame::Message(message) => message,
        other => panic!("{other:?}"),
    }
}

fn event(text: &str) -> Event {
    match Frame::parse(text) {
        Frame::Event(event) => event,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_captured_message_is_read_whole() {
    let message = message(
        r#"{"Type":"MESSAGE","Id":"M2YcHkgffEvU","RequestId":"8fe65e61","Attributes":null,"Content":"Hi",
            "SendTime":"2022-12-02T08:21:20.754555595Z",
            "Sender":{"UserId":"nadia.55b2","Attributes":{"username":"nadia"}}}"#,
    );
    assert_eq!((message.id.as_str(), message.content.as_str()), ("M2YcHkgffEvU", "Hi"));
    assert_eq!(message.request_id.as_deref(), Some("8fe65e61"));
    assert_eq!(message.sender.user_id, "nadia.55b2");
    assert_eq!(message.sender.attributes["username"], "nadia");
    assert_eq!(message.send_time.expect("a time").to_string(), "2022-12-02T08:21:20.754555595Z");
}

#[test]
fn optional_members_may_be_absent_null_or_empty() {
    for optional in [
        "",
        r#","RequestId":null,"Attributes":null,"SendTime":null,"Sender":null"#,
        r#","RequestId":"","Attributes":{},"SendTime":"","Sender":{"Attributes":null,"UserId":null}"#,
    ] {
        let message = message(&format!(r#"{{"Type":"MESSAGE","Id":"M2YcHkgffEvU","Content":"Hi"{optional}}}"#));
        assert_eq!(message.request_id, None, "{optional}");
        assert_eq!(message.sender, Sender::default(), "{optional}");
        assert_eq!(message.send_time, None, "{optional}");
        assert!(message.attributes.is_empty(), "{optional}");
    }
}

#[test]
fn both_spellings_of_the_message_id_are_read() {
    for attributes in [
        r#"{"MessageID":"M2YcHkgffEvU","Reason":"spam"}"#,
        r#"{"MessageId":"M2YcHkgffEvU","Reason":"spam"}"#,
        r#"{"MessageID":"","MessageId":"M2YcHkgffEvU","Reason":"spam"}"#,
    ] {
        let frame = format!(
            r#"{{"Type":"EVENT","Id":"IxTh2Ad9fZIr","EventName":"aws:DELETE_MESSAGE","Attributes":{attributes}}}"#
        );
        let expected = EventKind::DeleteMessage { message_id: "M2YcHkgffEvU".into(), reason: Some("spam".into()) };
        assert_eq!(event(&frame).kind, expected, "{attributes}");
    }
}

#[test]
fn an_error_is_read_by_its_code() {
    let frame = Frame::parse(
        r#"{"ErrorCode":400,"ErrorMessage":"Messages must be less than 240 chars","Id":"IG5mcmlvdGlv",
            "RequestId":"497f6eca","Type":"ERROR"}"#,
    );
    let Frame::Error(refused) = frame else { panic!("{frame:?}") };
    assert_eq!((refused.code, refused.request_id.as_deref()), (400, Some("497f6eca")));
}

#[test]
fn what_is_not_known_is_kept_as_it_came() {
    for (raw, why) in [
        (r#"{"Type":"POLL","Id":"x"}"#, "POLL"),
        (r#"{"Id":"x"}"#, "no Type"),
        (r#"{"Type":"MESSAGE","Content":"no id"}"#, "no Id"),
        ("[]", "invalid"),
        ("not json", "expected"),
        ("", "EOF"),
    ] {
        let Frame::Unknown(unknown) = Frame::parse(raw) else { panic!("{raw}") };
        assert_eq!(unknown.raw, raw);
        assert!(unknown.why.contains(why), "{raw}: {}", unknown.why);
    }
}

#[test]
fn an_attribute_that_is_no_text_does_not_cost_the_message() {
    let message = message(r#"{"Type":"MESSAGE","Id":"M2YcHkgffEvU","Attributes":{"n":1,"s":"x"}}"#);
    assert_eq!(message.attributes["n"], "1");
    assert_eq!(message.attributes["s"], "x");
}

#[test]
fn what_is_printed_reads_back_the_same() {
    let mut deleted = Event::delete_message("IxTh2Ad9fZIr".into(), "M2YcHkgffEvU", Some("spam"));
    deleted.send_time = "2022-12-02T08:25:51.13691272Z".parse().ok();
    let mut disconnected = Event::disconnect_user("Z8Cd2OchZR9K".into(), "nadia", None);
    disconnected.request_id = Some("r1".into());
    let refused = Refused { id: "IG5mcmlvdGlv".into(), request_id: None, code: 406, message: "no".into() };
    for frame in [Frame::Event(deleted), Frame::Event(disconnected), Frame::Error(refused)] {
        assert_eq!(Frame::parse(&frame.to_text()), frame);
    }
}
