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
    let mut text = once(raw).unwrap_or_else(|| raw.to_owned());
    let altered = text != raw;
    // What was taken out may have stood between two piles of marks, which are one now.
    while let Some(cleaner) = once(&text) {
        text = cleaner;
    }
    Clean { text: text.into(), altered }
}

/// The same of at most so many code points, with an ellipsis if there are more: what nobody reads is not laid out.
pub fn clean_within(raw: &str, most: usize) -> Clean {
    match raw.char_indices().nth(most) {
        Some((end, _)) => Clean { text: format!("{}…", clean(&raw[..end]).text).into(), altered: true },
        None => clean(raw),
    }
}

/// The text with each of its grapheme clusters made safe; nothing if they are.
fn once(raw: &str) -> Option<String> {
    let mut text = String::with_capacity(raw.len());
    let mut altered = false;
    for cluster in raw.graphemes(true) {
        altered |= push_cluster(&mut text, cluster);
    }
    altered.then_some(text)
}

/// Whether a cell may be written to the terminal as it is.
pub fn is_safe(symbol: &str) -> bool {
    // Nearly all cells: each one of a frame comes through here.
    if let [byte] = symbol.as_bytes() {
        return !byte.is_ascii_control();
    }
    let joins = |c| matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe0f}' | '\u{e0020}'..='\u{e007f}');
    let unsafe_ = |c: char| {
        let hides = is_bidi_control(c) || (is_ignorable(c) && !joins(c));
        c.is_control() || (!c.is_ascii() && (hides || matches!(c, '\u{2028}' | '\u{2029}')))
    };
    !symbol.chars().any(unsafe_)
}

/// Whether a cell has no more in it than [`clean`] lets through: a pile of marks reaches into other rows.
pub fn is_small(symbol: &str) -> bool {
    symbol.len() <= CODE_POINTS || symbol.chars().count() <= CODE_POINTS + 1
}

/// Appends what may be shown of a grapheme cluster; true if that is not the cluster itself.
pub(super) fn push_cluster(text: &mut String, cluster: &str) -> bool {
    if matches!(cluster, "\n" | "\r" | "\r\n" | "\u{2028}" | "\u{2029}" | "\u{85}") {
        text.push('↵');
        return true;
    }
    // Digits make emoji, too, but only as keycaps.
    let keycap = cluster.contains('\u{20e3}');
    let emoji = cluster.chars().next().is_some_and(|c| is_emoji(c) && (keycap || !c.is_ascii()));
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
                    altered = true;
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
    let last = before.chars().next_back();
    match c {
        // ZWJ and variation selector 16 make emoji; the tags behind a black flag name a region. Two of one join nothing.
        '\u{200d}' | '\u{fe0f}' if matches!(last, None | Some('\u{200d}')) || last == Some(c) => false,
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
    // The signs around annotations are not of that kind, but nobody sees them either.
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c) || matches!(c, '\u{fff9}'..='\u{fffb}')
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
            ("1\u{200d}2\u{fe0f}3", "123"),
            ("👩\u{200d}\u{200d}👧", "👩\u{200d}👧"),
            ("a\u{fff9}b\u{fffb}", "ab"),
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
    fn piles_that_something_hidden_keeps_apart_are_one_pile() {
        let clean = clean(&format!("a{}", "\u{301}\u{301}\u{301}\u{200b}".repeat(1000)));
        assert_eq!(clean.as_str().chars().count(), 1 + MARKS);
    }

    #[test]
    fn what_nobody_reads_is_cut() {
        let long = clean_within(&"é".repeat(20_000), 500);
        assert_eq!((long.as_str().chars().count(), long.altered()), (501, true));
        assert_eq!(clean_within("é", 1).as_str(), "é");
    }

    #[test]
    fn a_mark_without_a_letter_gets_one_to_sit_on() {
        let clean = clean("\u{301}x");
        assert_eq!((clean.as_str(), clean.altered()), ("◌\u{301}x", true));
    }

    #[test]
    fn whatever_comes_in_is_safe_when_it_comes_out() {
        proptest::proptest!(|(raw in "\\PC*|[\\x00-\\xff\u{300}-\u{36f}\u{2000}-\u{206f}\u{fe0f}\u{e0020}-\u{e007f}👩🏴1️⃣कے]*")| {
            let shown = clean(&raw);
            proptest::prop_assert!(is_safe(shown.as_str()));
            proptest::prop_assert!(shown.as_str().graphemes(true).all(is_small));
            proptest::prop_assert_eq!(shown.altered(), shown.as_str() != raw);
            proptest::prop_assert!(!clean(shown.as_str()).altered());
        });
    }
}
