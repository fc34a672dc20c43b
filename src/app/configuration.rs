//! What the console knows of its own configuration: where it is, and what is wrong with it.

/// What is wrong: in which line and what, and if that helps the line itself, with a caret below it.
pub type Problem = (String, Option<(String, String)>);

/// The configuration as a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Configuration {
    /// Where it is looked for; nothing without a home.
    pub file: Option<String>,
    /// Whether it is there.
    pub is_there: bool,
    /// Whether nothing in it could be understood: then nothing in it counts.
    pub is_lost: bool,
    /// What is wrong with it. What it is about is left out, and all else counts.
    pub problems: Vec<Problem>,
}

impl Configuration {
    /// What the status line says of problems.
    pub fn words(&self) -> Option<String> {
        match self.problems.len() {
            0 => None,
            1 => Some("config: 1 problem, :config shows it".to_owned()),
            count => Some(format!("config: {count} problems, :config shows them")),
        }
    }
}
