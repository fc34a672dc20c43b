//! The command line, the announcement, and the errors that a stranger may meet.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use clap::Parser;
use serde_json::Value;
use tokio::sync::oneshot;

use super::*;
use crate::simulator::server::credentials;

#[derive(Debug, Parser)]
struct Program {
    #[command(flatten)]
    args: Args,
}

fn args(more: &[&str]) -> Args {
    let fixed = ["ivschat", "--listen", "127.0.0.1:0"];
    Program::try_parse_from(fixed.iter().chain(more)).unwrap().args
}

fn complaint(more: &[&str]) -> String {
    Program::try_parse_from(["ivschat"].iter().chain(more)).unwrap_err().to_string()
}

/// What goes wrong when the command is run with these arguments and stopped at once.
async fn failure(args: Args) -> String {
    serve(args, Vec::new(), async {}).await.unwrap_err().to_string()
}

#[tokio::test]
async fn it_tells_where_it_is_in_a_line_and_in_a_private_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ready.json");
    let args = Args { ready_file: Some(path.clone()), ..args(&[]) };
    let (stop, stopped) = oneshot::channel::<()>();
    let (reader, writer) = std::io::pipe().unwrap();
    let server = tokio::spawn(serve(args, writer, async { drop(stopped.await) }));
    let line = tokio::task::spawn_blocking(|| {
        let mut line = String::new();
        io::BufRead::read_line(&mut io::BufReader::new(reader), &mut line).map(|_| line)
    });
    let line = line.await.unwrap().unwrap();
    let told: Value = serde_json::from_str(&line).unwrap();
    let members: Vec<_> = told.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(members, ["endpoint", "messaging_endpoint", "region", "access_key_id", "secret_access_key"]);
    assert_eq!(fs::read_to_string(&path).unwrap(), line);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no draft is left");
    let answer = reqwest::get(format!("{}/_simulator/faults", told["endpoint"].as_str().unwrap())).await.unwrap();
    assert_eq!(answer.status(), 200);
    stop.send(()).unwrap();
    server.await.unwrap().unwrap();
    assert!(!path.exists(), "the file goes when the server goes");
}

#[tokio::test]
async fn errors_say_what_to_do() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = taken.local_addr().unwrap();
    let error = failure(Args { listen, ..args(&[]) }).await;
    assert_eq!(
        error,
        format!("{listen} is in use; choose another port with --listen, or --listen 127.0.0.1:0 for any free one")
    );
    let error = failure(Args { listen: "0.0.0.0:0".parse().unwrap(), ..args(&[]) }).await;
    assert!(error.contains("--allow-remote"), "{error}");
    let error = failure(args(&["--world", "no/such/file"])).await;
    assert!(error.starts_with("can't read no/such/file: "), "{error}");
    let error = failure(args(&["--ready-file", "no/such/folder/ready"])).await;
    assert!(error.starts_with("can't write no/such/folder/ready: "), "{error}");
}

#[tokio::test]
async fn a_bad_world_is_shown_with_the_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("world.toml");
    fs::write(&path, "[[room]]\nname = \"lobby\"\ncolour = = \"red\"\n").unwrap();
    let error = failure(Args { world: Some(path), ..args(&[]) }).await;
    assert!(error.contains("world.toml") && error.contains('3') && error.contains('^'), "{error}");
}

#[test]
fn the_command_line_is_read() {
    let args =
        args(&["--rooms", "200", "--seed", "7", "--rate", "2.5", "--quotas", "off", "--fault", "ListRooms=deny"]);
    let setup = setup(&args).unwrap();
    assert_eq!((setup.rooms, setup.seed, setup.rate, setup.quotas), (Some(200), 7, Some(2.5), Quotas::Off));
    assert_eq!(args.fault, [fault::parse("ListRooms=deny").unwrap()]);
}

#[test]
fn what_makes_no_sense_is_explained() {
    assert!(complaint(&["--fault", "Rooms=deny"]).contains("ListRooms"));
    assert!(complaint(&["--fault", "ListRooms=boom"]).contains("garbage"));
    assert!(complaint(&["--fault", "ListRooms=lost"]).contains("DeleteMessage, DisconnectUser, SendEvent do"));
    assert!(complaint(&["--session-seconds", "0"]).contains("1..=10800"));
    assert!(complaint(&["--rate=-1"]).contains("0 to 10000"));
    assert!(complaint(&["--quotas", "0"]).contains("above 0"));
    assert!(complaint(&["--rooms", "50001"]).contains("50000"));
    assert!(complaint(&["--region", "Oregon"]).contains("us-west-2"));
    assert!(complaint(&["--listen", "localhost"]).contains("localhost"));
}

#[test]
fn the_documentation_tells_all_flags_and_faults() {
    let document = include_str!("../../../docs/simulator.md");
    let command = <Program as clap::CommandFactory>::command();
    for flag in command.get_arguments().filter_map(clap::Arg::get_long).filter(|flag| *flag != "help") {
        assert!(document.contains(&format!("| `--{flag}")), "{flag}");
    }
    let faults = document.split("| fault | what happens").nth(1).unwrap().lines().skip(2);
    let faults: Vec<_> = faults.take_while(|line| line.starts_with('|')).collect();
    assert_eq!(faults.len(), 16);
    for line in faults {
        for written in line.split('|').nth(1).unwrap().split('`').skip(1).step_by(2) {
            let example = written.replace("CODE", "503").replace("RETRY_AFTER_MS", "1500").replace("SECONDS", "2");
            assert!(example.parse::<Plan>().is_ok(), "{written}");
        }
    }
    for text in [credentials::TEMPORARY_SESSION_TOKEN, credentials::EXPIRED_SESSION_TOKEN, credentials::ACCESS_KEY_ID] {
        assert!(document.contains(text), "{text}");
    }
}
