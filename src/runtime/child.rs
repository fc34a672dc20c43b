//! Other programs that we start: none of them inherits the credentials that we may have been given.

use tokio::process::Command;

/// What stands for credentials in an environment.
const SECRETS: [&str; 3] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];

/// A program to start.
pub(super) fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    for name in SECRETS {
        command.env_remove(name);
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_taken_out_of_the_environment() {
        let command = command("true");
        let gone: Vec<_> =
            command.as_std().get_envs().filter(|(_, value)| value.is_none()).map(|(name, _)| name).collect();
        assert_eq!(gone, SECRETS);
    }
}
