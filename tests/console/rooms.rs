//! Rooms are created, changed and deleted, and afterwards the screen says what the service holds.

use ivschat::api::error::{Code, Problem, Refusal};
use ivschat::api::ops::{GetRoom, ListRooms, TagResource};
use ivschat::api::{Arn, ErrorKind};
use serde_json::{Value, json};

use crate::Console;

/// The room with this name, as the service holds it.
fn held(console: &mut Console, name: &str) -> Value {
    let identifier = console.room(name);
    console.holds(&GetRoom { identifier })
}

fn refusal(status: u16, code: Code, message: &str, fields: Vec<Problem>) -> ErrorKind {
    ErrorKind::Refused(Refusal {
        status,
        code,
        message: message.into(),
        resource_id: None,
        resource_type: None,
        limit: None,
        fields,
    })
}

#[test]
fn a_room_with_everything_is_created_from_the_form() {
    let mut console = Console::demo()
        .keys("c")
        .types("night-talk")
        .keys("<tab>25<tab>200<tab>")
        .types("arn:aws:lambda:us-west-2:123456789012:function:review")
        .keys("<tab><right><tab><space><tab>")
        .types("team=night")
        .keys("<tab>")
        .types("env=prod")
        .keys("<enter>")
        .shows("created room night-talk")
        .wait(500)
        .shows("25 messages a second")
        .shows("env = prod");
    let room = held(&mut console, "night-talk");
    assert_eq!(room["maximumMessageRatePerSecond"], 25);
    assert_eq!(room["maximumMessageLength"], 200);
    let handler = json!({"uri": "arn:aws:lambda:us-west-2:123456789012:function:review", "fallbackResult": "DENY"});
    assert_eq!(room["messageReviewHandler"], handler);
    assert_eq!(room["loggingConfigurationIdentifiers"].as_array().unwrap().len(), 1);
    assert_eq!(room["tags"], json!({"env": "prod", "team": "night"}));
}

#[test]
fn an_empty_form_creates_a_room_with_the_service_s_defaults() {
    let console = Console::demo().keys("c<enter>").shows("created").wait(500).shows("10 messages a second");
    assert_eq!(console.calls("CreateRoom"), [json!({})]);
}

#[test]
fn only_what_was_changed_is_sent_and_it_is_shown_first() {
    let mut console =
        Console::demo().keys("/lobby-eu<enter>e").shows("Change room lobby-eu").keys("<tab><c-u>7<enter>");
    console = console.shows("This will be changed").shows("from      ").shows("to        7");
    assert!(console.calls("UpdateRoom").is_empty(), "nothing is sent before it was looked through");
    console = console.keys("y").shows("saved room lobby-eu");
    let identifier = console.room("lobby-eu");
    assert_eq!(console.calls("UpdateRoom"), [json!({"identifier": identifier, "maximumMessageRatePerSecond": 7})]);
    assert_eq!(held(&mut console, "lobby-eu")["maximumMessageRatePerSecond"], 7);
    console.wait(500).shows("7 messages a second");
}

#[test]
fn a_handler_is_taken_away_by_emptying_its_field() {
    let mut console = Console::demo().keys("/kids-craft<enter>e").shows("Change room kids-craft");
    assert!(held(&mut console, "kids-craft")["messageReviewHandler"]["uri"].is_string());
    console = console.keys("<tab><tab><tab><c-u><enter>").shows("Review handler").shows("to        none").keys("y");
    assert_eq!(console.calls("UpdateRoom")[0]["messageReviewHandler"]["uri"], "");
    assert!(held(&mut console, "kids-craft")["messageReviewHandler"]["uri"].as_str().is_none_or(str::is_empty));
}

#[test]
fn the_logging_list_is_sent_as_a_whole_and_the_form_says_so() {
    let mut console = Console::demo().keys("/lobby-main<enter>e<tab><tab><tab><tab><space><enter>");
    console = console.shows("The list is replaced as a whole").keys("y").shows("saved");
    let sent = &console.calls("UpdateRoom")[0]["loggingConfigurationIdentifiers"];
    assert_eq!(held(&mut console, "lobby-main")["loggingConfigurationIdentifiers"], *sent);
    assert_eq!(sent.as_array().unwrap().len(), 1, "one of two was unchecked");
}

#[test]
fn a_form_in_which_nothing_was_changed_sends_nothing() {
    let console = Console::demo().keys("e<enter>").shows("Nothing has changed");
    assert!(console.calls("UpdateRoom").is_empty());
}

#[test]
fn keys_that_are_typed_ahead_of_a_form_go_nowhere_else() {
    let console = Console::demo().hangs("GetRoom").keys("e").shows("asking the service for what it is now");
    let console = console.keys("cs<enter>wd").hides("Create a room").hides("1 live").works("GetRoom");
    let console = console.shows("Change room lobby-main").keys("<esc>").hangs("GetRoom").keys("e<esc>");
    let console = console.works("GetRoom").hides("Change room");
    assert!(console.calls("CreateRoom").is_empty() && console.calls("DeleteRoom").is_empty());
}

#[test]
fn a_review_that_does_not_fit_can_be_read_to_its_end() {
    let console = Console::sized(80, 12).keys("e<c-u>").types("other").keys("<tab><c-u>7<tab><c-u>9<tab>");
    let console = console.types("arn:aws:lambda:us-west-2:123456789012:function:a").keys("<enter>");
    let console = console.shows("to        other").shows("y saves it").hides("function:a, ALLOW").shows(" of ");
    console.keys("jjjjjjjjjjjj").shows("function:a").keys("kkkkkkkkkkkk").shows("to        other");
}

#[test]
fn what_the_service_says_of_a_field_stands_at_the_field_and_the_text_stays() {
    let fields = vec![Problem::new("name", "is taken by a namesake")];
    let no = refusal(400, Code::Validation, "1 validation error", fields);
    let console = Console::demo().fails("CreateRoom", no).keys("c").types("twin").keys("<enter>");
    let console = console.shows("1 validation error").shows("twin").shows("! is taken by a namesake");
    assert_eq!(console.row_of("! is taken by a namesake"), console.row_of("twin") + 1);
    let mut console = console.works("CreateRoom").keys("2<enter>").shows("created room twin2");
    held(&mut console, "twin2");
}

#[test]
fn each_refusal_is_told_in_its_own_words_and_loses_nothing() {
    let refusals = [
        (402, Code::ServiceQuotaExceeded, "A quota is used up"),
        (403, Code::AccessDenied, "Access denied"),
        (403, Code::PendingVerification, "The account is still being verified"),
        (409, Code::Conflict, "In conflict with its state"),
        (429, Code::Throttling, "Too many calls"),
    ];
    for (status, code, words) in refusals {
        let console = Console::demo().fails("CreateRoom", refusal(status, code, "the service's words", Vec::new()));
        let console = console.keys("c").types("kept-text").keys("<enter>").shows(words).shows("kept-text");
        console
            .shows("what you typed is still here")
            .works("CreateRoom")
            .keys("<enter>")
            .shows("created room kept-text");
    }
}

#[test]
fn a_lost_answer_is_not_a_no_the_list_is_looked_at_and_nothing_is_sent_twice() {
    let console = Console::demo().fails("CreateRoom", ErrorKind::Interrupted("connection reset".into()));
    let lists = console.calls("ListRooms").len();
    let console = console.keys("c").types("perhaps").keys("<enter>").wait(2000);
    let console = console.shows("It may have been carried out all the same").shows("perhaps");
    assert_eq!(console.calls("CreateRoom").len(), 1);
    assert!(console.calls("ListRooms").len() > lists);
}

#[test]
fn closing_the_form_while_it_is_sent_does_not_lose_the_outcome() {
    let console = Console::demo().hangs("CreateRoom").keys("c").types("late").keys("<enter>").shows("sending");
    console.keys("<esc>").hides("sending ...").shows("1 sending").works("CreateRoom").shows("created room late");
}

#[test]
fn leaving_while_something_is_sent_asks() {
    let console = Console::demo().hangs("CreateRoom").keys("c<enter><esc>q").shows("1 change is still on the way");
    console.keys("n").has_ended(false);
}

#[test]
fn a_room_is_deleted_when_its_exact_name_was_typed() {
    let mut console = Console::demo().keys("/lobby-eu<enter>d").shows("Delete room lobby-eu");
    console = console.types("lobby-e").keys("<enter>").shows("that is not its name");
    assert!(console.calls("DeleteRoom").is_empty());
    let arn = console.room("lobby-eu");
    console = console.types("u").keys("<enter>").shows("deleted room lobby-eu").keys("<esc>").hides("lobby-eu  ");
    assert_eq!(console.calls("DeleteRoom"), [json!({"identifier": arn})]);
    let left = console.holds(&ListRooms { name: Some("lobby-eu".into()), ..ListRooms::default() });
    assert_eq!(left["rooms"], json!([]));
}

#[test]
fn a_pasted_name_confirms_nothing() {
    let console = Console::demo().keys("/lobby-eu<enter>d").paste("lobby-eu").shows("pasting does not count");
    let console = console.keys("<enter>").shows("that is not its name");
    assert!(console.calls("DeleteRoom").is_empty());
}

#[test]
fn the_room_that_was_named_is_deleted_even_if_the_list_is_sorted_anew_under_the_dialog() {
    let mut console = Console::demo().keys("jjd");
    let title = console.screen().lines().find(|line| line.contains("Delete room")).unwrap().to_owned();
    let name = title.split("Delete room ").nth(1).unwrap().split(' ').next().unwrap().to_owned();
    let named: Arn = console.room(&name);
    // Somebody changes the last room, which moves it to the front; then the list is asked for again.
    let other = console.room("night-shift");
    let tags = [("moved".to_owned(), "up".to_owned())].into();
    console = console.elsewhere(&TagResource { resource_arn: other, tags });
    console = console.types(&name).keys("<enter>").shows("deleted");
    assert_eq!(console.calls("DeleteRoom"), [json!({"identifier": named})]);
}

#[test]
fn a_refused_deletion_says_why_and_the_room_is_still_there() {
    let no = refusal(403, Code::AccessDenied, "no", Vec::new());
    let console = Console::demo().fails("DeleteRoom", no).keys("/lobby-eu<enter>d").types("lobby-eu").keys("<enter>");
    console.shows("Access denied").shows("ivschat:DeleteRoom").keys("<esc>").shows("lobby-eu");
}

#[test]
fn a_watched_room_that_is_deleted_leaves_nothing_behind() {
    let console = Console::demo().keys("/lobby-eu<enter><enter>").wait(1000).shows("1 live").keys("1d");
    let console = console.shows("watched here").types("lobby-eu").keys("<enter>").shows("deleted").wait(1000);
    console.hides("1 live").hides("reconnecting");
}
