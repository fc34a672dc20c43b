//! A `credential_process`: a program that prints credentials. It may not ask: nobody would see it.

use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use jiff::Timestamp;
use rustix::process::{Pid, Signal, kill_process_group};
use serde::Deserialize;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};

use super::facts::Trouble;
use super::surroundings::Surroundings;

/// How long it may take: somebody may have to touch a key.
const LIMIT: Duration = Duration::from_mins(1);

/// The most bytes of its output that are read.
const OUTPUT: u64 = 64 * 1024;

/// The most characters of its standard error that are kept: the end says what happened.
const WORDS: usize = 1_000;

/// What it prints. It has no `Debug` on purpose.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Printed {
    version: u32,
    access_key_id: String,
    secret_access_key: String,
    session_token: Option<String>,
    expiration: Option<Timestamp>,
}

/// Runs `command`, which `profile` names.
pub(super) async fn credentials(around: &Surroundings, profile: &str, command: &str) -> Result<Credentials, Trouble> {
    within(LIMIT, around, profile, command).await
}

async fn within(limit: Duration, around: &Surroundings, profile: &str, command: &str) -> Result<Credentials, Trouble> {
    let failed = |why: String, stderr: String| Trouble::Process {
        profile: profile.to_owned(),
        command: program(command),
        why,
        stderr,
    };
    let mut child =
        start(around, command).map_err(|error| failed(format!("it did not start: {error}"), String::new()))?;
    let mut group = Group(child.id().and_then(|id| Pid::from_raw(id.try_into().ok()?)));
    let run = tokio::time::timeout(limit, run(&mut child)).await;
    let Ok(run) = run else {
        let why = format!("it took longer than {} s: does it wait for somebody to answer?", limit.as_secs_f32());
        return Err(failed(why, String::new()));
    };
    // What has ended may have left an agent behind, which is to live on.
    group.0 = None;
    let (status, output, stderr) = run.map_err(|error| failed(error.to_string(), String::new()))?;
    if !status.success() {
        return Err(failed(format!("it ended with {status}"), stderr));
    }
    // The parser's words are not told: they may repeat what was printed.
    let printed: Printed = serde_json::from_slice(&output)
        .map_err(|_| failed("what it printed is not the JSON of credentials".to_owned(), stderr.clone()))?;
    if printed.version != 1 {
        return Err(failed(format!("it printed version {} of credentials, not 1", printed.version), stderr));
    }
    let until = printed.expiration.map(SystemTime::from);
    let Printed { access_key_id, secret_access_key, session_token, .. } = printed;
    Ok(Credentials::new(access_key_id, secret_access_key, session_token, until, "credential_process"))
}

/// The program of a command line, without its arguments and its folder.
fn program(command: &str) -> String {
    let command = command.trim_start();
    let name = match command.chars().next() {
        Some(quote @ ('"' | '\'')) => command[1..].split(quote).next(),
        _ => command.split_whitespace().next(),
    };
    let name = name.unwrap_or_default();
    name.rsplit('/').next().unwrap_or(name).to_owned()
}

/// Starts it where it can't touch our terminal: with no input, and where there is `setsid`, without the terminal
/// itself; elsewhere in a process group of its own.
fn start(around: &Surroundings, command: &str) -> std::io::Result<Child> {
    let path = around.variable("PATH").unwrap_or_default();
    let setsid = std::env::split_paths(&path).map(|folder| folder.join("setsid")).find(|file| file.is_file());
    let mut start = Command::new(setsid.as_deref().unwrap_or(Path::new("/bin/sh")));
    if setsid.is_some() {
        start.arg("/bin/sh");
    } else {
        start.process_group(0);
    }
    start.arg("-c").arg(command).env_clear().envs(around.variables.iter()).kill_on_drop(true);
    start.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()
}

async fn run(child: &mut Child) -> std::io::Result<(ExitStatus, Vec<u8>, String)> {
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let (output, words) = tokio::join!(read(out), read(err));
    let status = child.wait().await?;
    let words = String::from_utf8_lossy(&words?).trim().to_owned();
    let skipped = words.chars().count().saturating_sub(WORDS);
    Ok((status, output?, words.chars().skip(skipped).collect()))
}

async fn read(from: Option<impl AsyncRead + Unpin>) -> std::io::Result<Vec<u8>> {
    let mut read = Vec::new();
    if let Some(from) = from {
        let mut start = from.take(OUTPUT);
        start.read_to_end(&mut read).await?;
        // What is too much is taken and forgotten, so that the program does not wait for us.
        tokio::io::copy(&mut start.into_inner(), &mut tokio::io::sink()).await?;
    }
    Ok(read)
}

/// The program and all that it has started, which end when nobody waits for them any more.
struct Group(Option<Pid>);

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(pid) = self.0 {
            let _ = kill_process_group(pid, Signal::KILL);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rustix::process::test_kill_process;

    use super::*;
    use crate::identity::transport;

    /// A program that waits for ever ends at its time limit, with all that it has started.
    #[tokio::test]
    async fn a_program_that_waits_is_ended_with_all_that_it_has_started() {
        let home = tempfile::tempdir().unwrap();
        let path = std::env::var("PATH").unwrap();
        let variables = [("PATH", path), ("HOME", home.path().display().to_string())];
        let around = Surroundings {
            variables: Arc::new(variables.map(|(name, value)| (name.to_owned(), value)).into()),
            http: transport::usual(),
            now: Arc::new(Timestamp::now),
            host: String::new(),
        };
        let command = "sleep 1000 & echo $! > \"$HOME/new\"; mv \"$HOME/new\" \"$HOME/child\"; wait";
        let file = home.path().join("child");
        let running = tokio::spawn(async move {
            let limit = Duration::from_secs(3);
            within(limit, &around, "slow", command).await
        });
        let trouble = running.await.unwrap().unwrap_err();
        assert!(matches!(&trouble, Trouble::Process { why, .. } if why.contains("longer than 3 s")), "{trouble}");
        let child = std::fs::read_to_string(file).unwrap().trim().parse().unwrap();
        // It may take a moment until it is gone for good.
        while test_kill_process(Pid::from_raw(child).unwrap()).is_ok() && !is_zombie(child) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Whether nobody has asked yet how it ended.
    fn is_zombie(pid: i32) -> bool {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        stat.rsplit(") ").next().is_some_and(|rest| rest.starts_with('Z'))
    }

    #[test]
    fn a_command_is_named_without_its_arguments() {
        for (command, name) in [
            ("/opt/bin/vault-helper --token hidden", "vault-helper"),
            ("\"/opt/my tools/helper\" hidden", "helper"),
            ("'helper'hidden", "helper"),
            ("helper", "helper"),
            ("", ""),
        ] {
            assert_eq!(program(command), name);
        }
    }
}
