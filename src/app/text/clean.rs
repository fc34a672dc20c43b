//! The one door for text from outside: nothing that a terminal obeys, hides or reorders by comes through it.

use icu_properties::props::{Alphabetic, BidiControl, DefaultIgnorableCodePoint, Emoji, GeneralCategory};
use icu_properties::{CodePointMapData, CodePointSetData};
use unicode_segmentation::UnicodeSegmentation;

/// Marks on one letter that are still somebody's writing.
const MARKS: usize = 8;
/// Code points of one cell: the longest emoji families have ten.
const CODE_POINTS: usize = 16;

/// A text that may be shown. Made only by [`clean`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Clean {
    text: Box<str>,
    altered: bool,
}

impl Clean {
    /// The text, on one line.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether something was taken out or shown in another way, so that the row can be marked.
    pub fn altered(&self) -> bool {
        self.altered
    }
}

/// Makes a text safe to show on one line.
///
/// Control characters become their pictures, line ends a visible mark, tabs a blank. Bidirectional controls and
/// invisible characters go, but for joiners where a script or an emoji needs them. Letters with more than 8 marks
/// lose the rest. Ordinary text of every script, and emoji, stays as it was.
pub fn clean(raw: &str) -> Clean {
    if raw.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return Clean { text: raw.into(), altered: false };
    }
    let mut text = String::with_capacity(raw.len());
    let mut altered = false;
    for cluster in raw.graphemes(true) {
        altered |= push_cluster(&mut text, cluster);
    }
    Clean { text: text.into(), altered }
}

/// Whether a cell may be written to the terminal as it is.
pub fn is_safe(symbol: &str) -> bool {
    !symbol.chars().any(|c| c.is_control() || is_bidi_control(c) || matches!(c, '\u{2028}' | '\u{2029}'))
}

/// Appends what may be shown of a grapheme cluster; true if that is not the cluster itself.
pub(super) fn push_cluster(text: &mut String, cluster: &str) -> bool {
    if matches!(cluster, "\n" | "\r" | "\r\n" | "\u{2028}" | "\u{2029}" | "\u{85}") {
        text.push('↵');
        return true;
    }
    let emoji = cluster.chars().next().is_some_and(is_emoji);
    let mut marks = 0;
    let mut altered = false;
    for (index, c) in cluster.chars().enumerate() {
        let shown = match c {
            '\t' => Some(' '),
            c if c.is_control() => Some(picture(c)),
            c if is_bidi_control(c) => None,
            c if is_ignorable(c) => Some(c).filter(|c| joins(*c, emoji, cluster, text)),
            c if is_mark(c) => {
                marks += 1;
                if index == 0 && text.is_empty() {
                    // A mark with no letter would sit on whatever the screen shows before this text.
                    text.push('◌');
                }
                Some(c).filter(|_| marks <= MARKS)
            }
            c => Some(c),
        };
        altered |= shown != Some(c);
        text.extend(shown.filter(|_| index < CODE_POINTS));
        altered |= index >= CODE_POINTS;
    }
    altered
}

/// Whether an invisible character does honest work here: it holds an emoji together, or letters apart.
fn joins(c: char, emoji: bool, cluster: &str, before: &str) -> bool {
    match c {
        // ZWJ and variation selector 16 make emoji; the tags behind a black flag name a region.
        '\u{200d}' | '\u{fe0f}' => emoji || (c == '\u{200d}' && letters_around(before)),
        '\u{200c}' => letters_around(before),
        '\u{e0020}'..='\u{e007f}' => cluster.starts_with('\u{1f3f4}'),
        _ => false,
    }
}

/// Whether the text so far ends in a letter or its mark, outside ASCII: no script that needs joiners is in ASCII.
fn letters_around(before: &str) -> bool {
    before.chars().next_back().is_some_and(|c| !c.is_ascii() && (is_letter(c) || is_mark(c)))
}

/// A control character as its picture, if Unicode has one.
fn picture(c: char) -> char {
    match u32::from(c) {
        code @ 0..=0x1f => char::from_u32(0x2400 + code).unwrap_or('\u{fffd}'),
        0x7f => '\u{2421}',
        _ => '\u{fffd}',
    }
}

fn is_bidi_control(c: char) -> bool {
    CodePointSetData::new::<BidiControl>().contains(c)
}

pub(super) fn is_ignorable(c: char) -> bool {
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
}

fn is_emoji(c: char) -> bool {
    CodePointSetData::new::<Emoji>().contains(c)
}

fn is_letter(c: char) -> bool {
    CodePointSetData::new::<Alphabetic>().contains(c)
}

pub(super) fn is_mark(c: char) -> bool {
    let category = CodePointMapData::<GeneralCategory>::new().get(c);
    matches!(category, GeneralCategory::NonspacingMark | GeneralCategory::EnclosingMark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_text_of_every_script_stays_as_it_was() {
        for text in [
            "hello, world",
            "Grüße aus Köln",
            "Καλησπέρα",
            "Привіт",
            "مرحبا بالجميع",
            "नमस्ते क्षत्रिय",
            "ねこ が 好き",
            "می\u{200c}خواهم",
            "👩‍👩‍👧‍👦 ❤️ 🏳️‍🌈 👍🏽 🇩🇪 1️⃣",
            "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
        ] {
            let clean = clean(text);
            assert_eq!((clean.as_str(), clean.altered()), (text, false));
        }
    }

    #[test]
    fn what_a_terminal_obeys_is_shown_not_sent() {
        for (raw, shown) in [
            ("\u{1b}[2J\u{7}", "␛[2J␇"),
            ("a\u{9b}31mb", "a\u{fffd}31mb"),
            ("one\r\ntwo\nthree\u{2028}", "one↵two↵three↵"),
            ("a\tb\u{7f}", "a b␡"),
        ] {
            let clean = clean(raw);
            assert_eq!((clean.as_str(), clean.altered()), (shown, true));
        }
    }

    #[test]
    fn what_reorders_or_hides_is_taken_out_and_told() {
        for (raw, shown) in [
            ("user\u{202e}gpj.exe", "usergpj.exe"),
            ("pay\u{200b}pal", "paypal"),
            ("a\u{e0041}b", "ab"),
            ("s\u{2066}p\u{2069}am", "spam"),
            ("fr\u{200d}ee", "free"),
            ("so\u{ad}ft", "soft"),
        ] {
            let clean = clean(raw);
            assert_eq!((clean.as_str(), clean.altered()), (shown, true), "{raw:?}");
        }
    }

    #[test]
    fn a_pile_of_marks_is_cut() {
        let clean = clean(&format!("a{}b", "\u{301}".repeat(20_000)));
        assert_eq!(clean.as_str().chars().count(), 1 + MARKS + 1);
        assert!(clean.altered());
    }

    #[test]
    fn a_mark_without_a_letter_gets_one_to_sit_on() {
        assert_eq!(clean("\u{301}x").as_str(), "◌\u{301}x");
    }

    #[test]
    fn whatever_comes_in_is_safe_when_it_comes_out() {
        proptest::proptest!(|(raw in "\\PC*|[\\x00-\\xff\u{2000}-\u{206f}]*")| {
            proptest::prop_assert!(is_safe(clean(&raw).as_str()));
        });
    }
}
