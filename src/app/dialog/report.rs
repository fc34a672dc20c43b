//! A page to be read and closed: what rules are in force, what a trial of them found.

use ratatui::Frame;
use ratatui::layout::Position;
use ratatui::text::Line;

use crate::app::keys::{Command, Context};
use crate::app::look::Look;
use crate::app::outbox::Copied;
use crate::app::text::clean;
use crate::app::widget::page::{Page, Scroll, TOLD};

use super::heard::{self, Heard};
use super::{Next, Sheet, Wish, area};

/// A part of a report. Whatever it holds is made safe when it is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// A heading, with a blank line before it.
    Heading(String),
    /// Text across the page.
    Text(String),
    /// The same, of less weight.
    Quiet(String),
    /// The same, and it should not be missed.
    Bad(String),
    /// An item of a list.
    Item(String),
    /// A label and what belongs to it.
    Fact(&'static str, String),
    /// The same, and it should not be missed.
    BadFact(&'static str, String),
    /// A line of a document, its indent kept.
    Code(String),
    /// A code point, or what takes its place, and what there is to say of it.
    Point(String, String),
}

/// A page to be read.
#[derive(Debug)]
pub struct Report {
    title: String,
    parts: Vec<Part>,
    scroll: Scroll,
    /// Whether what it is to say is still on its way.
    waiting: bool,
    /// What can be copied of it.
    copied: Option<Copied>,
}

impl Report {
    /// A page with this title.
    pub fn new(title: &str, parts: Vec<Part>) -> Self {
        Self { title: title.to_owned(), parts, scroll: Scroll::default(), waiting: false, copied: None }
    }

    /// The same, to be replaced when there is more to say.
    pub fn waiting(title: &str, words: &str) -> Self {
        Self { waiting: true, ..Self::new(title, vec![Part::Quiet(words.to_owned())]) }
    }

    /// The same, of which this can be copied.
    #[must_use]
    pub fn with_copy(self, copied: Copied) -> Self {
        Self { copied: Some(copied), ..self }
    }

    /// What it was waiting for.
    pub fn arrived(&mut self, parts: Vec<Part>) {
        if std::mem::take(&mut self.waiting) {
            self.parts = parts;
        }
    }

    pub(super) fn context(&self) -> Context {
        if self.copied.is_some() { Context::Inspect } else { Context::Report }
    }

    pub(super) fn press(&mut self, command: Option<Command>, size: (u16, u16)) -> Next {
        match command {
            Some(Command::Cancel) => return Next::Close,
            Some(Command::Copy) => {
                return self.copied.clone().map_or(Next::Stay, |copied| Next::Ask(Wish::Copy(copied)));
            }
            Some(Command::Move(motion)) => {
                let lines = self.lines(cells(size), Look::plain()).len();
                let height = usize::from(area(size, lines).height.saturating_sub(2));
                self.scroll.go(motion, lines, height);
            }
            Some(_) | None => {}
        }
        Next::Stay
    }

    /// What it says without a screen.
    pub(super) fn spoken(&self) -> Heard {
        if self.waiting {
            return Heard::waiting(&self.title, Vec::new());
        }
        let lines = heard::told(&self.lines(TOLD, Look::plain()));
        // Keys mean nothing without a screen.
        let lines = lines.into_iter().map(|line| line.replace(" y copies it.", "")).collect();
        Heard::new(&self.title, lines, "")
    }

    fn lines(&self, cells: usize, look: Look) -> Vec<Line<'static>> {
        let mut page = Page::new(look, cells);
        for part in &self.parts {
            match part {
                Part::Heading(text) => page.heading(clean(text).as_str()),
                Part::Text(text) => page.text(clean(text).as_str()),
                Part::Quiet(text) => page.styled(clean(text).as_str(), look.quiet()),
                Part::Bad(text) => page.styled(clean(text).as_str(), look.bad()),
                Part::Item(text) => page.item(clean(text).as_str()),
                Part::Fact(label, text) => page.fact(label, clean(text).as_str()),
                Part::BadFact(label, text) => page.fact_styled(label, clean(text).as_str(), look.bad()),
                Part::Code(text) => page.code(clean(text).as_str()),
                Part::Point(code, text) => page.fact(code, clean(text).as_str()),
            }
        }
        page.finish()
    }

    pub(super) fn draw(&self, frame: &mut Frame, size: (u16, u16), look: Look) -> Position {
        let lines = self.lines(cells(size), look);
        let height = usize::from(area(size, lines.len()).height.saturating_sub(2));
        let top = self.scroll.top(lines.len(), height);
        let title = if lines.len() > height {
            format!("{}  {}-{} of {}", self.title, top + 1, (top + height).min(lines.len()), lines.len())
        } else {
            self.title.clone()
        };
        Sheet { lines, top, caret: None }.draw(frame, size, look, &title)
    }
}

fn cells(size: (u16, u16)) -> usize {
    usize::from(area(size, 0).width.saturating_sub(4))
}
