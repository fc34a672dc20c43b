use super::*;

const ROOM_ARN: &str = "arn:aws:ivschat:us-west-2:123456789012:room/AbCdEf123456";
const LOGS: &str = "arn:aws:ivschat:us-west-2:123456789012:logging-configuration/AbCdEf123456";

fn room() -> Resource {
    let json = json!({
        "arn": ROOM_ARN, "id": "AbCdEf123456", "name": "on", "createTime": "2026-11-21T12:00:00Z", "tags": {"a": "b"},
        "maximumMessageRatePerSecond": 10, "maximumMessageLength": 500, "loggingConfigurationIdentifiers": [LOGS],
    });
    Resource::Room(serde_json::from_value(json).unwrap())
}

fn logging() -> Resource {
    let json = json!({
        "arn": LOGS, "name": "cw", "state": "ACTIVE",
        "destinationConfiguration": {"cloudWatchLogs": {"logGroupName": "/ivs"}},
    });
    Resource::Logging(serde_json::from_value(json).unwrap())
}

/// The body of the update that an edited document comes to.
fn update(resource: &Resource, from: &str, to: &str) -> Value {
    let before = document(resource);
    assert!(before.contains(from), "{before}");
    match changes(&before.replace(from, to), resource).unwrap().unwrap() {
        Update::Room(update) => update.request().body.unwrap(),
        Update::Logging(update) => update.request().body.unwrap(),
    }
}

/// What is wrong with an edited document, in words.
fn flaws(resource: &Resource, from: &str, to: &str) -> Vec<String> {
    let edited = document(resource).replace(from, to);
    let flaws = changes(&edited, resource).unwrap_err();
    let line = |flaw: &Flaw| flaw.line.and_then(|line| edited.lines().nth(line - 1)).unwrap_or("?").to_owned();
    flaws.iter().map(|flaw| format!("{} {} [{}]", flaw.problem.member, flaw.problem.message, line(flaw))).collect()
}

#[test]
fn a_document_holds_what_can_be_changed_and_says_of_what() {
    let text = document(&room());
    assert!(text.starts_with(&format!("# The room {ROOM_ARN}\n")), "{text}");
    let yaml: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(
        yaml.join("\n"),
        format!(
            "name: \"on\"\nmaximumMessageRatePerSecond: 10\nmaximumMessageLength: 500\nmessageReviewHandler:\n  \
             uri: \"\"\n  fallbackResult: ALLOW\nloggingConfigurationIdentifiers:\n  - {LOGS}"
        )
    );
    assert!(text.lines().all(|line| line.len() < 80 || line.contains("arn:")), "{text}");
    let text = document(&logging());
    assert!(
        text.ends_with("\nname: cw\ndestinationConfiguration:\n  cloudWatchLogs:\n    logGroupName: /ivs\n"),
        "{text}"
    );
}

#[test]
fn what_was_not_changed_is_no_change() {
    for resource in [room(), logging()] {
        assert_eq!(changes(&document(&resource), &resource), Ok(None));
        assert_eq!(changes("", &resource), Ok(None));
        assert_eq!(changes("# only words\n\n", &resource), Ok(None));
    }
}

#[test]
fn an_update_holds_what_was_changed_and_nothing_else() {
    let changed = update(&room(), "Length: 500", "Length: 499");
    assert_eq!(changed, json!({"identifier": ROOM_ARN, "maximumMessageLength": 499}));
    assert_eq!(update(&room(), "name: \"on\"", "name: off"), json!({"identifier": ROOM_ARN, "name": "off"}));
    assert_eq!(update(&room(), "name: \"on\"", "name: ''"), json!({"identifier": ROOM_ARN, "name": ""}));
    let cleared = update(&room(), &format!("\n  - {LOGS}"), " []");
    assert_eq!(cleared, json!({"identifier": ROOM_ARN, "loggingConfigurationIdentifiers": []}));
    let handler = update(&room(), "uri: \"\"", "uri: arn:aws:lambda:us-west-2:1:function:f");
    let expected = json!({"uri": "arn:aws:lambda:us-west-2:1:function:f", "fallbackResult": "ALLOW"});
    assert_eq!(handler["messageReviewHandler"], expected);
    let moved = update(&logging(), "cloudWatchLogs:\n    logGroupName: /ivs", "s3: {bucketName: my-logs}");
    assert_eq!(moved, json!({"identifier": LOGS, "destinationConfiguration": {"s3": {"bucketName": "my-logs"}}}));
}

#[test]
fn an_update_names_its_members() {
    let text = document(&room()).replace("10", "20").replace("\"on\"", "off");
    let members = changes(&text, &room()).unwrap().unwrap().members();
    assert_eq!(members, ["name", "maximumMessageRatePerSecond"]);
}

#[test]
fn a_handler_that_is_no_handler_is_no_change_whatever_it_falls_back_to() {
    let text = document(&room()).replace("ALLOW\n", "DENY\n");
    assert_eq!(changes(&text, &room()), Ok(None));
}

#[test]
fn unknown_members_are_refused_with_the_nearest_known_one() {
    let found = flaws(&room(), "maximumMessageLength: 500", "maxMessageLength: 400");
    assert_eq!(found, ["maxMessageLength is not known; did you mean maximumMessageLength? [maxMessageLength: 400]"]);
    let found = flaws(&room(), "  uri: ", "  url: ");
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("messageReviewHandler.url is not known; did you mean uri?"), "{found:?}");
    let found = flaws(&room(), "name: \"on\"", "zebra: 1\ntags: {}");
    assert!(found[0].starts_with("zebra is not known; there are name, "), "{found:?}");
    assert_eq!(found[1], "tags can't be changed here [tags: {}]");
}

#[test]
fn wrong_types_and_broken_limits_are_told_all_at_once_with_their_lines() {
    let found =
        flaws(&room(), "name: \"on\"\nmaximumMessageRatePerSecond: 10", "name: 12\nmaximumMessageRatePerSecond: '10'");
    assert_eq!(
        found,
        [
            "name must be a text, and is a number: put it in quotes [name: 12]",
            "maximumMessageRatePerSecond must be a whole number from 1 to 100, and is a text \
             [maximumMessageRatePerSecond: '10']",
        ]
    );
    let found = flaws(&room(), "maximumMessageLength: 500", "maximumMessageLength: 501");
    assert_eq!(found, ["maximumMessageLength is 501, must be 1 to 500 [maximumMessageLength: 501]"]);
    for (from, to, member) in [
        ("Length: 500", "Length: 1.5", "maximumMessageLength"),
        ("Length: 500", "Length: -1", "maximumMessageLength"),
        ("Length: 500", "Length: 99999999999", "maximumMessageLength"),
        ("ALLOW\n", "MAYBE\n", "messageReviewHandler.fallbackResult"),
        ("name: \"on\"", "name:", "name"),
        (LOGS, "nonsense", "loggingConfigurationIdentifiers"),
        ("  uri: \"\"\n  fallbackResult: ALLOW\n", "", "messageReviewHandler"),
    ] {
        let found = flaws(&room(), from, to);
        assert!(
            found.len() == 1 && found[0].starts_with(&format!("{member} ")) && !found[0].ends_with("[?]"),
            "{found:?}"
        );
    }
    let two = "s3: {bucketName: my-logs}\n  cloudWatchLogs: {logGroupName: /ivs}";
    assert_eq!(flaws(&logging(), "cloudWatchLogs:\n    logGroupName: /ivs", two).len(), 1);
    let more = "s3: {bucketName: my-logs, prefix: x}";
    assert_eq!(flaws(&logging(), "cloudWatchLogs:\n    logGroupName: /ivs", more).len(), 1);
}

#[test]
fn what_is_not_yaml_is_told_with_its_line() {
    let found = flaws(&room(), "name: \"on\"", "name: [");
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("document "), "{found:?}");
    assert_eq!(changes("- a\n", &room()).unwrap_err().len(), 1);
}

#[test]
fn errors_stand_on_top_instead_of_the_former_ones_and_name_the_lines_as_they_are_then() {
    let edited = document(&room()).replace("Length: 500", "Length: 501 # more") + "# ! mine\n";
    let flaws = changes(&edited, &room()).unwrap_err();
    let shown = with_errors(&edited, &flaws);
    let first = shown.lines().next().unwrap();
    let line: usize = first.strip_prefix("# ! line ").unwrap().split(':').next().unwrap().parse().unwrap();
    assert_eq!(shown.lines().nth(line - 1), Some("maximumMessageLength: 501 # more"));
    assert!(shown.ends_with(&edited), "{shown}");
    let again = changes(&shown, &room()).unwrap_err();
    assert_eq!(again, flaws);
    assert_eq!(with_errors(&shown, &again), shown);
    assert_eq!(with_errors(&shown, &[]), edited);
    let hostile = Flaw::from(Problem::new("name", "a\nname: evil\u{1b}[31m"));
    assert_eq!(with_errors("x: 1\n", &[hostile]).lines().count(), 2);
}
