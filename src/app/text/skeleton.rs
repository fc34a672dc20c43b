//! What a text says without its tricks, so that variants of it are told to be one.
//!
//! Two texts with one skeleton fold into one row, and that row is acted on as one. So what differs in what it says must
//! differ here, and a trick that is missed costs less than an honest message that is hit with others:
//!
//! - A number is kept as it is: `vote 1` is not `vote 2`, and a counter behind a raid's text keeps its messages apart.
//!   Flood rules and phrases find those.
//! - A digit is a letter only inside a word (`c01ns`), or doubled at its end (`fr33`); `ps5` and `10k` stay.
//! - `l` and `I` stay two letters, though they look alike: `hell` is not `heil`.
//! - Marks go, but for those that are vowels or tones of their script.

use icu_properties::CodePointMapData;
use icu_properties::props::GeneralCategory;
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;
use unicode_security::confusable_detection;

use super::clean::{is_ignorable, is_mark};

/// Letters that UTS 39 gives no Latin look-alike, though people use them as one: small capitals, and small letters whose
/// capital is a look-alike. Each group stands for the letter before it.
const LOOKS: &[&str] = &[
    "aᴀ",
    "bʙвьβßƀ",
    "cᴄ",
    "dᴅđ",
    "eᴇꞓɛεэ",
    "fꜰ",
    "gɢ",
    "hʜнħ",
    "jᴊʝ",
    "kᴋĸкκ",
    "lʟłɫ",
    "mᴍʍмμ",
    "nɴη",
    "oᴏøσ",
    "pᴘ",
    "rʀя",
    "sꜱ",
    "tᴛтτŧ",
    "uᴜ",
    "wωѡ",
    "xχ",
    "zᴢζ",
];

/// The text without case, width, marks, invisible characters, blanks and punctuation, with letters as what they look
/// like (NFKD, then the confusables of Unicode UTS 39, then the look-alikes above), and with runs of a letter as one.
pub fn skeleton(text: &str) -> String {
    if text.is_ascii() { spelled(&text.to_ascii_lowercase()) } else { spelled(&plain(text)) }
}

/// A hash of the skeleton, the same on every machine. A text without letters and digits, such as emoji, is told by its
/// signs; 0 means that there is nothing to see.
pub fn fingerprint(text: &str) -> u64 {
    fingerprint_and_length(text).0
}

/// The same, and of how many characters it is made.
pub fn fingerprint_and_length(text: &str) -> (u64, usize) {
    let mut skeleton = skeleton(text);
    if skeleton.is_empty() {
        skeleton = text.chars().filter(|c| !c.is_whitespace() && !c.is_control() && !is_ignorable(*c)).collect();
    }
    if skeleton.is_empty() {
        return (0, 0);
    }
    // Nobody should find a text that folds into somebody else's: hence no plain checksum.
    let digest: [u8; 32] = Sha256::digest(skeleton.as_bytes()).into();
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    (u64::from_be_bytes(first).max(1), skeleton.chars().count())
}

/// The text in small plain letters, with what is neither letter nor digit still in it.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_ignorable(*c)) {
        if c.is_ascii() {
            plain.push(c.to_ascii_lowercase());
        } else if is_mark(c) {
            // A vowel sign on a letter of another script is there to disguise.
            let at_home = plain.chars().next_back().is_none_or(|before| before >= '\u{590}');
            plain.extend(Some(c).filter(|c| at_home && !is_accent(*c)));
        } else if let Some(letter) = boxed(c).or_else(|| look(c)) {
            plain.push(letter);
        } else {
            plain.extend(c.to_lowercase().map(|c| look(c).unwrap_or(c)).filter(|c| !is_mark(*c)));
        }
    }
    plain
}

/// The Latin letter that a character looks like, if it is not one itself.
pub(super) fn look(c: char) -> Option<char> {
    // Numbers stay numbers, and the large scripts of East Asia have nothing that is taken for a letter.
    if c.is_numeric() || matches!(c, '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7ff}') {
        return None;
    }
    let known = |c: char| LOOKS.iter().find(|group| group.contains(c)).and_then(|group| group.chars().next());
    if let Some(letter) = known(c) {
        return Some(letter);
    }
    let mut encoded = [0; 4];
    let mut letters = confusable_detection::skeleton(c.encode_utf8(&mut encoded)).map(|c| c.to_ascii_lowercase());
    match (letters.next(), letters.next(), letters.next()) {
        (Some('r'), Some('n'), None) => Some('m'),
        // A capital of that look is an `I` in its script.
        (Some('l'), None, None) if c.is_uppercase() => None,
        (Some(letter), None, None) if letter.is_ascii_lowercase() => Some(letter),
        (Some(letter), None, None) => known(letter),
        _ => None,
    }
}

/// The letter in a box, a black circle or a flag, which NFKD leaves as they are.
fn boxed(c: char) -> Option<char> {
    let first = match c {
        '\u{1f150}'..='\u{1f169}' => 0x1f150,
        '\u{1f170}'..='\u{1f189}' => 0x1f170,
        '\u{1f1e6}'..='\u{1f1ff}' => 0x1f1e6,
        _ => return None,
    };
    u8::try_from(u32::from(c) - first).ok().map(|index| char::from(b'a' + index))
}

/// Whether a mark is no part of any script's spelling: the common ones, and the points that Arabic and Hebrew do without.
fn is_accent(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}'
        | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
        || CodePointMapData::<GeneralCategory>::new().get(c) == GeneralCategory::EnclosingMark
}

/// The letters and numbers of a plain text, with runs of a letter as one.
fn spelled(plain: &str) -> String {
    let mut spelled = String::with_capacity(plain.len());
    let mut last = None;
    spell(plain, |c, _| {
        // Longer runs say the same, but 100 is not 10.
        if last != Some(c) || c.is_numeric() {
            spelled.extend(Some(c).filter(|c| is_letter(*c)));
        }
        last = Some(c);
    });
    spelled
}

/// The same with runs as long as they are: each letter, and whether a word begins with it.
pub fn letters(text: &str) -> Vec<(char, bool)> {
    let plain = if text.is_ascii() { text.to_ascii_lowercase() } else { plain(text) };
    let mut letters = Vec::with_capacity(plain.len());
    let mut begins = false;
    spell(&plain, |c, first| {
        begins |= first;
        if is_letter(c) {
            letters.push((c, std::mem::take(&mut begins)));
        }
    });
    letters
}

/// Takes a plain text letter by letter, with digits and signs that stand for letters read as these, and tells where words
/// begin.
fn spell(plain: &str, mut take: impl FnMut(char, bool)) {
    for word in plain.split(|c: char| !(is_letter(c) || matches!(c, '$' | '@'))) {
        let word = word.trim_matches('@').trim_start_matches('$');
        let inside = word.rfind(|c: char| is_letter(c) && !c.is_numeric()).unwrap_or(0);
        let starts = word.starts_with(|c: char| !c.is_numeric());
        let doubled = starts && is_doubled(&word[inside..]);
        for (at, c) in word.char_indices() {
            let stands = starts && (at < inside || doubled || c == '$');
            take(Some(c).filter(|_| stands).and_then(stands_for).unwrap_or(c), at == 0);
        }
    }
}

/// Whether a word's end, from its last letter on, is two or more of one digit.
fn is_doubled(end: &str) -> bool {
    let digits: Vec<char> = end.chars().skip(1).collect();
    digits.len() > 1 && digits.iter().all(|digit| *digit == digits[0])
}

/// The letter for which a digit or sign stands inside a word.
fn stands_for(c: char) -> Option<char> {
    match c {
        '0' => Some('o'),
        '1' => Some('i'),
        '3' => Some('e'),
        '4' | '@' => Some('a'),
        '5' | '$' => Some('s'),
        '7' => Some('t'),
        _ => None,
    }
}

fn is_letter(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphanumeric() } else { c.is_alphanumeric() || is_mark(c) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variants_of_a_raid_are_one() {
        for variant in [
            "free coins",
            "FREE COINS",
            "freecoins",
            "frее соins",
            "ϜRЕЕ СОІΝЅ",
            "f r e e  c o i n s",
            "f.r.e.e-c_o_i_n_s",
            "freeeee coins!!!",
            "ｆｒｅｅ ｃｏｉｎｓ",
            "fr\u{200b}ee co\u{2060}ins\u{e0041}",
            "f\u{301}r\u{336}e\u{489}e\u{20dd} coins",
            "f\u{e47}ree coins",
            "𝓯𝓻𝓮𝓮 𝕔𝕠𝕚𝕟𝕤",
            "ⓕⓡⓔⓔ 🅒🅞🅘🅝🅢",
            "🅵🆁🅴🅴 🄲🄾🄸🄽🅂",
            "🇫🇷🇪🇪 coins",
            "ꜰʀᴇᴇ ᴄᴏɪɴꜱ",
            "fr33 c01n$ 🔥🔥",
            "free coinѕ 💰",
        ] {
            assert_eq!(skeleton(variant), "frecoins", "{variant:?}");
            assert_eq!(fingerprint(variant), fingerprint("free coins"), "{variant:?}");
        }
    }

    #[test]
    fn what_says_something_else_stays_apart() {
        for (one, other) in [
            ("vote 1", "vote 2"),
            ("100 people", "1000 people"),
            ("ps4", "ps5"),
            ("I give 10k", "I give 100k"),
            ("hell", "heil"),
            ("पल", "पुल"),
            ("กิน", "กัน"),
            ("かき", "がき"),
            ("无料", "免费"),
            ("yes", "no"),
            ("👍", "👎"),
            ("?", "!"),
            ("привет всем", "привет вам"),
        ] {
            assert_ne!(fingerprint(one), fingerprint(other), "{one} {other}");
        }
    }

    #[test]
    fn case_does_not_matter_in_any_script_that_has_it() {
        for text in ["АБВГҐДЕЁЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЬЫЪЭЮЯ", "ΑΒΓΔΕΖΘΙΚΛΜΞΟΠΡΣΤΦΧΨΩ", "GRÜSSE AUS KÖLN, ØRE, ŁÓDŹ, ÇA"]
        {
            let mut letters = text.chars().filter(|c| c.is_alphabetic());
            assert_eq!(
                letters.find(|c| skeleton(&c.to_string()) != skeleton(&c.to_lowercase().to_string())),
                None,
                "{text}"
            );
        }
    }

    #[test]
    fn a_text_without_letters_is_told_by_its_signs_and_one_without_anything_is_0() {
        assert_eq!(skeleton("👍 👍"), "");
        assert_eq!(fingerprint("👍 👍"), fingerprint("👍👍"));
        for nothing in ["", "  ", "\u{200b}\u{2060}", "\u{3164}"] {
            assert_eq!(fingerprint(nothing), 0, "{nothing:?}");
        }
    }

    #[test]
    fn the_fingerprint_is_the_same_on_every_machine_and_of_every_version() {
        assert_eq!(fingerprint("free coins"), 0x4468_e9d2_4ca6_a137);
    }

    #[test]
    fn a_skeleton_is_its_own_skeleton_but_for_numbers_and_never_longer_than_a_plain_text() {
        proptest::proptest!(|(text in "[a-zA-Zа-я ｆｒé!\u{200b}]{0,40}")| {
            let once = skeleton(&text);
            proptest::prop_assert_eq!(skeleton(&once), once.clone());
            proptest::prop_assert!(once.chars().count() <= text.nfkd().count());
        });
    }
}
