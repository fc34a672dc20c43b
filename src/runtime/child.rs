//! Other programs that we start: none of them inherits the credentials that we may have been given.

use std::env;

use tokio::process::Command;

/// A program to start.
pub(super) fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(is_credential) {
            command.env_remove(name);
        }
    }
    command
}

/// What the names of credentials hold, besides `AWS_`.
const MARKS: [&str; 5] = ["ACCESS_KEY", "SECRET", "TOKEN", "PASSWORD", "CONTAINER_CREDENTIALS"];

/// Whether a variable stands for credentials, or for a door to them: by what its name says and not by a list, as each AWS
/// service may have a bearer token of its own (`AWS_BEARER_TOKEN_BEDROCK`).
fn is_credential(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    name.starts_with("AWS_") && MARKS.iter().any(|mark| name.contains(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tells this test that it is the one inside.
    const INSIDE: &str = "IVSCHAT_TEST_INSIDE";

    const CREDENTIALS: [&str; 9] = [
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_SECURITY_TOKEN",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_BEARER_TOKEN_BEDROCK",
        "AWS_BEARER_TOKEN_WHATEVER_COMES_NEXT",
    ];

    /// A process's own environment can't be changed safely, so the test runs once more inside one that is full of canaries,
    /// and there starts `env`.
    #[tokio::test]
    async fn no_credential_is_in_the_environment_of_a_program_that_we_start() {
        if env::var_os(INSIDE).is_some() {
            let status = command("env").status().await.unwrap();
            assert!(status.success());
            return;
        }
        let mut inside = Command::new(env::current_exe().unwrap());
        inside
            .args(["--exact", "runtime::child::tests::no_credential_is_in_the_environment_of_a_program_that_we_start"]);
        inside.arg("--nocapture").env(INSIDE, "1").env("AWS_PROFILE", "moderation").env("AWS_REGION", "us-west-2");
        for name in CREDENTIALS {
            inside.env(name, "CANARY");
        }
        let output = inside.output().await.unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{text}");
        assert!(text.contains("AWS_PROFILE=moderation") && text.contains("AWS_REGION=us-west-2"), "{text}");
        assert!(!text.contains("CANARY"), "{text}");
    }
}
