//! Text into cells: how wide it is, how it fits, how it wraps.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Cells that a text takes on one line.
pub fn width(text: &str) -> usize {
    text.width()
}

/// As much of `text` as fits into `cells`, with an ellipsis if something had to go.
pub fn fit(text: &str, cells: usize) -> String {
    if width(text) <= cells {
        return text.to_owned();
    }
    let mut taken = String::new();
    let mut used = 1;
    for cluster in text.graphemes(true) {
        used += width(cluster);
        if used > cells {
            break;
        }
        taken.push_str(cluster);
    }
    if cells > 0 {
        taken.push('…');
    }
    taken
}

/// As much of the end of `text` as fits into `cells`, with an ellipsis in front if something had to go.
pub fn fit_end(text: &str, cells: usize) -> String {
    if width(text) <= cells {
        return text.to_owned();
    }
    let mut start = text.len();
    let mut used = 1;
    for (at, cluster) in text.grapheme_indices(true).rev() {
        used += width(cluster);
        if used > cells {
            break;
        }
        start = at;
    }
    let mark = if cells > 0 { "…" } else { "" };
    format!("{mark}{}", &text[start..])
}

/// The lines of `text` at most `cells` wide, as ranges into it. Lines break where Unicode's rules for scripts, blanks and
/// punctuation let them (UAX 14), blanks at a break go, a word wider than a line is cut, and a grapheme never is. There
/// is always at least one line.
pub fn wrap(text: &str, cells: usize) -> Vec<Range<usize>> {
    let cells = cells.max(2);
    if text.len() <= cells && text.is_ascii() {
        return std::iter::once(0..text.len()).collect();
    }
    let mut lines = Lines { text, cells, done: Vec::new(), start: 0, end: 0, used: 0 };
    let mut at = 0;
    for (next, _) in unicode_linebreak::linebreaks(text) {
        lines.word(at, &text[at..next]);
        at = next;
    }
    lines.finish()
}

struct Lines<'a> {
    text: &'a str,
    cells: usize,
    done: Vec<Range<usize>>,
    start: usize,
    end: usize,
    used: usize,
}

impl Lines<'_> {
    /// A word and the blanks behind it, which may hang over the edge.
    fn word(&mut self, at: usize, word: &str) {
        let wide = width(word.trim_end());
        if self.used + wide <= self.cells {
            self.take(at, word);
        } else if wide <= self.cells {
            self.cut(at);
            self.take(at, word);
        } else {
            self.long_word(at, word);
        }
    }

    /// A word wider than a line is cut between graphemes, starting where the line has got to.
    fn long_word(&mut self, at: usize, word: &str) {
        for (offset, cluster) in word.grapheme_indices(true) {
            let hangs = cluster.trim().is_empty();
            if self.used + width(cluster) > self.cells && self.used > 0 && !hangs {
                self.cut(at + offset);
            }
            self.take(at + offset, cluster);
        }
    }

    fn take(&mut self, at: usize, piece: &str) {
        self.end = at + piece.len();
        self.used += width(piece);
    }

    fn cut(&mut self, next: usize) {
        self.done.push(self.start..self.start + self.text[self.start..self.end].trim_end().len());
        (self.start, self.end, self.used) = (next, next, 0);
    }

    fn finish(mut self) -> Vec<Range<usize>> {
        if self.start < self.end || self.done.is_empty() {
            self.cut(self.text.len());
        }
        self.done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, cells: usize) -> Vec<&str> {
        wrap(text, cells).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn words_stay_whole_where_they_fit() {
        assert_eq!(lines("free coins at the shop", 11), ["free coins", "at the shop"]);
        assert_eq!(lines("", 10), [""]);
        assert_eq!(lines("short", 10), ["short"]);
        assert_eq!(lines("sip (tea only) now", 13), ["sip (tea", "only) now"], "a bracket stays with its word");
        assert_eq!(lines("ねこが好きです", 6), ["ねこが", "好きで", "す"]);
    }

    #[test]
    fn a_word_wider_than_a_line_is_cut_between_graphemes() {
        assert_eq!(lines("aaaaaaaa", 3), ["aaa", "aaa", "aa"]);
        assert_eq!(lines("👩‍👧👩‍👧👩‍👧", 4), ["👩‍👧👩‍👧", "👩‍👧"]);
    }

    #[test]
    fn fitting_leaves_room_for_the_ellipsis() {
        assert_eq!(fit("lobby-main", 10), "lobby-main");
        assert_eq!(fit("lobby-main", 6), "lobby…");
        assert_eq!(fit("ねこねこ", 5), "ねこ…");
        assert_eq!(fit("ねこ", 0), "");
    }

    #[test]
    fn no_line_is_too_wide_and_only_blanks_are_lost() {
        proptest::proptest!(|(text in "[a-zé ねこ👩‍👧]{0,60}", cells in 2usize..20)| {
            let lines = lines(&text, cells);
            for line in &lines {
                proptest::prop_assert!(width(line) <= cells, "{line:?}");
            }
            let squash = |text: &str| text.split_whitespace().collect::<String>();
            proptest::prop_assert_eq!(squash(&lines.concat()), squash(&text));
        });
    }
}
