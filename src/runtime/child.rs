//! Other programs that we start: none of them inherits the credentials that we may have been given.

use std::ffi::OsStr;

use tokio::process::Command;

/// What stands for credentials in an environment.
const SECRETS: [&str; 6] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
];
/// What the names of bearer tokens start with: the service's name follows.
const BEARER: &str = "AWS_BEARER_TOKEN";

/// A program to start.
pub(super) fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os().filter(|(name, _)| is_secret(name)) {
        command.env_remove(name);
    }
    command
}

fn is_secret(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| SECRETS.contains(&name) || name.starts_with(BEARER))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_for_credentials_is_known_by_name() {
        for name in SECRETS.into_iter().chain(["AWS_BEARER_TOKEN_BEDROCK", "AWS_BEARER_TOKEN"]) {
            assert!(is_secret(OsStr::new(name)), "{name}");
        }
        for name in ["AWS_REGION", "AWS_PROFILE", "EDITOR", "PATH"] {
            assert!(!is_secret(OsStr::new(name)), "{name}");
        }
    }
}
