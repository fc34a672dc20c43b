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
fn what_can_be_changed_goes_into_the_editor_and_what_was_changed_is_told() {
    let mut console = editing();
    let arn = console.room("lobby-main");
    let draft = console.draft();
    assert!(draft.text.starts_with(&format!("# The room {arn}\n")), "{}", draft.text);
    assert_eq!(draft.name, arn.id());
    comes_back(console, "name: lobby-main", "name: lobby-2").shows("changed, and not sent: name");
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
    comes_back(console, "501", "400").shows("changed, and not sent: maximumMessageLength");
}

#[test]
fn an_editor_that_failed_is_told_and_a_late_text_is_dropped() {
    let console = editing();
    let ticket = console.draft().ticket;
    let console = console.happens(Msg::Edited(ticket, Err("text kept in /tmp/x\u{1b}.yaml: it broke".to_owned())));
    let console = console.shows("text kept in /tmp/x␛.yaml: it broke");
    console.keys("E").happens(Msg::Edited(Ticket(0), Ok("name: x".to_owned()))).hides("changed, and");
}

#[test]
fn without_its_details_there_is_nothing_to_edit() {
    Console::demo().hangs("GetRoom").keys("jE").shows("its details have not come");
}
