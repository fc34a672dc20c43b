//! `ivschat simulate` as a program: its one line, its file, its signals and its exit codes.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

fn simulate(more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ivschat"));
    command.env_remove("AWS_REGION").arg("simulate").args(more);
    if !more.contains(&"--listen") {
        command.args(["--listen", "127.0.0.1:0"]);
    }
    command
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args(["-s", name, &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

fn failure(more: &[&str]) -> String {
    let Output { status, stdout, stderr } = simulate(more).output().unwrap();
    assert!(status.code().is_some_and(|code| code > 0) && stdout.is_empty(), "{status}");
    String::from_utf8(stderr).unwrap()
}

#[test]
fn it_prints_one_line_and_leaves_with_zero() {
    for name in ["TERM", "INT"] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ready");
        let mut command = simulate(&["--region", "eu-west-1", "--ready-file", path.to_str().unwrap()]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let told: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(told["region"], "eu-west-1");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), line);
        signal(&child, name);
        let mut rest = String::new();
        out.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "");
        let Output { status, stderr, .. } = child.wait_with_output().unwrap();
        assert_eq!((status.code(), stderr), (Some(0), vec![]), "{name}");
    }
}

#[test]
fn what_it_can_t_do_is_one_plain_message() {
    assert!(failure(&["--listen", "0.0.0.0:0"]).contains("--allow-remote"));
    assert!(failure(&["--fault", "ListRooms=explode"]).contains("status:CODE"));
    assert!(failure(&["--world", "no/such/world.toml"]).contains("can't read no/such/world.toml"));
}
