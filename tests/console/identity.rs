//! Who the console is: what is said where there are no credentials, switching, signing in, and what is refused when it is
//! read-only.

use ivschat::api::Arn;
use ivschat::api::ops::CreateRoom;
use ivschat::app::Msg;
use ivschat::app::identity::access::{self, Treatment};
use ivschat::app::identity::{Generation, Lasting, Told};
use ivschat::app::msg::{LinkId, Timer};
use ivschat::identity::facts::{Caller, Code, Device, Kind, Profile, Trouble};
use ivschat::messaging::{Frame, Report};
use ivschat::simulator::World;
use ivschat::simulator::world::Setup;
use jiff::Timestamp;

use super::harness::{Console, roomy};
use super::persona::Persona;

fn profile(name: &str, kind: Kind, region: Option<&str>) -> Profile {
    Profile { name: name.into(), kind, region: region.map(Into::into), account: None }
}

fn profiles() -> Vec<Profile> {
    vec![
        profile("broken", Kind::Broken("it has no aws_secret_access_key".into()), None),
        profile("corp", Kind::Sso { session: "corp".into() }, Some("us-west-2")),
        profile("prod", Kind::Static, Some("eu-west-1")),
        profile("work", Kind::Static, None),
    ]
}

fn caller(account: &str, role: &str) -> Caller {
    let arn = format!("arn:aws:sts::{account}:assumed-role/{role}/nadia");
    Caller { account: account.into(), arn, user_id: "AROA:nadia".into() }
}

/// Two accounts: `work` is the built-in one, `prod` is in another region and has one room.
fn persona() -> Persona {
    let mut persona = Persona::with(profiles());
    let setup = Setup { region: "eu-west-1".into(), account: "999988887777".into(), rooms: Some(0), ..roomy() };
    let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
    let mut other = World::new(setup, now);
    let room = CreateRoom { name: Some("elsewhere".into()), ..CreateRoom::default() };
    other.handle(now, &ivschat::api::Operation::request(&room)).unwrap();
    persona.worlds.insert("prod".into(), other);
    persona.callers.insert("work".into(), caller("123456789012", "Moderator"));
    persona.callers.insert("prod".into(), caller("999988887777", "Admin"));
    persona
}

fn working() -> Console {
    Console::being(persona(), Some("work"), |_| {})
}

fn signed_out() -> Trouble {
    Trouble::SignedOut { profile: "corp".into(), session: "corp".into(), expired: None }
}

fn device() -> Device {
    let until = "2026-11-21T12:10:00Z".parse().unwrap();
    Device {
        url: "https://corp.awsapps.com/start/#/device?user_code=ABCD-EFGH".into(),
        code: "ABCD-EFGH".into(),
        until,
    }
}

fn strip(console: &Console) -> String {
    console.screen().lines().next().unwrap_or_default().to_owned()
}

#[test]
fn the_strip_says_who_we_are_and_nothing_that_is_not_known() {
    let console = working();
    assert!(
        strip(&console).starts_with(" ivschat  work  123456789012  Moderator  us-west-2  RW  "),
        "{}",
        strip(&console)
    );
    let mut unknown = persona();
    unknown.callers.clear();
    unknown.closed.insert("work".into(), Trouble::NoRegion);
    let console = Console::being(unknown, Some("work"), |_| {});
    assert!(strip(&console).starts_with(" ivschat  work  NO REGION  "), "{}", strip(&console));
}

#[test]
fn the_time_left_is_told_in_steps_and_looked_after_when_it_runs_out() {
    let mut persona = persona();
    persona.until = Some("2026-11-21T12:32:30Z".parse().unwrap());
    let console = Console::being(persona, Some("work"), |_| {}).shows("30 min left");
    let before = console.persona.asked.len();
    let mut console = console.wait(20 * 60_000).shows("10 min left");
    assert_eq!(console.persona.asked.len(), before, "nobody is asked while there is time");
    console = console.wait(3 * 60_000).shows("9 min left");
    assert!(console.persona.asked[before..].iter().all(|asked| *asked == "look"), "{:?}", console.persona.asked);
    console.persona.until = Some("2026-11-21T13:32:30Z".parse().unwrap());
    console.wait(60_000).shows("1 h left").hides("EXPIRED");
}

#[test]
fn without_credentials_the_panes_say_why_and_what_helps() {
    let mut persona = persona();
    persona.without.insert("corp".into(), signed_out());
    let console = Console::being(persona, Some("corp"), |_| {});
    let console = console
        .shows("SIGNED OUT")
        .shows("signs in here")
        .shows("picks another profile")
        .shows("aws sso login --profile corp")
        .hides("There are no rooms");
    insta::assert_snapshot!("signed_out_80x24", console.snapshot());
    insta::assert_snapshot!("signed_out_140x40", console.resize(140, 40).snapshot());
}

#[test]
fn who_asked_for_a_profile_that_is_not_there_picks_one_that_is() {
    let mut persona = persona();
    let files = vec!["~/.aws/config".to_owned()];
    let trouble = Trouble::UnknownProfile { name: "prdo".into(), near: vec!["prod".into()], known: 4, files };
    persona.closed.insert("prdo".into(), trouble);
    let console = Console::being(persona, Some("prdo"), |_| {}).shows("There is no profile \"prdo\"");
    insta::assert_snapshot!("pick_profile_80x24", console.snapshot());
    let console = console.keys("brok<enter>").shows("broken can't be used: it has no aws_secret_access_key");
    let console = console.keys("<c-u>pro<enter>").shows("elsewhere").shows("999988887777");
    assert!(strip(&console).contains(" prod  999988887777  Admin  eu-west-1  RW"), "{}", strip(&console));
}

#[test]
fn a_switch_shows_and_calls_nothing_of_who_it_was() {
    let console = working().keys("<enter>").wait(500).shows("lobby");
    assert_eq!(console.open_links(), 1);
    let mut console = console.keys(":profile prod<enter>").wait(500);
    assert_eq!((console.open_links(), console.generation()), (0, Generation(2)));
    let calls = console.calls("ListRooms").len();
    console =
        console.shows("now profile prod in eu-west-1, the profile's own region").shows("elsewhere").hides("lobby");
    assert!(!console.screen().contains("123456789012"), "{}", console.screen());
    console = console.wait(120_000).hides("lobby");
    assert_eq!(
        (console.open_links(), console.calls("ListRooms").len()),
        (0, calls),
        "no timer of before calls anything"
    );
    console.keys(":<up>").shows(":profile prod");
}

#[test]
fn answers_that_were_asked_for_before_are_dropped() {
    let console = working().delays("ListRooms").delays("ListLoggingConfigurations").keys("<c-r>2<c-r>1");
    let mut console = console.delays("GetRoom").keys("jj").wait(500).keys(":profile prod<enter>");
    console = console.arrives().wait(500).hides("lobby");
    assert!(console.screen().contains("elsewhere"), "the answers of now are taken: {}", console.screen());
}

#[test]
fn tokens_frames_and_timers_of_before_are_dropped() {
    let mut console = working();
    let arn: Arn = console.room("lobby-main");
    console = console.keys(":profile prod<enter>").wait(200);
    let elsewhere = console.room("elsewhere");
    let old = |msg| Msg::Of(Generation(1), Box::new(msg));
    // The same room may be there for both: only the generation tells their connections apart.
    console = console.keys("<enter>").wait(500);
    let link = console.link(&elsewhere);
    let frame = r#"{"Type":"MESSAGE","Id":"x","RequestId":"","Attributes":{},"Content":"from before","SendTime":"2026-11-21T12:00:00Z","Sender":{"UserId":"u","Attributes":{}}}"#;
    let frames = || Report::Frames(vec![Frame::parse(frame)]);
    console = console.happens(old(Msg::Link(link.clone(), frames()))).hides("from before");
    console = console.happens(old(Msg::Ended(link.clone(), ivschat::messaging::Ended::ByUs))).shows("1 live");
    let (links, calls) = (console.open_links(), console.calls("CreateChatToken").len());
    console = console.happens(old(Msg::Due(Timer::Renew(link.clone()))));
    console = console.happens(old(Msg::Due(Timer::Reconnect(LinkId { room: arn, serial: 1 }))));
    assert_eq!((console.open_links(), console.calls("CreateChatToken").len()), (links, calls));
    console.happens(Msg::Of(Generation(2), Box::new(Msg::Link(link, frames())))).shows("from before");
}

#[test]
fn what_is_under_way_is_asked_about_before_a_switch_and_the_journal_keeps_its_outcome() {
    let console = working().keys("c").types("new-room").delays("CreateRoom").keys("<enter><esc>");
    let console = console.keys(":region eu-west-1<enter>").shows("1 change is on the way").shows("y switch");
    let console = console.keys("n").shows("lobby").keys(":region eu-west-1<enter>y").wait(200);
    assert_eq!(console.generation(), Generation(2));
    console.arrives().keys("0]]a").shows("create").hides("pending");
}

#[test]
fn a_region_that_has_no_chat_is_refused_and_completion_knows_those_that_have() {
    let console = working().keys(":region us-west-1<enter>").shows("did you mean us-west-2?").keys("<esc>");
    let console = console.keys(":region ap-n<tab>").shows("ap-northeast-1").keys("<esc>");
    let console = console.keys(":profile wor<tab>").shows(":profile work").keys("<esc>");
    let console = console.keys(":profile prdo<enter>").shows("did you mean prod?").keys("<esc>");
    console.keys(":region<enter>").shows("Oregon").shows("Frankfurt");
}

#[test]
fn signing_in_takes_nothing_away() {
    let mut console = working().keys("<enter>").wait(3_000);
    let link_count = console.open_links();
    console = console.keys("kk");
    let selected = console.selected();
    console
        .persona
        .without
        .insert("work".into(), Trouble::SignedOut { profile: "work".into(), session: "corp".into(), expired: None });
    console.persona.device = Some(device());
    console = console.happens(Msg::Identity(Generation(1), Told::Credentials(Err(signed_out()))));
    console = console.shows("SIGNED OUT: L signs in");
    assert_eq!((console.open_links(), console.selected()), (link_count, selected.clone()), "the chat stays");
    console = console.keys("L").shows("ABCD-EFGH").shows("9 min left").keys("y");
    assert_eq!(console.copied(), device().url);
    insta::assert_snapshot!("sign_in_80x24", console.snapshot());
    console = console.keys("<esc>").shows("signing in").keys("1").keys("0").wait(60_000);
    console = console.keys("L").shows("8 min left").signs_in().wait(200).hides("SIGNED OUT").hides("ABCD-EFGH");
    assert_eq!((console.open_links(), console.selected(), console.generation()), (link_count, selected, Generation(1)));
}

#[test]
fn reads_that_failed_are_asked_again_after_signing_in_and_changes_are_not() {
    let mut persona = persona();
    persona.without.insert("corp".into(), signed_out());
    persona.device = Some(device());
    let console = Console::being(persona, Some("corp"), |_| {}).keys("L").signs_in().wait(500).shows("lobby-main");
    assert!(console.calls("CreateRoom").is_empty() && console.persona.asked.contains(&"sign in"));
    let mut console = console.keys("c").types("new-room");
    console.persona.without.insert("corp".into(), signed_out());
    let mut console = console.keys("<enter>").shows("No credentials to sign with").keys("<esc>y");
    assert!(console.calls("CreateRoom").is_empty());
    console = console.shows("SIGNED OUT").keys("L").signs_in().wait(500).hides("SIGNED OUT");
    assert!(console.calls("CreateRoom").is_empty(), "what changes something is not repeated by itself");
}

#[test]
fn giving_up_signing_in_says_so() {
    let mut persona = persona();
    persona.without.insert("corp".into(), signed_out());
    persona.device = Some(device());
    let console = Console::being(persona, Some("corp"), |_| {}).keys("L<c-c>").shows("not signed in: L signs in");
    assert_eq!(console.persona.asked.last(), Some(&"give up"));
}

#[test]
fn an_mfa_code_is_asked_for_and_is_nowhere_to_be_read() {
    let mut persona = persona();
    let code =
        Code { serial: "arn:aws:iam::123456789012:mfa/me".into(), profile: "work".into(), role: "Moderator".into() };
    persona.without.insert("work".into(), Trouble::CodeWanted(code));
    "192837".clone_into(&mut persona.code);
    let console = Console::being(persona, Some("work"), |_| {}).shows("Code for arn:aws:iam::123456789012:mfa/me:");
    let console = console.paste("555 555").keys("<enter>").shows("was not accepted").shows("Wait for the next code");
    insta::assert_snapshot!("mfa_80x24", console.snapshot());
    let console = console.paste("192837").shows("******").hides("192837").keys("<enter>").wait(500).shows("lobby-main");
    // What was pasted is a message of its own; nothing else may hold it.
    let traces = console.traces().replace("Paste(\"192837\")", "").replace("Paste(\"555 555\")", "");
    assert!(!traces.contains("192837") && !traces.contains("555555"), "a code is in a log");
}

#[test]
fn no_dialog_opens_over_what_is_being_typed() {
    let mut console = working().keys("c").types("half-a-name");
    let code = Code { serial: "mfa/me".into(), profile: "work".into(), role: "Moderator".into() };
    console = console.happens(Msg::Identity(Generation(1), Told::Credentials(Err(Trouble::CodeWanted(code)))));
    console.shows("half-a-name").hides("Code for").shows("MFA CODE WANTED");
}

fn protecting(settings: &mut ivschat::app::Settings) {
    let treatment = Treatment { protected: true, ..Treatment::default() };
    settings.access = access::Settings { flag: None, profiles: [("work".to_owned(), treatment)].into() };
}

#[test]
fn a_protected_profile_starts_read_only_and_is_unlocked_by_its_name() {
    let console = Console::being(persona(), Some("work"), protecting).shows("RO  PROTECTED");
    insta::assert_snapshot!("protected_80x24", console.snapshot());
    let console = console.keys("c").shows("read-only, the profile is protected: :unlock lets changes pass");
    let console = console.keys(":unlock<enter>").types("wor").keys("<enter>").shows("That is neither.").types("k");
    insta::assert_snapshot!("unlock_80x24", console.snapshot());
    let console = console.keys("<enter>").shows("RW  PROTECTED").keys("c").shows("Create a room").keys("<esc>");
    let console = console.keys(":lock<enter>").shows("RO  PROTECTED").keys("d").hides("Delete");
    let console = console.keys(":unlock<enter>").types("123456789012").keys("<enter>").shows("RW");
    let console = console.keys(":region eu-west-1<enter>").wait(200);
    assert!(strip(&console).contains("eu-west-1  RW"), "it is unlocked in all regions: {}", strip(&console));
    let console = console.keys(":profile prod<enter>").wait(200).keys(":profile work<enter>").wait(200);
    assert!(strip(&console).contains("RO"), "who comes back is locked out again: {}", strip(&console));
}

#[test]
fn nothing_that_changes_anything_leaves_a_read_only_console() {
    let change = |settings: &mut ivschat::app::Settings| settings.access.flag = Some(true);
    let mut console = Console::being(persona(), Some("work"), change).shows("RO");
    for keys in ["c", "e", "E", "d", "t", "T", "K"] {
        console = console.keys(keys).shows("read-only, --read-only: :unlock");
    }
    console = console.keys("<enter>").wait(3_000).keys("k");
    for keys in ["d", "D", "K", "P", "x", "c", "e", "t", "."] {
        console = console.keys(keys).shows("read-only, --read-only: :unlock");
    }
    for line in ["purge spam", "arm"] {
        console = console.keys(&format!(":{line}<enter>")).shows("read-only").keys("<esc>");
    }
    assert!(console.is_connected("lobby-main") || console.open_links() == 1, "it watches all the same");
    let changed =
        ["CreateRoom", "DeleteMessage", "DisconnectUser", "SendEvent"].iter().map(|name| console.calls(name).len());
    assert_eq!((changed.sum::<usize>(), console.said().len()), (0, 0));
    console.keys(":write<enter>").shows("Let changes pass");
}

#[test]
fn a_room_is_watched_with_no_more_rights_than_are_needed() {
    let change = |settings: &mut ivschat::app::Settings| {
        protecting(settings);
        settings.room.capabilities = vec![ivschat::api::model::Capability::SendMessage];
    };
    let console = Console::being(persona(), Some("work"), change).keys("<enter>").wait(500);
    let asked = |console: &Console| console.calls("CreateChatToken").last().cloned().unwrap_or_default();
    assert!(asked(&console)["capabilities"].as_array().is_none_or(Vec::is_empty), "{}", asked(&console));
    let console = console.keys(":unlock<enter>").types("work").keys("<enter>").wait(500);
    assert_eq!(asked(&console)["capabilities"][0], "SEND_MESSAGE");
    assert_eq!(console.open_links(), 1);
}

#[test]
fn a_copied_command_is_of_the_same_account() {
    let console = working().wait(500).keys("y").types("c");
    assert!(console.copied().ends_with("--profile work --region us-west-2"), "{}", console.copied());
}

#[test]
fn the_simulator_is_nobody_else() {
    Console::demo().keys(":profile<enter>").shows("this is the simulator, which has no other profile");
}

#[test]
fn credentials_that_are_good_again_are_told_of_by_what_they_show() {
    let mut console = working();
    console = console.happens(Msg::Identity(Generation(1), Told::Credentials(Err(Trouble::Expired { since: None }))));
    console = console.shows("EXPIRED: L tells why").keys("L").shows("The credentials have expired").keys("<esc>");
    console.happens(Msg::Identity(Generation(1), Told::Credentials(Ok(Lasting::default())))).hides("EXPIRED");
}
