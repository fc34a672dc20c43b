//! How many colours a terminal has, and the nearest that it has to one that was asked for.

use ratatui::style::Color;

/// How many colours there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Depth {
    /// The sixteen that every terminal has, in its own palette.
    #[default]
    Sixteen,
    /// 256.
    Indexed,
    /// All.
    True,
}

/// The first sixteen, as xterm shows them, in the order of their numbers.
const SIXTEEN: [(Color, [u8; 3]); 16] = [
    (Color::Black, [0, 0, 0]),
    (Color::Red, [205, 0, 0]),
    (Color::Green, [0, 205, 0]),
    (Color::Yellow, [205, 205, 0]),
    (Color::Blue, [0, 0, 238]),
    (Color::Magenta, [205, 0, 205]),
    (Color::Cyan, [0, 205, 205]),
    (Color::Gray, [229, 229, 229]),
    (Color::DarkGray, [127, 127, 127]),
    (Color::LightRed, [255, 0, 0]),
    (Color::LightGreen, [0, 255, 0]),
    (Color::LightYellow, [255, 255, 0]),
    (Color::LightBlue, [92, 92, 255]),
    (Color::LightMagenta, [255, 0, 255]),
    (Color::LightCyan, [0, 255, 255]),
    (Color::White, [255, 255, 255]),
];

/// What one step of the six in the colours from 16 to 231 is.
const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];

impl Depth {
    /// What the terminal says of itself; `variable` looks the environment up.
    pub fn of_terminal(variable: impl Fn(&str) -> Option<String>) -> Self {
        let colours = variable("COLORTERM").unwrap_or_default();
        let name = variable("TERM").unwrap_or_default();
        if ["truecolor", "24bit"].contains(&colours.as_str()) || name.ends_with("-direct") {
            Self::True
        } else if name.ends_with("-256color") {
            Self::Indexed
        } else {
            Self::Sixteen
        }
    }

    /// The nearest to this that there is.
    pub fn nearest(self, colour: Color) -> Color {
        match (self, colour) {
            // By its name, so that a terminal of sixteen understands it.
            (_, Color::Indexed(index @ 0..16)) => SIXTEEN[usize::from(index)].0,
            (Self::Sixteen, Color::Indexed(index)) => nearest_of_sixteen(parts(index)),
            (Self::Sixteen, Color::Rgb(red, green, blue)) => nearest_of_sixteen([red, green, blue]),
            (Self::Indexed, Color::Rgb(red, green, blue)) => {
                let wanted = [red, green, blue];
                let index = (16..=255).min_by_key(|index| distance(parts(*index), wanted));
                Color::Indexed(index.unwrap_or_default())
            }
            (Self::Sixteen | Self::Indexed | Self::True, same) => same,
        }
    }
}

fn nearest_of_sixteen(wanted: [u8; 3]) -> Color {
    let nearest = SIXTEEN.iter().min_by_key(|(_, parts)| distance(*parts, wanted));
    nearest.map_or(Color::Reset, |(colour, _)| *colour)
}

/// Red, green and blue of a colour from 16 on: a cube of six steps, then greys.
fn parts(index: u8) -> [u8; 3] {
    match index {
        0..16 => SIXTEEN[usize::from(index)].1,
        16..232 => {
            let index = usize::from(index - 16);
            [STEPS[index / 36], STEPS[index / 6 % 6], STEPS[index % 6]]
        }
        232..=255 => [8 + (index - 232) * 10; 3],
    }
}

fn distance(one: [u8; 3], other: [u8; 3]) -> u32 {
    one.iter().zip(other).map(|(one, other)| u32::from(one.abs_diff(other)).pow(2)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_sent_no_colour_that_it_may_not_have() {
        let orange = Color::Rgb(0xff, 0x87, 0x00);
        assert_eq!(Depth::Sixteen.nearest(orange), Color::Yellow);
        assert_eq!(Depth::Indexed.nearest(orange), Color::Indexed(208));
        assert_eq!(Depth::True.nearest(orange), orange);
        assert_eq!(Depth::Sixteen.nearest(Color::Indexed(208)), Color::Yellow);
        assert_eq!(Depth::Sixteen.nearest(Color::Indexed(255)), Color::Gray);
        for depth in [Depth::Sixteen, Depth::Indexed, Depth::True] {
            assert_eq!(depth.nearest(Color::Indexed(9)), Color::LightRed);
            assert_eq!(depth.nearest(Color::Cyan), Color::Cyan);
        }
    }

    #[test]
    fn the_terminal_says_how_many_it_has() {
        let with = |name: &'static str, value: &'static str| {
            Depth::of_terminal(move |wanted| (wanted == name).then(|| value.to_owned()))
        };
        assert_eq!(with("COLORTERM", "truecolor"), Depth::True);
        assert_eq!(with("TERM", "xterm-256color"), Depth::Indexed);
        assert_eq!(with("TERM", "linux"), Depth::Sixteen);
        assert_eq!(with("COLORTERM", "yes"), Depth::Sixteen);
    }
}
