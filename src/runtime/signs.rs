//! Signs for terminals that have only ASCII: borders and marks of ours are drawn with the signs that there are.

use ratatui::buffer::Cell;

use crate::app::text::width;

/// What signs a terminal is sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Signs {
    /// All of them.
    #[default]
    Unicode,
    /// ASCII in place of lines and marks; letters of every script as they are.
    Plain,
    /// ASCII alone: what it can't say is `?`. The terminal would take the bytes of anything else one by one, and some of
    /// them are controls.
    Ascii,
}

impl Signs {
    /// What suits the locale and the terminal, by what the environment says of them; `ascii` is what somebody has asked for.
    /// Where nothing says what the locale is, as in many a container, it is UTF-8.
    pub fn new(ascii: Option<bool>, variable: impl Fn(&str) -> Option<String>) -> Self {
        let given = |name: &str| variable(name).filter(|value| !value.is_empty());
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(given).unwrap_or_else(|| "UTF-8".to_owned());
        let is_utf8 = locale.to_ascii_lowercase().replace('-', "").contains("utf8");
        match ascii {
            Some(false) => Self::Unicode,
            _ if !is_utf8 => Self::Ascii,
            Some(true) => Self::Plain,
            None if given("TERM").is_some_and(|term| term == "linux") => Self::Plain,
            None => Self::Unicode,
        }
    }

    /// A cell as the terminal is sent it: as wide as it was.
    pub(super) fn shown(self, mut cell: Cell) -> Cell {
        if self == Self::Unicode || cell.symbol().is_ascii() {
            return cell;
        }
        let mut chars = cell.symbol().chars();
        let first = chars.next().filter(|_| chars.next().is_none());
        if let Some(sign) = first.and_then(plain) {
            cell.set_symbol(sign);
        } else if self == Self::Ascii {
            let unsaid = "?".repeat(width(cell.symbol()).max(1));
            cell.set_symbol(&unsaid);
        }
        cell
    }
}

/// What stands for a sign of ours. It is of one column, as they are.
fn plain(sign: char) -> Option<&'static str> {
    Some(match sign {
        '─' | '━' | '═' | '–' | '—' => "-",
        '│' | '┃' | '║' => "|",
        '\u{2500}'..='\u{257f}' => "+",
        '…' => "~",
        '•' | '·' => "*",
        '↵' => "\\",
        '◌' => "o",
        '⟨' => "<",
        '⟩' => ">",
        '\u{2400}'..='\u{2426}' | '\u{fffd}' => "?",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signs(ascii: Option<bool>, variables: &[(&str, &str)]) -> Signs {
        Signs::new(ascii, |name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn the_locale_and_the_terminal_decide_unless_somebody_has() {
        assert_eq!(signs(None, &[]), Signs::Unicode);
        for locale in ["C", "POSIX", "de_DE.ISO-8859-1", "ja_JP.eucJP"] {
            assert_eq!(signs(None, &[("LANG", locale)]), Signs::Ascii, "{locale}");
        }
        for locale in ["C.UTF-8", "en_GB.utf8", "de_DE.UTF-8@euro"] {
            assert_eq!(signs(None, &[("LANG", "C"), ("LC_ALL", locale)]), Signs::Unicode, "{locale}");
            assert_eq!(signs(Some(true), &[("LC_CTYPE", locale), ("LANG", "C")]), Signs::Plain, "{locale}");
        }
        assert_eq!(signs(None, &[("LC_ALL", ""), ("LANG", "C")]), Signs::Ascii);
        assert_eq!(signs(None, &[("TERM", "linux"), ("LANG", "en_GB.UTF-8")]), Signs::Plain);
        assert_eq!(signs(Some(false), &[("TERM", "linux"), ("LANG", "C")]), Signs::Unicode);
        assert_eq!(signs(Some(true), &[("LANG", "C")]), Signs::Ascii);
    }

    #[test]
    fn what_is_drawn_stays_as_wide_as_it_was() {
        let symbols = ["┌", "┼", "─", "│", "…", "•", "↵", "␛", "\u{fffd}", "é", "ね", "👩\u{200d}👧", "a"];
        for symbol in symbols {
            let cell = |signs: Signs| signs.shown(Cell::default().set_symbol(symbol).clone());
            assert_eq!(width(cell(Signs::Ascii).symbol()), width(symbol), "{symbol}");
            assert!(cell(Signs::Ascii).symbol().is_ascii(), "{symbol}");
            assert_eq!(cell(Signs::Unicode).symbol(), symbol);
        }
        let plain = |symbol: &'static str| Signs::Plain.shown(Cell::new(symbol)).symbol().to_owned();
        assert_eq!(["┌", "┼", "─", "│", "…", "é", "ね"].map(plain), ["+", "+", "-", "|", "~", "é", "ね"]);
    }
}
