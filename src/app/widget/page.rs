//! A page of labelled facts and text that scrolls: details, JSON, help, trouble.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::app::keys::Motion;
use crate::app::look::Look;
use crate::app::text::{self, fit};

/// The width of a page that is not laid out but told, line by line: nothing is wrapped or cut, and labels are not padded.
pub const TOLD: usize = 1 << 20;

/// How far a page is scrolled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Scroll(usize);

impl Scroll {
    /// The first line to show of `lines` in a pane of `height`.
    pub fn top(self, lines: usize, height: usize) -> usize {
        self.0.min(lines.saturating_sub(height))
    }

    /// Moves over `lines` in a pane of `height`.
    pub fn go(&mut self, motion: Motion, lines: usize, height: usize) {
        let tops = lines.saturating_sub(height) + 1;
        self.0 = motion.target(self.top(lines, height), tops, height);
    }
}

/// Columns that a label takes, by the width of the page.
fn label_columns(width: usize) -> usize {
    if width < 40 { 8 } else { 12 }
}

/// Lines under construction, for a pane of a certain width.
#[derive(Debug)]
pub struct Page {
    look: Look,
    width: usize,
    done: Vec<Line<'static>>,
    /// The heading, where lines are told: each says what it is about.
    under: Option<String>,
}

impl Page {
    /// An empty page.
    pub fn new(look: Look, width: usize) -> Self {
        Self { look, width, done: Vec::new(), under: None }
    }

    /// A heading, with a blank line before it unless it is the first.
    pub fn heading(&mut self, text: &str) {
        if self.width >= TOLD {
            return self.under = Some(text.to_owned());
        }
        if !self.done.is_empty() {
            self.blank();
        }
        self.styled(text, self.look.strong());
    }

    /// An empty line.
    pub fn blank(&mut self) {
        self.done.push(Line::default());
    }

    /// Text across the pane, wrapped.
    pub fn text(&mut self, text: &str) {
        self.styled(text, self.look.text());
    }

    /// Text across the pane, wrapped, in a style.
    pub fn styled(&mut self, text: &str, style: Style) {
        if self.width >= TOLD {
            return self.tell(text);
        }
        for range in text::wrap(text, self.width) {
            self.done.push(Line::styled(text[range].to_owned(), style));
        }
    }

    /// A line that is told.
    fn tell(&mut self, text: &str) {
        let under = self.under.as_ref().map(|heading| format!("{heading}: ")).unwrap_or_default();
        self.done.push(Line::raw(format!("{under}{text}")));
    }

    /// A document begins, if one does: its heading stands before it, and not in each of its lines.
    fn begin_document(&mut self) {
        if let Some(heading) = self.under.take() {
            self.done.push(Line::raw(heading));
        }
    }

    /// An item of a list, wrapped with a hanging indent.
    pub fn item(&mut self, text: &str) {
        if self.width >= TOLD {
            return self.tell(text);
        }
        for (number, range) in text::wrap(text, self.width.saturating_sub(2)).into_iter().enumerate() {
            let lead = if number == 0 { "- " } else { "  " };
            self.done.push(Line::raw(format!("{lead}{}", &text[range])));
        }
    }

    /// A line that is not wrapped but cut, such as JSON.
    pub fn line(&mut self, line: Line<'static>) {
        self.begin_document();
        self.done.push(line);
    }

    /// A line of a document, wrapped behind its indent.
    pub fn code(&mut self, line: &str) {
        self.begin_document();
        let text = line.trim_start_matches(' ');
        let indent = " ".repeat((line.len() - text.len()).min(self.width / 2));
        for range in text::wrap(text, self.width.saturating_sub(indent.len())) {
            self.done.push(Line::raw(format!("{indent}{}", &text[range])));
        }
    }

    /// A label and a value, wrapped with a hanging indent.
    pub fn fact(&mut self, label: &str, value: &str) {
        self.fact_styled(label, value, self.look.text());
    }

    /// A label and a value in a style.
    pub fn fact_styled(&mut self, label: &str, value: &str, style: Style) {
        if self.width >= TOLD {
            let lead = if label.is_empty() { String::new() } else { format!("{label}: ") };
            return self.tell(&format!("{lead}{value}"));
        }
        let columns = label_columns(self.width);
        let label = fit(label, columns - 1);
        let mut label = format!("{label}{}", " ".repeat(columns - text::width(&label)));
        for range in text::wrap(value, self.width.saturating_sub(columns)) {
            let shown = std::mem::replace(&mut label, " ".repeat(columns));
            self.done.push(Line::from(vec![
                Span::styled(shown, self.look.quiet()),
                Span::styled(value[range].to_owned(), style),
            ]));
        }
    }

    /// The page.
    pub fn finish(self) -> Vec<Line<'static>> {
        self.done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scrolling_stops_at_both_ends() {
        let mut scroll = Scroll::default();
        scroll.go(Motion::Bottom, 100, 10);
        assert_eq!(scroll.top(100, 10), 90);
        scroll.go(Motion::Down, 100, 10);
        assert_eq!(scroll.top(100, 10), 90);
        scroll.go(Motion::PageUp, 100, 10);
        assert_eq!(scroll.top(100, 10), 80);
        scroll.go(Motion::Up, 5, 10);
        assert_eq!(scroll.top(5, 10), 0);
    }

    #[test]
    fn items_wrap_behind_their_dash() {
        let mut page = Page::new(Look::plain(), 12);
        page.item("one two three");
        let shown: Vec<String> = page.finish().iter().map(ToString::to_string).collect();
        assert_eq!(shown, ["- one two", "  three"]);
    }

    #[test]
    fn a_line_that_is_told_says_what_it_is_about() {
        let mut page = Page::new(Look::plain(), TOLD);
        page.fact("Name", "lobby");
        page.heading("Limits");
        page.fact("Rate", "10 messages a second");
        page.heading("Logging");
        page.text("none");
        page.heading("JSON");
        page.code("{");
        page.code("}");
        let told: Vec<String> = page.finish().iter().map(ToString::to_string).collect();
        assert_eq!(told, ["Name: lobby", "Limits: Rate: 10 messages a second", "Logging: none", "JSON", "{", "}"]);
    }

    #[test]
    fn values_wrap_under_themselves() {
        let mut page = Page::new(Look::plain(), 20);
        page.fact("ARN", "one two three four");
        let shown: Vec<String> = page.finish().iter().map(ToString::to_string).collect();
        assert_eq!(shown, ["ARN     one two", "        three four"]);
    }
}
