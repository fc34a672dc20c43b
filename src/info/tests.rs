use clap::Parser;

use super::*;
use crate::cli::Cli;
use crate::config::Found;

fn info(line: &str, file: &str, environment: &[(&str, &str)]) -> Info {
    let args = Cli::try_parse_from(line.split(' ')).unwrap().open;
    let Found { config, problems, sources } = crate::config::Config::read(file);
    let place = Some((PathBuf::from("/etc/ivschat.toml"), Named::Flag));
    let loaded = Loaded { config, place, is_there: true, problems, sources };
    let variable = |name: &str| environment.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
    gather(&args, &loaded, Around { size: Some((80, 24)) }, variable)
}

fn says(info: &Info, name: &str) -> (Value, String) {
    let facts = info.sections.iter().flat_map(|section| &section.facts);
    let fact = facts.filter(|fact| fact.name == name).collect::<Vec<_>>();
    assert_eq!(fact.len(), 1, "{name} {fact:?}");
    (fact[0].value.clone(), fact[0].source.clone().unwrap_or_default())
}

#[test]
fn every_value_says_where_it_comes_from() {
    let file = "region = \"eu-west-1\"\nendpoint_url = \"http://127.0.0.1:1\"\n[chat]\n\nscrollback = 500\nwatch_minutes = 0\n\
                [group.lobbies]\nrooms = [\"lobby-*\"]\n[keys.chat]\nfold = \"A-o\"\n[[reason]]\ntext = \"x\"\n";
    let environment = [("AWS_REGION", "ap-south-1"), ("AWS_PROFILE", "prod")];
    let info = info("ivschat --region us-west-2 --theme light", file, &environment);
    let is =
        |name: &str, value: Value, source: &str| assert_eq!(says(&info, name), (value, source.to_owned()), "{name}");
    is("region", "us-west-2".into(), "flag --region");
    is("theme", "light".into(), "flag --theme");
    is("profile", "prod".into(), "env AWS_PROFILE");
    is("endpoint_url", "http://127.0.0.1:1".into(), "/etc/ivschat.toml:2");
    is("chat.scrollback", 500.into(), "/etc/ivschat.toml:5");
    is("chat.watch_minutes", 15.into(), "default");
    is("chat.user_id", Value::Null, "default");
    is("group.lobbies.rooms", json!(["lobby-*"]), "/etc/ivschat.toml:8");
    is("keys.chat.fold", json!(["A-o"]), "/etc/ivschat.toml:10");
    is("reason", 1.into(), "/etc/ivschat.toml:11");
    is("rule", 0.into(), "default");
    is("config", "/etc/ivschat.toml".into(), "flag --config");
    assert!(info.problems[0].starts_with("/etc/ivschat.toml:6: chat.watch_minutes is 0"));
    let text = info.text();
    assert!(text.contains("chat.scrollback") && text.contains("500  (/etc/ivschat.toml:5)"), "{text}");
    assert_eq!(info.json()["settings"]["chat.scrollback"], json!({ "value": 500, "source": "/etc/ivschat.toml:5" }));
}

#[test]
fn no_secret_and_nothing_that_a_terminal_would_obey_is_in_it() {
    let environment = [
        ("AWS_SECRET_ACCESS_KEY", "canary"),
        ("AWS_SESSION_TOKEN", "canary"),
        ("AWS_ACCESS_KEY_ID", "canary"),
        ("IVSCHAT_MESSAGING_ENDPOINT_URL", "wss://me:canary@chat.example/"),
        ("SSH_CONNECTION", "canary"),
        ("TERM", "xterm\u{1b}[2J"),
    ];
    let info = info("ivschat", "endpoint_url = \"https://me:canary@ivs.example/x\"\n", &environment);
    assert!(!info.text().contains("canary") && !info.json().to_string().contains("canary"), "{}", info.text());
    assert_eq!(says(&info, "endpoint_url").0, "https://ivs.example/x");
    assert!(!info.text().contains('\u{1b}'));
}

#[test]
fn the_terminal_is_told_as_it_is() {
    let environment = [
        ("TERM", "xterm-256color"),
        ("TMUX", "/tmp/x,1,0"),
        ("LANG", "C.UTF-8"),
        ("NO_COLOR", "1"),
        ("PATH", "/nowhere"),
    ];
    let told = info("ivschat", "", &environment);
    assert_eq!(says(&told, "size").0, "80x24");
    assert_eq!(says(&told, "colours").0, "none");
    assert_eq!(says(&told, "tmux").0, true);
    assert_eq!(says(&told, "ssh").0, false);
    assert_eq!(says(&told, "locale"), ("C.UTF-8".into(), "env LANG".to_owned()));
    let always = info("ivschat --color always", "", &environment);
    assert_eq!(says(&always, "colours").0, "256");
}
