//! Words and phrases as people read them: they are found in a text through the tricks that hide them from a plain search.

use crate::app::text::letters;

/// A text without tricks: look-alikes as the letters that they look like, no case, no accents, no invisible characters,
/// and known where its words begin.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bare {
    letters: Vec<char>,
    /// For each letter whether a word begins with it.
    begins: Vec<bool>,
}

impl Bare {
    /// Takes a text's tricks away. Runs of a letter stay as long as they are: `god` is not `good`.
    pub fn of(text: &str) -> Self {
        let (letters, begins) = letters(text).into_iter().unzip();
        Self { letters, begins }
    }

    /// Whether the phrase is said: as whole words, however they are parted, and with runs at least as long.
    pub fn says(&self, phrase: &Phrase) -> bool {
        (0..self.letters.len()).any(|at| self.may_begin(at) && self.fits(at, phrase, true))
    }

    /// Whether the phrase is somewhere in it: within a word, or as whole words.
    pub fn holds(&self, phrase: &Phrase) -> bool {
        (0..self.letters.len()).any(|at| self.fits(at, phrase, false)) || self.says(phrase)
    }

    /// As a text: words of letters, with a blank between them.
    pub fn text(&self) -> String {
        let mut text = String::with_capacity(self.letters.len() + 16);
        for (index, (letter, begins)) in self.letters.iter().zip(&self.begins).enumerate() {
            if *begins && index > 0 {
                text.push(' ');
            }
            text.push(*letter);
        }
        text
    }

    /// Whether a word can begin there, or end before it. Some scripts have no blanks between words.
    fn may_begin(&self, at: usize) -> bool {
        let parts = |at: usize| self.letters.get(at).is_none_or(|letter| has_no_blanks(*letter));
        self.begins.get(at).is_none_or(|begins| *begins) || parts(at) || at.checked_sub(1).is_none_or(parts)
    }

    /// Whether the phrase is at this letter: as whole words, or within one.
    fn fits(&self, mut at: usize, phrase: &Phrase, whole: bool) -> bool {
        for (index, (letter, least)) in phrase.runs.iter().enumerate() {
            let is_last = index + 1 == phrase.runs.len();
            let mut run = 0;
            while self.letters.get(at) == Some(letter) && (whole || (index, run) == (0, 0) || !self.begins[at]) {
                (at, run) = (at + 1, run + 1);
                // The word that follows may begin with the letter that this one ends with.
                if is_last && run >= *least && (!whole || self.may_begin(at)) {
                    return true;
                }
            }
            if run < *least {
                return false;
            }
        }
        false
    }
}

/// A word or some words to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// Each letter and how often it stands there in a row.
    runs: Vec<(char, usize)>,
}

impl Phrase {
    /// What was typed; nothing if there is no letter in it.
    pub fn new(text: &str) -> Option<Self> {
        let mut runs: Vec<(char, usize)> = Vec::new();
        for letter in Bare::of(text).letters {
            match runs.last_mut() {
                Some((last, run)) if *last == letter => *run += 1,
                _ => runs.push((letter, 1)),
            }
        }
        Some(Self { runs }).filter(|phrase| !phrase.runs.is_empty())
    }
}

/// Whether a script is written without blanks between its words: Thai and its neighbours, Chinese, Japanese.
fn has_no_blanks(letter: char) -> bool {
    matches!(letter, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
        || matches!(letter, '\u{2e80}'..='\u{abff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(text: &str, phrase: &str) -> bool {
        Bare::of(text).says(&Phrase::new(phrase).unwrap())
    }

    #[test]
    fn a_phrase_is_found_however_it_is_parted() {
        for text in
            ["free coins", "FREE  COINS!!", "get free-coins now", "f r e e c o i n s", "f.r.e.e coins", "freecoins"]
        {
            assert!(says(text, "free coins"), "{text}");
        }
        for text in ["frее соins", "FR33 c01n$", "ｆｒｅｅ 𝕔𝕠𝕚𝕟𝕤", "f́rée̶ coins"] {
            assert!(says(text, "free coins"), "{text}");
        }
        assert!(says("freeeee coinssss", "free coins"), "longer runs say the same");
        assert!(says("fr\u{200b}ee coins", "free coins"), "nothing that takes no room parts a word");
    }

    #[test]
    fn other_words_that_hold_it_or_look_like_it_without_its_runs_are_not_it() {
        assert!(!says("which it", "hit"));
        assert!(!says("the classic", "ass"));
        assert!(!says("as soon as god wills", "ass"));
        assert!(!says("as god wills", "good"));
        assert!(!says("carefree coins", "free coins"));
        assert!(says("bus stop", "bus"), "the next word begins with its last letter");
    }

    #[test]
    fn within_a_word_it_is_held_but_not_across_two() {
        let holds = |text: &str, phrase: &str| Bare::of(text).holds(&Phrase::new(phrase).unwrap());
        assert!(holds("carefree", "free") && holds("an airdrop", "drop") && holds("f r e e", "free"));
        assert!(!holds("which it", "hit") && !holds("a god", "good"));
    }

    #[test]
    fn scripts_without_blanks_need_none() {
        assert!(says("今すぐ無料コインをもらう", "無料コイン"));
        assert!(Phrase::new("... !?").is_none());
    }
}
