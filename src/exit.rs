//! What the program's exit codes mean: the same as those of the AWS CLI, as scripts have both side by side.

use std::process::ExitCode;

/// How the program ended, for whoever started it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// It is done.
    Done,
    /// It is done, and not all is well: some of it failed, a journal is not sound, or no rule has flagged anything.
    Partly,
    /// A signal told it to end.
    Signal(i32),
    /// The command line means nothing, or there is no terminal for what it asks for.
    Usage,
    /// The configuration, the region or the credentials can't be used.
    Settings,
    /// The service said no.
    Refused,
    /// Anything else.
    Failed,
}

/// What stands in `--help`, line by line. The README has the same, and tests hold both to [`Exit::code`].
pub const TABLE: [(u8, &str); 7] = [
    (0, "done"),
    (1, "partly failed; a check found something amiss; rules test flagged nothing"),
    (130, "interrupted (128 and the signal's number: 143 terminated, 129 hung up)"),
    (252, "the command line means nothing, or there is no terminal to draw on"),
    (253, "the configuration, the region or the credentials can't be used"),
    (254, "the service said no"),
    (255, "anything else"),
];

/// The table as the README shows it.
pub fn markdown() -> String {
    let rows = TABLE.map(|(code, meaning)| format!("| {code} | {meaning} |\n"));
    format!("| exit code | |\n|---|---|\n{}", rows.concat())
}

impl Exit {
    /// The number that the shell sees.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Partly => 1,
            Self::Signal(number) => u8::try_from(128 + number).unwrap_or(255),
            Self::Usage => 252,
            Self::Settings => 253,
            Self::Refused => 254,
            Self::Failed => 255,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_names_every_way_to_end_in_the_order_of_its_number() {
        let ways =
            [Exit::Done, Exit::Partly, Exit::Signal(2), Exit::Usage, Exit::Settings, Exit::Refused, Exit::Failed];
        assert_eq!(ways.map(Exit::code), TABLE.map(|(code, _)| code));
    }

    #[test]
    fn a_signal_is_told_as_the_shell_tells_it() {
        assert_eq!([1, 3, 15].map(|number| Exit::Signal(number).code()), [129, 131, 143]);
        assert_eq!(Exit::Signal(4000).code(), 255);
    }
}
