//! How things look: a few roles, each readable in 16 colours, on light and dark, and without any colour.

use ratatui::style::{Color, Modifier, Style};

/// The console's styles. Colour is never the only signal, so a plain one loses nothing but comfort.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    coloured: bool,
}

/// The hues of names: readable on light and dark in every terminal's own palette. Red means trouble and yellow is
/// unreadable on white, so neither is here.
const HUES: [Color; 3] = [Color::Cyan, Color::Green, Color::Magenta];

impl Look {
    /// The terminal's own sixteen colours.
    pub const fn terminal() -> Self {
        Self { coloured: true }
    }

    /// No colour at all, as `NO_COLOR` asks.
    pub const fn plain() -> Self {
        Self { coloured: false }
    }

    fn hue(self, colour: Color) -> Style {
        if self.coloured { Style::new().fg(colour) } else { Style::new() }
    }

    /// Ordinary text.
    pub fn text(self) -> Style {
        Style::new()
    }

    /// What matters less: times, units, labels.
    pub fn quiet(self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    /// A title or a heading.
    pub fn strong(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// The frame of a pane.
    pub fn frame(self, focused: bool) -> Style {
        if focused { self.hue(Color::Cyan).add_modifier(Modifier::BOLD) } else { self.quiet() }
    }

    /// The title of a pane: it stands out from the frame's line whether that is bright or pale.
    pub fn title(self) -> Style {
        self.strong().remove_modifier(Modifier::DIM)
    }

    /// The row under the cursor, over whatever styles the row has: one even bar in the focused pane, so that it can
    /// be read in 16 colours and in none; bold in the others.
    pub fn cursor(self, focused: bool) -> Style {
        if focused {
            Style::new()
                .fg(Color::Reset)
                .add_modifier(Modifier::REVERSED)
                .remove_modifier(Modifier::DIM | Modifier::BOLD)
        } else {
            self.title()
        }
    }

    /// Text that is being typed.
    pub fn typed(self) -> Style {
        Style::new().add_modifier(Modifier::UNDERLINED)
    }

    /// A mark, and what is said of marks.
    pub fn mark(self) -> Style {
        self.hue(Color::Magenta).add_modifier(Modifier::BOLD).remove_modifier(Modifier::DIM)
    }

    /// Something is well.
    pub fn good(self) -> Style {
        self.hue(Color::Green)
    }

    /// Something is under way or wants a look.
    pub fn busy(self) -> Style {
        self.hue(Color::Yellow)
    }

    /// Something is wrong.
    pub fn bad(self) -> Style {
        self.hue(Color::Red).add_modifier(Modifier::BOLD)
    }

    /// A key on the hint line or in the help.
    pub fn key(self) -> Style {
        self.hue(Color::Cyan).add_modifier(Modifier::BOLD)
    }

    /// A user's name: the same for the same `seed`, six different ones in all.
    pub fn name(self, seed: u64) -> Style {
        let hue = self.hue(HUES[usize::try_from(seed % 3).unwrap_or_default()]);
        if (seed / 3).is_multiple_of(2) { hue } else { hue.add_modifier(Modifier::BOLD) }
    }

    /// A deleted message.
    pub fn deleted(self) -> Style {
        self.quiet()
    }
}
