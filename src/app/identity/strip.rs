//! The line that says who we are: its pieces, and which of them give way where there is no room for all.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::app::text::width;

/// Blanks between two pieces.
const GAP: usize = 2;

/// A piece of the strip.
#[derive(Debug, Clone)]
pub struct Piece {
    text: String,
    style: Style,
    /// The highest gives way first; 0 never does.
    rank: u8,
}

impl Piece {
    /// A piece with this text, which is safe to show. One without text is none.
    pub fn new(rank: u8, text: impl Into<String>, style: Style) -> Self {
        Self { text: text.into(), style, rank }
    }

    fn cells(&self) -> usize {
        width(&self.text) + GAP
    }
}

/// Both ends of a strip of so many cells: what is least worth its room is left out until the rest fits.
pub fn lay_out(mut left: Vec<Piece>, mut right: Vec<Piece>, cells: usize) -> (Line<'static>, Line<'static>) {
    let filled = |piece: &Piece| !piece.text.is_empty();
    left.retain(filled);
    right.retain(filled);
    loop {
        // With a blank at either end, if there is one.
        let used: usize = left.iter().chain(&right).map(Piece::cells).sum();
        let used = used - usize::from(right.is_empty());
        let rank = left.iter().chain(&right).map(|piece| piece.rank).max().unwrap_or_default();
        if used <= cells || rank == 0 {
            break;
        }
        left.retain(|piece| piece.rank < rank);
        right.retain(|piece| piece.rank < rank);
    }
    (line(left, true), line(right, false))
}

fn line(pieces: Vec<Piece>, is_left: bool) -> Line<'static> {
    let first = pieces.first().map_or(Style::new(), |piece| piece.style);
    let mut spans = vec![Span::styled(if is_left { " " } else { "" }, first)];
    for (place, piece) in pieces.into_iter().enumerate() {
        if place > 0 {
            spans.push(Span::raw(" ".repeat(GAP)));
        }
        spans.push(Span::styled(piece.text, piece.style));
    }
    if !is_left && spans.len() > 1 {
        spans.push(Span::raw(" "));
    }
    Line::from(spans)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn laid(cells: usize) -> (String, String) {
        let piece = |rank, text: &str| Piece::new(rank, text, Style::new());
        let left = vec![piece(4, "app"), piece(0, "prod"), piece(2, "123456789012"), piece(6, "Role"), piece(1, "")];
        let (left, right) = lay_out(left, vec![piece(5, "3 live"), piece(7, "12:00Z")], cells);
        (left.to_string(), right.to_string())
    }

    #[test]
    fn what_is_least_worth_its_room_gives_way_first() {
        let parts = |left: &str, right: &str| (left.to_owned(), right.to_owned());
        assert_eq!(laid(60), parts(" app  prod  123456789012  Role", "3 live  12:00Z "));
        assert_eq!(laid(40), parts(" app  prod  123456789012  Role", "3 live "));
        assert_eq!(laid(38), parts(" app  prod  123456789012", "3 live "));
        assert_eq!(laid(28), parts(" app  prod  123456789012", ""));
        assert_eq!(laid(20), parts(" prod  123456789012", ""));
        assert_eq!(laid(3), parts(" prod", ""));
    }

    #[test]
    fn whatever_is_laid_out_fits_if_it_may_give_way() {
        for cells in 7..90 {
            let (left, right) = laid(cells);
            assert!(width(&left) + width(&right) <= cells, "{cells}: {left:?} {right:?}");
        }
    }
}
