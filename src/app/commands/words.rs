//! A typed line as words: blanks part them, and quotes around a word keep its blanks.

/// A word of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Without its quotes.
    pub text: String,
    /// The byte of the line where it starts, quote included.
    pub start: usize,
}

/// The words of a line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    /// In order.
    pub words: Vec<Word>,
    /// The quote that is not closed, if there is one.
    pub open: Option<char>,
    /// Whether a blank ends the line, so that another word starts.
    pub ended: bool,
}

/// Takes a line apart. A quote only counts where a word starts or behind a `=`: `don't` is a word like any other.
pub fn words(line: &str) -> Words {
    let mut found = Words { ended: true, ..Words::default() };
    let mut before = ' ';
    for (start, c) in line.char_indices() {
        let starts = found.ended;
        match found.open {
            Some(quote) if c == quote => found.open = None,
            None if c.is_whitespace() => found.ended = true,
            None if matches!(c, '"' | '\'') && (starts || before == '=') => {
                found.open = Some(c);
                found.begin(start);
            }
            Some(_) | None => {
                found.begin(start);
                if let Some(word) = found.words.last_mut() {
                    word.text.push(c);
                }
            }
        }
        before = c;
    }
    found
}

impl Words {
    fn begin(&mut self, start: usize) {
        if std::mem::take(&mut self.ended) {
            self.words.push(Word { text: String::new(), start });
        }
    }
}

/// A text as one word of a line.
pub fn quote(text: &str) -> String {
    let plain = !text.is_empty() && !text.contains(char::is_whitespace) && !text.starts_with(['"', '\'']);
    if plain {
        text.to_owned()
    } else {
        let quote = if text.contains('"') { '\'' } else { '"' };
        format!("{quote}{text}{quote}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(line: &str) -> Vec<String> {
        words(line).words.into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn quotes_keep_blanks_and_an_apostrophe_is_no_quote() {
        assert_eq!(texts("  open  \"the big room\" x"), ["open", "the big room", "x"]);
        assert_eq!(texts("filter don't 'do it'"), ["filter", "don't", "do it"]);
        assert_eq!(texts("rooms name=\"a b\""), ["rooms", "name=a b"]);
        assert_eq!(texts("open ''"), ["open", ""]);
    }

    #[test]
    fn it_is_known_where_the_last_word_starts_and_whether_it_has_ended() {
        let found = words("tags \"a b");
        assert_eq!((found.words[1].start, found.open, found.ended), (5, Some('"'), false));
        assert!(words("tags ").ended && words("").ended && !words("tags").ended);
    }

    #[test]
    fn what_is_quoted_is_one_word_again() {
        for text in ["lobby", "the big room", "", "'x", "say \"hi\" now", "don't"] {
            assert_eq!(texts(&quote(text)), [text]);
        }
    }
}
