//! The ways in which the same text is written so that it does not look the same to a program.

use fastrand::Rng;

/// One way to write a text differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Variant {
    /// All upper case, or all lower case.
    Case,
    /// Full-width letters.
    Width,
    /// Characters without width between the letters.
    ZeroWidth,
    /// Combining marks on the letters.
    Combining,
    /// Letters of other scripts that look the same.
    Homoglyphs,
    /// Some letters several times.
    Repeats,
    /// A number behind it.
    Number,
    /// Blanks, exclamation marks or an emoji around it.
    Ends,
}

impl Variant {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Case,
        Self::Width,
        Self::ZeroWidth,
        Self::Combining,
        Self::Homoglyphs,
        Self::Repeats,
        Self::Number,
        Self::Ends,
    ];

    /// The text, written this way.
    pub(super) fn write(self, text: &str, rng: &mut Rng) -> String {
        match self {
            Self::Case if rng.bool() => text.to_uppercase(),
            Self::Case => text.to_lowercase(),
            Self::Width => text.chars().map(full_width).collect(),
            Self::ZeroWidth => behind_letters(text, &['\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}'], rng),
            Self::Combining => behind_letters(text, &['\u{301}', '\u{308}', '\u{323}', '\u{336}'], rng),
            Self::Homoglyphs => text.chars().map(look_alike).collect(),
            Self::Repeats => repeat_letters(text, rng),
            Self::Number => format!("{text} {}", rng.u32(10..10_000)),
            Self::Ends => match rng.u8(..3) {
                0 => format!("{text}!!"),
                1 => format!("{text} 🔥"),
                _ => format!("  {text} "),
            },
        }
    }
}

/// The text as one of a raid's users sends it: half of them as it is, the others in some way of their own.
pub(super) fn any(text: &str, rng: &mut Rng) -> String {
    if rng.bool() {
        return text.to_owned();
    }
    among(&Variant::ALL, text, rng)
}

/// The text in one of these ways; as it is if there are none.
pub(super) fn among(variants: &[Variant], text: &str, rng: &mut Rng) -> String {
    rng.choice(variants.iter()).map_or_else(|| text.to_owned(), |variant| variant.write(text, rng))
}

fn full_width(c: char) -> char {
    match c {
        ' ' => '\u{3000}',
        '!'..='~' => char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// Puts one of `marks` behind every letter or two; at least one is there if there is a letter.
fn behind_letters(text: &str, marks: &[char], rng: &mut Rng) -> String {
    let mut written = String::new();
    let mut marked = false;
    for c in text.chars() {
        written.push(c);
        if c.is_alphanumeric() && (!marked || rng.bool()) {
            written.extend(rng.choice(marks));
            marked = true;
        }
    }
    written
}

/// Cyrillic and Greek letters that look like Latin ones in most fonts.
fn look_alike(c: char) -> char {
    match c {
        'a' => 'а',
        'c' => 'с',
        'e' => 'е',
        'i' => 'і',
        'o' => 'о',
        'p' => 'р',
        'x' => 'х',
        'y' => 'у',
        'A' => 'А',
        'B' => 'В',
        'C' => 'С',
        'E' => 'Ε',
        'H' => 'Η',
        'I' => 'Ι',
        'K' => 'Κ',
        'M' => 'М',
        'N' => 'Ν',
        'O' => 'О',
        'P' => 'Р',
        'T' => 'Т',
        'X' => 'Х',
        _ => c,
    }
}

/// Writes one letter in four several times, and the last one always.
fn repeat_letters(text: &str, rng: &mut Rng) -> String {
    let last = text.char_indices().rfind(|(_, c)| c.is_alphabetic()).map(|(at, _)| at);
    let mut written = String::new();
    for (at, c) in text.char_indices() {
        let is_repeated = Some(at) == last || (c.is_alphabetic() && rng.u8(..4) == 0);
        let times = if is_repeated { rng.usize(2..=5) } else { 1 };
        written.extend(std::iter::repeat_n(c, times));
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_is_another_text_that_reads_the_same() {
        let mut rng = Rng::with_seed(7);
        let text = "free coins at coin-fall.example";
        for variant in Variant::ALL {
            for _ in 0..20 {
                let written = variant.write(text, &mut rng);
                let as_it_was = matches!(variant, Variant::Case) && written == text.to_lowercase();
                assert!(written != text || as_it_was, "{variant:?}");
            }
        }
        assert_eq!(Variant::Width.write("a b", &mut rng), "ａ\u{3000}ｂ");
        assert_eq!(Variant::Homoglyphs.write("free coins", &mut rng), "frее соіns");
        let marked = Variant::ZeroWidth.write(text, &mut rng);
        let bare: String = marked.chars().filter(|c| !"\u{200b}\u{200c}\u{200d}\u{2060}".contains(*c)).collect();
        assert!(bare == text && marked.chars().count() > text.chars().count());
        let number = Variant::Number.write(text, &mut rng);
        assert!(number.strip_prefix("free coins at coin-fall.example ").unwrap().parse::<u32>().is_ok());
    }

    #[test]
    fn half_of_a_raid_writes_the_text_as_it_is() {
        let mut rng = Rng::with_seed(7);
        let same = (0..1000).filter(|_| any("free coins", &mut rng) == "free coins").count();
        assert!((450..=650).contains(&same), "{same}");
        assert_eq!(among(&[], "free coins", &mut rng), "free coins");
    }
}
