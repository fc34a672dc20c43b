//! How things look: a few roles, each readable in 16 colours, on light and dark, and without any colour.

mod depth;
mod theme;

use ratatui::style::{Color, Modifier, Style};

use super::identity::access::Hue;
pub use depth::Depth;
pub use theme::{Role, Theme};

/// The console's styles. Colour is never the only signal, so a plain one loses nothing but comfort.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    theme: Theme,
    /// Colours that the reader has chosen, by role.
    own: [Option<Color>; Role::ALL.len()],
}

/// No colour at all: what nobody has chosen must be legible everywhere.
impl Default for Look {
    fn default() -> Self {
        Self::plain()
    }
}

impl Look {
    /// A theme as it is.
    pub const fn new(theme: Theme) -> Self {
        Self { theme, own: [None; Role::ALL.len()] }
    }

    /// The terminal's own sixteen colours.
    pub const fn terminal() -> Self {
        Self::new(Theme::Terminal)
    }

    /// No colour at all, as `NO_COLOR` asks.
    pub const fn plain() -> Self {
        Self::new(Theme::Monochrome)
    }

    /// The same with another colour for this role.
    #[must_use]
    pub fn with(mut self, role: Role, colour: Color) -> Self {
        self.own[role as usize] = Some(colour);
        self
    }

    fn hue(self, role: Role) -> Style {
        match self.own[role as usize].or_else(|| self.theme.colour(role)) {
            Some(colour) => Style::new().fg(colour),
            None => Style::new(),
        }
    }

    /// Whether nothing may be told by weight alone: whoever wants contrast may not see what is dim.
    fn is_strong(self) -> bool {
        self.theme == Theme::HighContrast
    }

    fn dim(self, style: Style) -> Style {
        if self.is_strong() { style } else { style.add_modifier(Modifier::DIM) }
    }

    /// Ordinary text.
    pub fn text(self) -> Style {
        self.hue(Role::Text)
    }

    /// What matters less: times, units, labels.
    pub fn quiet(self) -> Style {
        self.dim(self.hue(Role::Quiet))
    }

    /// A title or a heading.
    pub fn strong(self) -> Style {
        self.hue(Role::Title).add_modifier(Modifier::BOLD)
    }

    /// The frame of a pane.
    pub fn frame(self, focused: bool) -> Style {
        if focused { self.hue(Role::Focus).add_modifier(Modifier::BOLD) } else { self.quiet() }
    }

    /// The title of a pane: it stands out from the frame's line whether that is bright or pale.
    pub fn title(self) -> Style {
        self.strong().remove_modifier(Modifier::DIM)
    }

    /// The row under the cursor, over whatever styles the row has: one even bar in the focused pane, so that it can
    /// be read in 16 colours and in none; bold in the others.
    pub fn cursor(self, focused: bool) -> Style {
        if focused {
            let bar = self.own[Role::Cursor as usize].unwrap_or(Color::Reset);
            let bar = Style::new().fg(bar).add_modifier(Modifier::REVERSED);
            bar.remove_modifier(Modifier::DIM | Modifier::BOLD | Modifier::UNDERLINED)
        } else {
            Style::new().add_modifier(Modifier::BOLD).remove_modifier(Modifier::DIM)
        }
    }

    /// Text that is being typed.
    pub fn typed(self) -> Style {
        self.hue(Role::Typed).add_modifier(Modifier::UNDERLINED)
    }

    /// A mark, and what is said of marks.
    pub fn mark(self) -> Style {
        self.hue(Role::Mark).add_modifier(Modifier::BOLD).remove_modifier(Modifier::DIM)
    }

    /// Something is well.
    pub fn good(self) -> Style {
        self.hue(Role::Good)
    }

    /// Something is under way or wants a look.
    pub fn busy(self) -> Style {
        let style = self.hue(Role::Busy);
        if self.is_strong() { style.add_modifier(Modifier::BOLD) } else { style }
    }

    /// Something is wrong.
    pub fn bad(self) -> Style {
        let style = self.hue(Role::Bad).add_modifier(Modifier::BOLD);
        if self.is_strong() { style.add_modifier(Modifier::UNDERLINED) } else { style }
    }

    /// A key on the hint line or in the help.
    pub fn key(self) -> Style {
        self.hue(Role::Key).add_modifier(Modifier::BOLD)
    }

    /// The name of a profile that has a colour of its own.
    pub fn tint(self, hue: Hue) -> Style {
        let colour = match hue {
            Hue::Red => Color::Red,
            Hue::Green => Color::Green,
            Hue::Yellow => Color::Yellow,
            Hue::Blue => Color::Blue,
            Hue::Magenta => Color::Magenta,
            Hue::Cyan => Color::Cyan,
        };
        // Where there are no colours, it has none either.
        let hue = if self.theme.colour(Role::Bad).is_some() { Style::new().fg(colour) } else { Style::new() };
        hue.add_modifier(Modifier::BOLD)
    }

    /// A user's name: the same for the same `seed`, six different ones in all.
    pub fn name(self, seed: u64) -> Style {
        let hue = self.hue([Role::Name1, Role::Name2, Role::Name3][usize::try_from(seed % 3).unwrap_or_default()]);
        if (seed / 3).is_multiple_of(2) { hue } else { hue.add_modifier(Modifier::BOLD) }
    }

    /// A deleted message.
    pub fn deleted(self) -> Style {
        self.dim(self.hue(Role::Deleted))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What terminals make of a background and of red, green, yellow, blue, magenta and cyan.
    const PALETTES: [(&str, u32, [u32; 6]); 10] = [
        ("xterm, black", 0x0000_0000, [0x00cd_0000, 0x0000_cd00, 0x00cd_cd00, 0x0000_00ee, 0x00cd_00cd, 0x0000_cdcd]),
        ("xterm, white", 0x00ff_ffff, [0x00cd_0000, 0x0000_cd00, 0x00cd_cd00, 0x0000_00ee, 0x00cd_00cd, 0x0000_cdcd]),
        ("vga", 0x0000_0000, [0x00aa_0000, 0x0000_aa00, 0x00aa_5500, 0x0000_00aa, 0x00aa_00aa, 0x0000_aaaa]),
        ("tango, white", 0x00ff_ffff, [0x00cc_0000, 0x004e_9a06, 0x00c4_a000, 0x0034_65a4, 0x0075_507b, 0x0006_989a]),
        ("gnome, dark", 0x0017_1421, [0x00c0_1c28, 0x0026_a269, 0x00a2_734c, 0x0012_488b, 0x00a3_47ba, 0x002a_a1b3]),
        ("gnome, white", 0x00ff_ffff, [0x00c0_1c28, 0x0026_a269, 0x00a2_734c, 0x0012_488b, 0x00a3_47ba, 0x002a_a1b3]),
        (
            "solarized, dark",
            0x0000_2b36,
            [0x00dc_322f, 0x0085_9900, 0x00b5_8900, 0x0026_8bd2, 0x00d3_3682, 0x002a_a198],
        ),
        (
            "solarized, light",
            0x00fd_f6e3,
            [0x00dc_322f, 0x0085_9900, 0x00b5_8900, 0x0026_8bd2, 0x00d3_3682, 0x002a_a198],
        ),
        ("windows", 0x000c_0c0c, [0x00c5_0f1f, 0x0013_a10e, 0x00c1_9c00, 0x0000_37da, 0x0088_1798, 0x003a_96dd]),
        ("macos, white", 0x00ff_ffff, [0x0099_0000, 0x0000_a600, 0x0099_9900, 0x0000_00b2, 0x00b2_00b2, 0x0000_a6b2]),
    ];

    /// WCAG's relative luminance.
    fn luminance(colour: u32) -> f64 {
        let part = |shift: u32| {
            let value = f64::from((colour >> shift) & 0xff) / 255.0;
            if value <= 0.039_28 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0)
    }

    fn contrast(one: u32, other: u32) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    /// The worst that any palette makes of a colour.
    fn worst(hue: Color) -> f64 {
        worst_on(hue, |_| true)
    }

    /// The worst that any palette makes of a colour on such a background.
    fn worst_on(hue: Color, wanted: fn(u32) -> bool) -> f64 {
        let place = [Color::Red, Color::Green, Color::Yellow, Color::Blue, Color::Magenta, Color::Cyan];
        let place = place.iter().position(|colour| *colour == hue).unwrap();
        let palettes = PALETTES.iter().filter(|(_, ground, _)| wanted(*ground));
        palettes.map(|(_, ground, colours)| contrast(*ground, colours[place])).fold(f64::MAX, f64::min)
    }

    /// All that a theme draws with, over which the cursor may come.
    fn styles(look: Look) -> Vec<Style> {
        let names = (0..6).map(|seed| look.name(seed));
        let frames = [look.frame(true), look.frame(false), look.title(), look.typed(), look.mark(), look.key()];
        let words = [look.text(), look.quiet(), look.strong(), look.good(), look.busy(), look.bad(), look.deleted()];
        names.chain(frames).chain(words).collect()
    }

    #[test]
    fn the_selection_is_one_even_bar_in_every_theme() {
        for theme in Theme::ALL {
            let look = Look::new(theme);
            let bars: Vec<Style> = styles(look).into_iter().map(|style| style.patch(look.cursor(true))).collect();
            for bar in &bars {
                assert!(bar.add_modifier.contains(Modifier::REVERSED), "{theme:?}");
                assert_eq!((bar.fg, bar.add_modifier), (bars[0].fg, bars[0].add_modifier), "{theme:?}");
            }
        }
    }

    #[test]
    fn what_is_wrong_and_what_is_quiet_differ_from_text_without_any_colour() {
        for theme in [Theme::HighContrast, Theme::Monochrome] {
            let look = Look::new(theme);
            assert!(styles(look).iter().all(|style| style.fg.is_none() && style.bg.is_none()), "{theme:?}");
            assert_ne!(look.bad(), look.text());
            assert_ne!(look.key(), look.text());
        }
        let strong = Look::new(Theme::HighContrast);
        assert!(styles(strong).iter().all(|style| !style.add_modifier.contains(Modifier::DIM)));
    }

    #[test]
    fn the_light_theme_can_be_read_on_every_light_background() {
        let look = Look::new(Theme::Light);
        for hue in styles(look).into_iter().filter_map(|style| style.fg) {
            let contrast = worst_on(hue, |ground| luminance(ground) > 0.5);
            assert!(contrast > 3.0, "{hue:?}: {contrast}");
        }
        let names: Vec<Style> = (0..6).map(|seed| look.name(seed)).collect();
        assert!((0..6).all(|one| (0..one).all(|other| names[one] != names[other])), "six different ones");
    }

    #[test]
    fn a_colour_of_one_s_own_is_that_of_its_role_alone() {
        let look = Look::terminal().with(Role::Busy, Color::LightBlue).with(Role::Cursor, Color::Yellow);
        assert_eq!(look.busy().fg, Some(Color::LightBlue));
        assert_eq!(look.cursor(true).fg, Some(Color::Yellow));
        assert_eq!(look.bad(), Look::terminal().bad());
    }

    #[test]
    fn names_can_be_read_on_light_and_dark_in_the_palettes_that_people_have() {
        let hues = [Role::Name1, Role::Name2, Role::Name3].map(|role| Theme::Terminal.colour(role).unwrap());
        let least = hues.map(worst).into_iter().fold(f64::MAX, f64::min);
        assert!(least > 1.95, "{least}");
        for poor in [Color::Blue, Color::Yellow] {
            assert!(worst(poor) < least, "{poor:?} would do as well");
        }
    }

    #[test]
    fn a_user_s_colour_is_always_the_same_and_there_are_six_or_none() {
        let look = Look::terminal();
        let mut different: Vec<Style> = Vec::new();
        for seed in 0..600 {
            if !different.contains(&look.name(seed)) {
                different.push(look.name(seed));
            }
        }
        assert_eq!((different.len(), look.name(7)), (6, look.name(7)));
        assert!((0..6).all(|seed| Look::plain().name(seed).fg.is_none()), "NO_COLOR");
    }
}
