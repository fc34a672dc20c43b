//! What a text is made of, code point by code point: the hidden ones by name, plain runs as one.

use icu_properties::props::{GeneralCategory, Script};
use icu_properties::{CodePointMapData, PropertyNamesLong};

use super::clean::{is_ignorable, is_mark};
use super::skeleton::look;

/// A stretch of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Run {
    /// Plain ASCII, as it is.
    Plain(String),
    /// The same code point so many times in a row.
    Points(Point, usize),
}

/// A code point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point(pub char);

/// A text's stretches, in order.
pub fn runs(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for c in text.chars() {
        let plain = (' '..='~').contains(&c);
        match runs.last_mut() {
            Some(Run::Plain(text)) if plain => text.push(c),
            Some(Run::Points(point, count)) if point.0 == c => *count += 1,
            _ if plain => runs.push(Run::Plain(c.to_string())),
            _ => runs.push(Run::Points(Point(c), 1)),
        }
    }
    runs
}

impl Point {
    /// As `U+202E`.
    pub fn code(self) -> String {
        format!("U+{:04X}", u32::from(self.0))
    }

    /// Whether nobody sees it, or a terminal obeys it.
    pub fn is_hidden(self) -> bool {
        self.0.is_control()
            || is_ignorable(self.0)
            || blank(self.0).is_some()
            || matches!(self.0, '\u{2028}' | '\u{2029}')
    }

    /// Its name if it is hidden, else what kind of character it is.
    pub fn name(self) -> String {
        let named = hidden(self.0).or_else(|| blank(self.0)).map(str::to_owned);
        named.or_else(|| numbered(self.0)).unwrap_or_else(|| self.kind())
    }

    /// The Latin letter for which it may be taken.
    pub fn looks_like(self) -> Option<char> {
        if self.0.is_ascii() || is_mark(self.0) || self.is_hidden() { None } else { look(self.0) }
    }

    fn kind(self) -> String {
        let script = CodePointMapData::<Script>::new().get(self.0);
        let category = CodePointMapData::<GeneralCategory>::new().get(self.0);
        let script = PropertyNamesLong::<Script>::new().get(script).unwrap_or_default();
        let category = PropertyNamesLong::<GeneralCategory>::new().get(category).unwrap_or_default();
        let words = match script {
            "Common" | "Inherited" | "Unknown" => category.to_owned(),
            script => format!("{script} {category}"),
        };
        words.replace('_', " ").to_lowercase()
    }
}

/// Names of what a terminal obeys and of what nobody sees, as in the Unicode Character Database.
fn hidden(c: char) -> Option<&'static str> {
    Some(match c {
        '\0' => "null",
        '\u{7}' => "bell",
        '\u{8}' => "backspace",
        '\t' => "tab",
        '\n' => "line feed",
        '\r' => "carriage return",
        '\u{1b}' => "escape",
        '\u{7f}' => "delete",
        '\u{85}' => "next line",
        '\u{90}' => "device control string",
        '\u{9b}' => "control sequence introducer",
        '\u{9d}' => "operating system command",
        '\u{ad}' => "soft hyphen",
        '\u{34f}' => "combining grapheme joiner",
        '\u{61c}' => "arabic letter mark",
        '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' => "hangul filler",
        '\u{180e}' => "mongolian vowel separator",
        '\u{200b}' => "zero width space",
        '\u{200c}' => "zero width non-joiner",
        '\u{200d}' => "zero width joiner",
        '\u{200e}' => "left-to-right mark",
        '\u{200f}' => "right-to-left mark",
        '\u{2028}' => "line separator",
        '\u{2029}' => "paragraph separator",
        '\u{202a}' => "left-to-right embedding",
        '\u{202b}' => "right-to-left embedding",
        '\u{202c}' => "pop directional formatting",
        '\u{202d}' => "left-to-right override",
        '\u{202e}' => "right-to-left override",
        '\u{2060}' => "word joiner",
        '\u{2061}' => "function application",
        '\u{2062}' => "invisible times",
        '\u{2063}' => "invisible separator",
        '\u{2064}' => "invisible plus",
        '\u{2066}' => "left-to-right isolate",
        '\u{2067}' => "right-to-left isolate",
        '\u{2068}' => "first strong isolate",
        '\u{2069}' => "pop directional isolate",
        '\u{feff}' => "zero width no-break space",
        '\u{e0001}' => "language tag",
        '\u{e007f}' => "cancel tag",
        c if c.is_control() => "control character",
        _ => return None,
    })
}

/// Names of what takes room and shows nothing, but for the blank itself.
fn blank(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{a0}' => "no-break space",
        '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{205f}' => "blank of another width",
        '\u{202f}' => "narrow no-break space",
        '\u{2800}' => "braille blank",
        '\u{3000}' => "wide blank",
        _ => return None,
    })
}

/// Names that are numbered in a row.
fn numbered(c: char) -> Option<String> {
    let code = u32::from(c);
    match c {
        '\u{fe00}'..='\u{fe0f}' => Some(format!("variation selector {}", code - 0xfe00 + 1)),
        '\u{e0100}'..='\u{e01ef}' => Some(format!("variation selector {}", code - 0xe_0100 + 17)),
        '\u{e0020}'..='\u{e007e}' => {
            let tagged = char::from_u32(code - 0xe_0000)?;
            Some(format!("tag {tagged:?}"))
        }
        c if is_ignorable(c) => Some("invisible character".to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_one_run_and_so_is_a_pile_of_one_mark() {
        let text = format!("free c\u{43e}ins{}!", "\u{301}".repeat(20_000));
        let points = |c, count| Run::Points(Point(c), count);
        assert_eq!(
            runs(&text),
            [
                Run::Plain("free c".to_owned()),
                points('\u{43e}', 1),
                Run::Plain("ins".to_owned()),
                points('\u{301}', 20_000),
                Run::Plain("!".to_owned()),
            ]
        );
    }

    #[test]
    fn each_is_named_as_far_as_it_matters() {
        for (c, code, name) in [
            ('\u{202e}', "U+202E", "right-to-left override"),
            ('\u{43e}', "U+043E", "cyrillic lowercase letter"),
            ('\u{301}', "U+0301", "nonspacing mark"),
            ('\u{e0041}', "U+E0041", "tag 'A'"),
            ('\u{fe0f}', "U+FE0F", "variation selector 16"),
            ('\u{17b4}', "U+17B4", "invisible character"),
            ('🔥', "U+1F525", "other symbol"),
        ] {
            assert_eq!((&*Point(c).code(), &*Point(c).name()), (code, name));
        }
        assert_eq!((Point('\u{43e}').looks_like(), Point('é').looks_like()), (Some('o'), None));
    }

    #[test]
    fn whatever_is_taken_out_of_a_shown_text_counts_as_hidden() {
        for c in (0..=0x10_ffff).filter_map(char::from_u32).filter(|c| is_ignorable(*c) || c.is_control()) {
            assert!(Point(c).is_hidden() && !Point(c).name().is_empty(), "{c:?}");
        }
    }
}
