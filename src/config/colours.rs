//! Colours of the reader's own, by what they are for.

use std::fmt;

use ratatui::style::Color;
use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use crate::app::look::Role;

/// A colour: a name such as `light-blue`, a number up to 255, or `#rrggbb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour(pub Color);

impl Colour {
    /// Reads a colour as it is written.
    pub fn read(text: &str) -> Option<Self> {
        match text {
            "default" => Some(Self(Color::Reset)),
            text => text.parse().ok().map(Self),
        }
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Color::Reset => f.write_str("default"),
            other => write!(f, "{}", other.to_string().to_lowercase()),
        }
    }
}

impl Serialize for Colour {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Colour {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Written;

        impl Visitor<'_> for Written {
            type Value = Colour;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a colour: red, light-blue, default ..., a number from 0 to 255, or \"#rrggbb\"")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Colour, E> {
                Colour::read(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Colour, E> {
                let index = u8::try_from(number).map(|index| Colour(Color::Indexed(index)));
                index.map_err(|_| E::invalid_value(de::Unexpected::Signed(number), &self))
            }
        }

        deserializer.deserialize_any(Written)
    }
}

/// Colours in the place of the theme's. What is left out stays the theme's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Colours {
    /// Ordinary text.
    pub text: Option<Colour>,
    /// What matters less: times, units, labels, frames.
    pub quiet: Option<Colour>,
    /// The frame of the focused pane.
    pub focus: Option<Colour>,
    /// Titles and headings.
    pub title: Option<Colour>,
    /// The bar of the row under the cursor.
    pub cursor: Option<Colour>,
    /// Text that is being typed.
    pub typed: Option<Colour>,
    /// Marks, and what is said of them.
    pub mark: Option<Colour>,
    /// Something is well.
    pub good: Option<Colour>,
    /// Something is under way or wants a look.
    pub busy: Option<Colour>,
    /// Something is wrong.
    pub bad: Option<Colour>,
    /// Keys on the hint line and in the help.
    pub key: Option<Colour>,
    /// Deleted messages.
    pub deleted: Option<Colour>,
    /// Three hues of users' names.
    pub name1: Option<Colour>,
    /// The second.
    pub name2: Option<Colour>,
    /// The third.
    pub name3: Option<Colour>,
}

impl Colours {
    /// Those that are given, by role.
    pub fn roles(&self) -> impl Iterator<Item = (Role, Color)> {
        let all = Role::ALL.map(|role| (role, self.of(role)));
        all.into_iter().filter_map(|(role, colour)| Some((role, colour?.0)))
    }

    fn of(&self, role: Role) -> Option<Colour> {
        match role {
            Role::Text => self.text,
            Role::Quiet => self.quiet,
            Role::Focus => self.focus,
            Role::Title => self.title,
            Role::Cursor => self.cursor,
            Role::Typed => self.typed,
            Role::Mark => self.mark,
            Role::Good => self.good,
            Role::Busy => self.busy,
            Role::Bad => self.bad,
            Role::Key => self.key,
            Role::Deleted => self.deleted,
            Role::Name1 => self.name1,
            Role::Name2 => self.name2,
            Role::Name3 => self.name3,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Colours, String> {
        toml::from_str(text).map_err(|error| error.message().to_owned())
    }

    #[test]
    fn a_colour_is_a_name_a_number_or_its_parts() {
        let colours =
            read("bad = \"light-red\"\nbusy = 208\ngood = \"#00ff7f\"\ntext = \"default\"\nkey = \"33\"").unwrap();
        let colours: Vec<_> = colours.roles().collect();
        assert_eq!(
            colours,
            [
                (Role::Text, Color::Reset),
                (Role::Good, Color::Rgb(0, 255, 127)),
                (Role::Busy, Color::Indexed(208)),
                (Role::Bad, Color::LightRed),
                (Role::Key, Color::Indexed(33)),
            ]
        );
        for text in ["bad = \"reddish\"", "bad = 256", "bad = -1", "bad = \"#12345\"", "bad = true"] {
            assert!(read(text).unwrap_err().contains("a colour: red"), "{text}");
        }
    }
}
