//! Scripts, good and bad.

use fastrand::Rng;

use super::*;

fn problems(text: &str) -> Vec<(usize, usize, String)> {
    let error = Script::parse(text).expect_err("it is wrong");
    error.problems.into_iter().map(|problem| (problem.line, problem.column, problem.message)).collect()
}

/// The message of the one problem that a script has.
fn problem(text: &str) -> String {
    let problems = problems(text);
    assert_eq!(problems.len(), 1, "{problems:?}");
    problems[0].2.clone()
}

fn say(text: &str) -> Result<String, String> {
    let list: Arc<[String]> = vec!["Celeste".to_owned()].into();
    let words = BTreeMap::from([("game".to_owned(), list)]);
    Line::parse(text, &words).map(|line| line.say(&mut Rng::with_seed(1), "Nadia"))
}

#[test]
fn the_built_in_script_is_sound() {
    if let Err(error) = Script::parse(BUILT_IN) {
        panic!("{error}");
    }
}

#[test]
fn an_empty_script_is_an_empty_account() {
    let script = Script::parse("").unwrap();
    assert!(script.contents.rooms.is_empty());
    assert_eq!(format!("{script:?}"), "Script { rooms: 0, .. }");
}

#[test]
fn a_room_needs_no_more_than_a_name() {
    let script = Script::parse("[[room]]\nname = \"r\"").unwrap();
    let room = &script.contents.rooms[0];
    assert_eq!((room.rate, room.length, room.logging.len()), (10, 500, 0));
    assert!(room.talk.is_none() && room.handler.is_none());
}

#[test]
fn blanks_are_filled() {
    assert_eq!(say("I like {game}, {someone}!"), Ok("I like Celeste, Nadia!".into()));
    assert_eq!(say("{3*ha}{2*é}"), Ok("hahahaéé".into()));
    assert_eq!(say("{{game}} {{{game}}}"), Ok("{game} {Celeste}".into()));
    assert_eq!(say("{7..7} {-2..-2}"), Ok("7 -2".into()));
    assert_eq!(say(""), Ok(String::new()));
    for bad in ["{", "}", "a } b", "{game", "{gmae}", "{}", "{5..2}", "{a..b}", "{x*y}", "{10001*x}", "{9999*xy}"] {
        assert!(say(bad).is_err(), "{bad}");
    }
    assert_eq!(say("{gmae}"), Err("no list in [words] is called \"gmae\"; there are: game".into()));
}

#[test]
fn numbers_are_within_their_bounds() {
    let line = Line::parse("{10..12}", &BTreeMap::new()).unwrap();
    let mut rng = Rng::with_seed(1);
    let said: std::collections::BTreeSet<String> = (0..100).map(|_| line.say(&mut rng, "")).collect();
    assert_eq!(said.into_iter().collect::<Vec<_>>(), ["10", "11", "12"]);
}

#[test]
fn a_mistake_is_told_with_its_line_and_a_caret() {
    let text = "[[room]]\nname = \"é\"\nlogging = [\"cw-prod\", \"cw-pord\"]\n\n[[logging]]\nname = \"cw-prod\"\ns3 = \"abc\"\n";
    let error = Script::parse(text).unwrap_err();
    assert_eq!(
        error.to_string(),
        "line 2, column 8: a name has at most 128 letters, digits, - and _\n  \
         |\n2 | name = \"é\"\n  |        ^^^\n\
         line 3, column 23: no [[logging]] is called \"cw-pord\"; there are: cw-prod\n  \
         |\n3 | logging = [\"cw-prod\", \"cw-pord\"]\n  |                       ^^^^^^^^^"
    );
}

#[test]
fn broken_toml_and_unknown_members_are_told_with_their_place() {
    let problems = problems("[[room]]\nname = \"r\"\nlenght = 3\n");
    assert_eq!((problems[0].0, problems[0].1), (3, 1));
    assert!(problems[0].2.contains("lenght") && problems[0].2.contains("length"), "{problems:?}");
    assert_eq!(super::tests::problems("[[room]]\nname = \"r\n")[0].0, 2);
    assert!(problem("[[room]]").contains("name"));
    assert!(problem("[[room]]\nname = 1").contains("string"));
}

#[test]
fn everything_that_can_be_wrong_is_told_once() {
    let room = |more: &str| format!("[[room]]\nname = \"r\"\n{more}\n");
    let talk = |more: &str| {
        let crowd = "[crowd.c]\nnames = [\"n\"]\nlines = [\"l\"]\n[crowd.silent]\nnames = [\"s\"]\n";
        format!("{crowd}{}[room.talk]\n{more}\n", room(""))
    };
    let raid = |more: &str| talk(&format!("crowd = [\"c\"]\nevery = [1, 2]\n[[room.talk.raid]]\n{more}"));
    let flood = |more: &str| talk(&format!("crowd = [\"c\"]\nevery = [1, 2]\n[[room.talk.flood]]\n{more}"));
    let moderator = |more: &str| talk(&format!("crowd = [\"c\"]\nevery = [1, 2]\n[[room.talk.moderator]]\n{more}"));
    let wrong = [
        (room("rate = 101"), "1 to 100"),
        (room("length = 0"), "1 to 500"),
        (room("created = \"1d\"\nupdated = \"2d\""), "shorter"),
        (room("created = \"a while\""), "20m"),
        (room("created = \"\""), "20m"),
        (room("fallback = \"MAYBE\""), "ALLOW or DENY"),
        (room("handler = \"h\""), "no [[handler]]"),
        (room("tags = { \"\" = \"v\" }"), "1 to 128"),
        (talk("crowd = [\"d\"]\nevery = [1, 2]"), "there are: c, silent"),
        (talk("crowd = []\nevery = [1, 2]"), "empty"),
        (talk("crowd = [\"silent\"]\nevery = [1, 2]"), "no lines"),
        (talk("crowd = [\"c\"]\nevery = [2, 1]"), "smaller first"),
        (talk("crowd = [\"c\"]\nevery = [0, 0]"), "smaller first"),
        (talk("crowd = [\"c\"]\nevery = [1, inf]"), "smaller first"),
        (talk("crowd = [\"c\"]\nevery = [1, 2]\nreturns = 1.1"), "0.0 to 1.0"),
        (talk("crowd = [\"c\"]\nevery = [1, 2]\nwave = { every = [1, 2], lasts = [1, 2], faster = 0.5 }"), "faster"),
        (raid("crowd = [\"c\"]\nevery = [1, 2]\nusers = [1, 2]\nwithin = 1\nlines = [\"l\"]"), "the crowd has 1"),
        (raid("crowd = [\"c\"]\nevery = [1, 2]\nusers = [1, 1]\nwithin = 0\nlines = [\"l\"]"), "above 0"),
        (raid("crowd = [\"c\"]\nevery = [1, 2]\nusers = [1, 1]\nwithin = 1\nlines = []"), "empty"),
        (flood("crowd = [\"c\"]\nevery = [1, 2]\nmessages = [3, 2]\nwithin = 1\nlines = [\"l\"]"), "the smaller first"),
        (flood("crowd = [\"d\"]\nevery = [1, 2]\nmessages = [2, 3]\nwithin = 1\nlines = [\"l\"]"), "no [crowd.d]"),
        (moderator("every = [1, 2]\ndisconnects = 1.5\nreasons = [\"spam\"]"), "likelihood"),
        (moderator("first = [2, 1]\nevery = [1, 2]\nreasons = [\"spam\"]"), "the smaller first"),
        (moderator("every = [1, 2]\nreasons = []"), "empty"),
        ("[crowd.c]\nlines = [\"l\"]\n".to_owned(), "people or names"),
        ("[crowd.c]\nnames = [\"n\"]\nlines = [\"{x}\"]\n".to_owned(), "[words]"),
        (format!("[crowd.c]\npeople = [{{ id = \"{}\" }}]\n", "i".repeat(129)), "1 to 128"),
        (format!("[crowd.c]\npeople = [{{ name = \"{}\" }}]\n", "n".repeat(1024)), "1024 bytes"),
        ("[words]\nw = []\n".to_owned(), "empty"),
        ("[[logging]]\nname = \"l\"\n".to_owned(), "exactly one"),
        ("[[logging]]\nname = \"l\"\ns3 = \"abc\"\nfirehose = \"f\"\n".to_owned(), "exactly one"),
        ("[[logging]]\nname = \"l\"\ns3 = \"abc\"\nstate = \"CREATING\"\n".to_owned(), "CREATE_FAILED"),
        ("[[handler]]\nname = \"a:b\"\n".to_owned(), "1 to 64"),
        ("[[ivs]]\nkind = \"room\"\n".to_owned(), "channel"),
        ("[generated]\nfirst = []\nsecond = [\"a\"]\n".to_owned(), "empty"),
        ("[generated]\nfirst = [\"a b\"]\nsecond = [\"a\"]\n".to_owned(), "letters"),
    ];
    for (text, expected) in wrong {
        let told = problem(&text);
        assert!(told.contains(expected), "{text}\n{told}");
    }
}

#[test]
fn a_person_keeps_their_id() {
    let text = "[crowd.c]\nnames = [\"Nadia\", \"Nadia\", \"Łukasz\", \"🎮\"]\nlines = [\"l\"]\n\
                [[room]]\nname = \"r\"\n[room.talk]\ncrowd = [\"c\"]\nevery = [1, 2]\n";
    let ids = || {
        let script = Script::parse(text).unwrap();
        let talk = script.contents.rooms[0].talk.clone().unwrap();
        talk.voices[0].people.iter().map(|person| person.user_id.clone()).collect::<Vec<_>>()
    };
    assert_eq!(ids(), ids());
    assert!(ids()[0].starts_with("nadia.") && ids()[0] != ids()[1], "{:?}", ids());
    assert!(ids()[2].starts_with("ukasz.") && ids()[3].starts_with("user."), "{:?}", ids());
}

#[test]
fn a_problem_is_told_wherever_it_is_in_the_text() {
    let text = "a = 1\r\nü = \"日本\"\n";
    for start in 0..=text.len() + 2 {
        for end in start..=text.len() + 2 {
            let problem = ScriptProblem::at(text, start..end, "x");
            assert!(problem.line >= 1 && problem.column >= 1 && problem.width >= 1);
            assert!(problem.to_string().contains(&problem.excerpt));
        }
    }
}
