//! Nobody says the same in the same words: a line that was said a moment ago is said a little differently.
//!
//! The script has a few hundred lines, and a busy room is through them within half a minute. A room in which everything
//! comes three times a minute looks like a raid, and no real one does. Only busy rooms need it.

use std::collections::HashMap;

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};

/// How long a line counts as just said.
const MOMENT: SignedDuration = SignedDuration::from_secs(90);
/// Lines that are remembered; when there are more, all are forgotten.
const REMEMBERED: usize = 4096;
/// Shorter ones are what a whole room may well say at once.
const EXCLAMATION: usize = 12;
/// Longer ones are as they are for a reason.
const LONGEST: usize = 120;

/// What may come before,
const BEFORE: [&str; 10] =
    ["honestly", "ok", "yeah", "haha", "same here", "like I said", "again", "btw", "chat", "hmm"];
/// and what behind.
const BEHIND: [&str; 14] = [
    "tbh",
    "ngl",
    "though",
    "right?",
    "anyway",
    "for real",
    "lol",
    "I swear",
    "just saying",
    "as always",
    "today",
    "no joke",
    "I think",
    ":)",
];

/// What was said in a room lately.
#[derive(Debug)]
pub(super) struct Wording {
    rng: Rng,
    said: HashMap<String, Timestamp>,
}

impl Wording {
    /// Nothing was said yet.
    pub(super) fn new(rng: Rng) -> Self {
        Self { rng, said: HashMap::new() }
    }

    /// The line as it is said at `now`.
    pub(super) fn word(&mut self, line: String, now: Timestamp) -> String {
        if !line.is_ascii() || !(EXCLAMATION..=LONGEST).contains(&line.len()) {
            return line;
        }
        let mut worded = line;
        // Twice at most: what then is still the same may be so.
        for _ in 0..2 {
            let is_new = self.said.get(&worded).is_none_or(|at| now.duration_since(*at) > MOMENT);
            if is_new {
                break;
            }
            worded = self.differently(&worded);
        }
        if self.said.len() >= REMEMBERED {
            self.said.clear();
        }
        self.said.insert(worded.clone(), now);
        worded
    }

    fn differently(&mut self, line: &str) -> String {
        let place = self.rng.usize(..BEFORE.len() + BEHIND.len());
        match BEFORE.get(place) {
            Some(before) => format!("{before}, {line}"),
            None => format!("{line} {}", BEHIND[place - BEFORE.len()]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_comes_again_in_other_words_until_a_while_has_passed() {
        let mut wording = Wording::new(Rng::with_seed(1));
        let at = |seconds: i64| Timestamp::from_second(1_000_000 + seconds).unwrap();
        let mut say = |line: &str, seconds: i64| wording.word(line.to_owned(), at(seconds));
        assert_eq!(say("this song is a banger", 0), "this song is a banger");
        let again = say("this song is a banger", 30);
        assert!(again != "this song is a banger" && again.contains("this song is a banger"), "{again}");
        assert_eq!(say("this song is a banger", 91), "this song is a banger");
        assert_eq!((say("gg", 0), say("gg", 1)), ("gg".to_owned(), "gg".to_owned()), "waves there may be");
        for line in ["schönes Wetter heute", "\u{1b}[2J", &"a".repeat(500)] {
            assert_eq!((say(line, 0).as_str(), say(line, 1).as_str()), (line, line));
        }
    }
}
