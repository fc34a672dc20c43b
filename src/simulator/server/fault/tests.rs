//! How faults are written and how often they strike.

use super::*;

#[test]
fn what_is_written_is_read_back() {
    for text in [
        "deny",
        "pending",
        "status:500",
        "status:429:1500",
        "hang",
        "hang:2.5",
        "slow:10",
        "garbage:html",
        "garbage:truncated",
        "garbage:empty",
        "garbage:shape",
        "garbage:huge",
        "reset:before",
        "reset:middle",
        "reset:after",
        "status:503,times=2",
    ] {
        assert_eq!(text.parse::<Plan>().unwrap().to_string(), text);
    }
    assert_eq!("garbage".parse(), Ok(Fault::Garbage(Garbage::Html)));
    assert_eq!("reset".parse(), Ok(Fault::Reset(Reset::After)));
}

#[test]
fn what_is_no_fault_is_refused_with_what_there_is() {
    for text in [
        "",
        "Deny",
        "status",
        "status:200",
        "status:600",
        "status:x",
        "status:500:",
        "hang:",
        "hang:-1",
        "slow",
        "slow:inf",
        "slow:1e9",
        "garbage:pdf",
        "reset:never",
        "deny,times=0",
        "deny,times=",
        "deny,twice",
    ] {
        let error = text.parse::<Plan>().expect_err(text);
        assert!(error.to_string().contains("status:CODE"), "{error}");
    }
}

#[test]
fn the_command_line_names_operation_and_fault() {
    let hang = Plan { fault: Fault::Hang(None), times: None };
    assert_eq!(parse("getroom=hang"), Ok((Target::Operation("GetRoom"), hang.clone())));
    assert_eq!(parse("*=hang"), Ok((Target::Every, hang.clone())));
    assert_eq!(parse("Connect=hang"), Ok((Target::Connect, hang)));
    let once = Plan { fault: Fault::Deny, times: Some(1) };
    assert_eq!(parse("ListRooms=deny,times=1"), Ok((Target::Operation("ListRooms"), once)));
    assert!(parse("ListRooms").unwrap_err().to_string().contains("OPERATION=FAULT"));
    assert!(parse("Rooms=deny").unwrap_err().to_string().contains("ListRooms"));
}

#[test]
fn an_operation_s_own_fault_comes_before_the_one_for_all() {
    let mut faults = Faults::default();
    faults.set(Target::Every, "status:500".parse().unwrap());
    faults.set(Target::Operation("GetRoom"), "deny,times=2".parse().unwrap());
    let general = Some(Fault::Status { code: 500, retry_after: None });
    let mut get_room = || faults.strike(Target::Operation("GetRoom"));
    assert_eq!([get_room(), get_room(), get_room()], [Some(Fault::Deny), Some(Fault::Deny), general.clone()]);
    assert_eq!(faults.strike(Target::Operation("ListRooms")), general);
    assert_eq!(faults.strike(Target::Connect), None);
    assert!(faults.clear(Target::Every) && !faults.clear(Target::Every));
    assert_eq!(faults, Faults::default());
}
