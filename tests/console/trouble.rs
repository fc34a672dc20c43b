//! The pretend service makes trouble when a test asks for it: the ground on which the live room's tests stand.

use ivschat::simulator::world::Variant;

use crate::Console;

/// A room where nobody speaks by themselves.
fn quiet() -> Console {
    Console::demo().keys("/staging-smoke<enter><enter>").wait(1_000).shows("live").hides("free coins")
}

#[test]
fn a_raid_is_many_users_with_one_text() {
    quiet().raid(40, "free coins").shows("=40 from 40").shows("\"free coins\"");
    // Each disguise is seen through. A number behind it is none: what counts differently says something else.
    let disguises: Vec<Variant> = Variant::ALL.into_iter().filter(|variant| *variant != Variant::Number).collect();
    quiet().raid_with(40, "free coins", &disguises).shows("=40 from 40");
}

#[test]
fn a_flood_is_one_user_with_many_texts_and_ends_with_the_user() {
    let console = quiet().flood("mallory", 12).shows("look at me 1").shows("look at me 12");
    console.moderator_disconnects("mallory", "flooding").shows("mallory").shows("disconnected").shows("flooding");
}

#[test]
fn a_moderator_elsewhere_takes_a_message_from_view() {
    let console = quiet().raid(1, "free coins").shows("free coins");
    console.moderator_deletes("spam").shows("deleted: spam");
}

#[test]
fn a_lost_echo_leaves_the_deletion_without_its_confirmation() {
    let console = quiet().raid(2, "free coins").loses_echoes().keys("kd").wait(1_000);
    assert_eq!(console.calls("DeleteMessage").len(), 1);
    let console = console.shows("not yet confirmed").publishes_echoes().keys("kd").wait(1_000);
    assert_eq!(console.calls("DeleteMessage").len(), 2);
    console.shows("deleted");
}

#[test]
fn sessions_can_be_short_and_can_be_ended() {
    let console = Console::demo().sessions_last(20).keys("/staging-smoke<enter><enter>").wait(70_000);
    assert!(console.tokens.len() > 3, "each session took a token: {}", console.tokens.len());
    quiet().sessions_end().shows("Session expi");
}
