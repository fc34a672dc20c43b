//! A resource in the reader's own editor.

use ivschat::app::Msg;
use ivschat::app::msg::Ticket;

use crate::Console;

/// The console with a room in the editor.
fn editing() -> Console {
    Console::demo().keys("/lobby-main<enter>").wait(500).keys("E")
}

fn comes_back(console: Console, from: &str, to: &str) -> Console {
    let draft = console.draft().clone();
    assert!(draft.text.contains(from), "{}", draft.text);
    console.happens(Msg::Edited(draft.ticket, Ok(draft.text.replace(from, to))))
}

#[test]
fn what_was_changed_in_the_editor_is_looked_through_and_only_that_is_sent() {
    let mut console = comes_back(editing(), "maximumMessageLength: 500", "maximumMessageLength: 77");
    console = console.shows("This will be changed").shows("to        77").keys("y").shows("saved room lobby-main");
    let identifier = console.room("lobby-main");
    assert_eq!(
        console.calls("UpdateRoom"),
        [serde_json::json!({"identifier": identifier, "maximumMessageLength": 77})]
    );
    console.wait(500).shows("77 characters a message");
}

#[test]
fn what_the_service_refuses_of_a_text_is_still_there_in_the_form() {
    use ivschat::api::ErrorKind;
    let console = editing().fails("UpdateRoom", ErrorKind::Unreachable("refused".into()));
    let console = comes_back(console, "name: lobby-main", "name: from-the-editor").keys("y").shows("No connection");
    let console = console.shows("from-the-editor").keys("<esc>").shows("Drop what you typed?").keys("<esc>");
    console.works("UpdateRoom").keys("<enter>y").shows("saved room from-the-editor");
}

#[test]
fn a_destination_can_be_changed_in_the_editor() {
    let console = Console::demo().keys("2/cw-prod<enter>").wait(500).keys("E");
    let console = comes_back(console, "/ivs/chat/prod", "/ivs/chat/other").shows("/ivs/chat/other").keys("y");
    let sent = &console.calls("UpdateLoggingConfiguration")[0]["destinationConfiguration"];
    assert_eq!(*sent, serde_json::json!({"cloudWatchLogs": {"logGroupName": "/ivs/chat/other"}}));
}

#[test]
fn what_can_be_changed_goes_into_the_editor_and_what_was_changed_is_told() {
    let mut console = editing();
    let arn = console.room("lobby-main");
    let draft = console.draft();
    assert!(draft.text.starts_with(&format!("# The room {arn}\n")), "{}", draft.text);
    assert_eq!(draft.name, arn.id());
    comes_back(console, "name: lobby-main", "name: lobby-2").shows("to        lobby-2");
    comes_back(editing(), "name: ", "name: ").shows("nothing was changed");
    let console = Console::demo().keys("2]E");
    assert!(console.draft().text.contains("destinationConfiguration:"), "{}", console.draft().text);
}

#[test]
fn a_text_with_something_wrong_goes_back_with_what_it_is_and_is_not_lost() {
    let console = comes_back(editing(), "Length: 500", "Length: 501 # mine");
    let text = console.draft().text.clone();
    assert!(text.starts_with("# ! line ") && text.contains("Length: 501 # mine\n"), "{text}");
    let console = comes_back(console, "", "").shows("E goes on with the text: maximumMessageLength");
    let console = console.keys("E");
    assert_eq!(console.draft().text, text);
    comes_back(console, "501", "400").shows("to        400");
}

#[test]
fn an_editor_that_failed_is_told_and_a_late_text_is_dropped() {
    let console = editing();
    let ticket = console.draft().ticket;
    let console = console.happens(Msg::Edited(ticket, Err("text kept in /tmp/x\u{1b}.yaml: it broke".to_owned())));
    let console = console.shows("text kept in /tmp/x␛.yaml: it broke");
    console.keys("E").happens(Msg::Edited(Ticket(0), Ok("name: x".to_owned()))).hides("This will be changed");
}

#[test]
fn keys_that_are_typed_ahead_of_an_editor_go_nowhere_else_and_esc_gives_up() {
    let console = Console::demo().hangs("GetRoom").keys("jE").shows("asking the service for what it is now");
    let console = console.keys("cdT<enter>").hides("Create a room").keys("<esc>").works("GetRoom");
    assert!(!console.has_draft());
}
