//! How a text gets into the clipboard.

use serde::{Deserialize, Serialize};

/// How a text gets into the clipboard.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Clipboard {
    /// tmux if the console runs in it, else OSC 52.
    #[default]
    Auto,
    /// The terminal's own sequence for it.
    Osc52,
    /// `tmux load-buffer`.
    Tmux,
    /// Not at all.
    Off,
}
