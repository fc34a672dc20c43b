//! What each theme makes of the roles: which colour, if any.

use ratatui::style::Color;
use serde::{Deserialize, Serialize};

/// A set of looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Theme {
    /// The terminal's own sixteen colours, those of them that can be read on light and on dark.
    #[default]
    Terminal,
    /// Those of them that can be read well on a light background.
    Light,
    /// The terminal's own text colour alone, and nothing dimmed.
    HighContrast,
    /// No colour at all.
    Monochrome,
}

impl Theme {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Terminal, Self::Light, Self::HighContrast, Self::Monochrome];

    /// Its name, as it is written.
    pub fn name(self) -> &'static str {
        match self {
            Self::Terminal => "terminal",
            Self::Light => "light",
            Self::HighContrast => "high-contrast",
            Self::Monochrome => "monochrome",
        }
    }

    /// The colour of a role; none is the terminal's own.
    pub fn colour(self, role: Role) -> Option<Color> {
        match self {
            Self::Terminal => terminal(role),
            Self::Light => light(role),
            Self::HighContrast | Self::Monochrome => None,
        }
    }
}

/// What a style is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Ordinary text.
    Text,
    /// What matters less: times, units, labels, frames.
    Quiet,
    /// The frame of the focused pane.
    Focus,
    /// Titles and headings.
    Title,
    /// The row under the cursor: the colour of the bar.
    Cursor,
    /// Text that is being typed.
    Typed,
    /// A mark, and what is said of marks.
    Mark,
    /// Something is well.
    Good,
    /// Something is under way or wants a look.
    Busy,
    /// Something is wrong.
    Bad,
    /// A key on the hint line or in the help.
    Key,
    /// A deleted message.
    Deleted,
    /// The first hue of users' names.
    Name1,
    /// The second.
    Name2,
    /// The third.
    Name3,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::Text,
        Self::Quiet,
        Self::Focus,
        Self::Title,
        Self::Cursor,
        Self::Typed,
        Self::Mark,
        Self::Good,
        Self::Busy,
        Self::Bad,
        Self::Key,
        Self::Deleted,
        Self::Name1,
        Self::Name2,
        Self::Name3,
    ];
}

/// Names are readable on light and dark in every terminal's own palette. Red means trouble and yellow is unreadable on
/// white, so neither is a name's.
fn terminal(role: Role) -> Option<Color> {
    match role {
        Role::Text | Role::Quiet | Role::Title | Role::Cursor | Role::Typed | Role::Deleted => None,
        Role::Focus | Role::Key | Role::Name1 => Some(Color::Cyan),
        Role::Good | Role::Name2 => Some(Color::Green),
        Role::Mark | Role::Name3 => Some(Color::Magenta),
        Role::Busy => Some(Color::Yellow),
        Role::Bad => Some(Color::Red),
    }
}

/// Green, yellow and cyan are pale on white in most palettes.
fn light(role: Role) -> Option<Color> {
    match role {
        Role::Text | Role::Quiet | Role::Title | Role::Cursor | Role::Typed | Role::Deleted | Role::Name3 => None,
        Role::Focus | Role::Key | Role::Good | Role::Name1 => Some(Color::Blue),
        Role::Mark | Role::Busy | Role::Name2 => Some(Color::Magenta),
        Role::Bad => Some(Color::Red),
    }
}
