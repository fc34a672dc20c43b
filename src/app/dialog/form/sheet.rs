//! Draws a form's dialog: the fields and what is wrong with them, or the change that is to be looked through.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Clear;

use crate::app::dialog::area;
use crate::app::dialog::heard::{self, Heard};
use crate::app::keys::Motion;
use crate::app::look::Look;
use crate::app::screen::inside;
use crate::app::text::{clean, fit};
use crate::app::widget::frame::boxed;
use crate::app::widget::page::{Page, Scroll, TOLD};

use super::{Difference, FormDialog, Purpose, Stage};

/// Rows below which help gives way to the fields.
const LOW: usize = 12;

impl FormDialog {
    /// What it says without a screen.
    pub(in crate::app::dialog) fn spoken(&self) -> Heard {
        let title = self.purpose.title();
        let mut page = heard::page();
        match &self.stage {
            Stage::Reviewing(differences) => {
                let lines = heard::told(&review(self.purpose.as_ref(), differences, TOLD, Look::plain()));
                return Heard::new(&title, lines, format!("yes {}, no goes back to the form", self.purpose.assent()));
            }
            Stage::Dropping => return Heard::new(&title, Vec::new(), "yes drops what you typed, no goes on"),
            Stage::Sending { .. } => return Heard::waiting(&title, Vec::new()),
            Stage::Filling => self.trouble(&mut page, Look::plain()),
        }
        if self.nothing_to_send {
            page.text(&format!("Nothing has changed: there is nothing to {}.", self.purpose.verb()));
        }
        let mut lines = heard::told(&page.finish());
        lines.extend(self.form.told(&self.problems));
        let verb = self.purpose.verb();
        let send = if verb == "send" { String::new() } else { format!(" or {verb}") };
        Heard::new(&title, lines, format!("FIELD = TEXT fills a field, FIELD explains it; send{send}, or cancel"))
    }

    /// Fills the field with this name.
    pub(in crate::app::dialog) fn say(&mut self, name: &str, value: &str) -> Result<(), String> {
        if !self.is_filling() {
            return Err("it is not being filled in now".to_owned());
        }
        self.form.say(name, value)?;
        self.typed();
        Ok(())
    }

    /// Moves in a review that does not fit a screen of this size.
    pub(super) fn scroll_review(&mut self, motion: Motion, size: (u16, u16)) {
        let sheet = self.sheet(usize::from(area(size, 0).width.saturating_sub(4)), Look::plain());
        let height = inside(area(size, sheet.lines.len() + sheet.footer.len())).1.saturating_sub(sheet.footer.len());
        self.scroll.go(motion, sheet.lines.len(), height);
    }

    pub(in crate::app::dialog) fn draw(&self, frame: &mut Frame, size: (u16, u16), look: Look) -> Option<Position> {
        let widest = usize::from(area(size, 0).width.saturating_sub(4));
        let mut sheet = self.sheet(widest, look);
        let area = area(size, sheet.lines.len() + sheet.footer.len());
        // On a low screen the fields come before what is said of them.
        let room = inside(area).1;
        if room < LOW && room < sheet.lines.len() + sheet.footer.len() {
            sheet.footer.retain(|line| line.width() > 0);
            sheet.footer.truncate((room / 3).max(1));
        }
        frame.render_widget(Clear, area);
        let title = format!(" {} ", fit(clean(&self.purpose.title()).as_str(), widest));
        let inner = boxed(frame, area, look, true, Line::styled(title, look.title()), Line::default());
        let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
        let height = inside(area).1.saturating_sub(sheet.footer.len());
        let top = sheet.top(height);
        if sheet.scroll.is_some() && sheet.lines.len() > height {
            let end = area.bottom().saturating_sub(1);
            let more = format!(" {}-{} of {}: j k ", top + 1, (top + height).min(sheet.lines.len()), sheet.lines.len());
            let columns = u16::try_from(more.len()).unwrap_or_default();
            frame.buffer_mut().set_string(area.right().saturating_sub(columns + 2), end, more, look.busy());
        }
        for (line, y) in sheet.lines.iter().skip(top).take(height).zip(inner.y..) {
            frame.buffer_mut().set_line(inner.x, y, line, inner.width);
        }
        let footer_top = inner.y + u16::try_from(height).unwrap_or_default();
        for (line, y) in sheet.footer.iter().zip(footer_top..inner.bottom()) {
            frame.buffer_mut().set_line(inner.x, y, line, inner.width);
        }
        sheet.caret.map(|(column, row)| {
            let x = inner.x + u16::try_from(column).unwrap_or_default();
            let y = inner.y + u16::try_from(row.saturating_sub(top)).unwrap_or_default();
            Position::new(x.min(inner.right()), y.min(inner.bottom()))
        })
    }

    fn sheet(&self, cells: usize, look: Look) -> Sheet {
        match &self.stage {
            Stage::Reviewing(differences) => {
                let lines = review(self.purpose.as_ref(), differences, cells, look);
                let footer = vec![Line::default(), assent(self.purpose.as_ref(), look)];
                Sheet { lines, footer, scroll: Some(self.scroll), ..Sheet::default() }
            }
            Stage::Filling | Stage::Sending { .. } | Stage::Dropping => self.filling(cells, look),
        }
    }

    fn filling(&self, cells: usize, look: Look) -> Sheet {
        let mut first = Page::new(look, cells);
        self.trouble(&mut first, look);
        let mut lines = first.finish();
        let layout = self.form.layout(cells, &self.problems, look);
        let above = lines.len();
        lines.extend(layout.lines);
        let mut last = Page::new(look, cells);
        last.blank();
        match &self.stage {
            Stage::Sending { .. } if self.progress.is_some() => {
                last.styled(self.progress.unwrap_or_default(), look.busy());
            }
            Stage::Sending { rest, sent } => {
                let of = if rest.is_empty() && *sent == 1 {
                    String::new()
                } else {
                    format!(" {sent} of {}", sent + rest.len())
                };
                last.styled(
                    &format!("sending{of} ... (Esc leaves it to itself; the outcome will be told)"),
                    look.busy(),
                );
            }
            Stage::Dropping => last.styled("Drop what you typed?  y drops it, Esc goes on", look.bad()),
            Stage::Filling | Stage::Reviewing(_) if self.nothing_to_send => {
                last.styled(&format!("Nothing has changed: there is nothing to {}.", self.purpose.verb()), look.busy());
            }
            Stage::Filling | Stage::Reviewing(_) => last.styled(layout.help, look.quiet()),
        }
        let caret = (layout.caret.0, layout.caret.1 + above);
        let focused = (layout.focused.0 + above, layout.focused.1 + above);
        // What the service said is read before anything else.
        let focused = if self.refused.is_some() { (0, focused.1) } else { focused };
        Sheet { lines, footer: last.finish(), caret: Some(caret), focused, scroll: None }
    }

    fn trouble(&self, page: &mut Page, look: Look) {
        if let Some(note) = &self.note {
            page.styled(clean(note).as_str(), look.busy());
            page.blank();
        }
        if self.done > 0 && self.refused.is_some() {
            page.styled(&format!("{} of the changes went through; then:", self.done), look.busy());
        }
        if let Some(told) = &self.refused {
            page.styled(&told.headline, look.bad());
            for (label, text) in &told.facts {
                page.fact(label, text);
            }
            page.styled(told.remark, if told.doubt { look.busy() } else { look.text() });
        }
        let (_, homeless) = self.form.sort_problems(&self.problems);
        for problem in homeless.into_iter().filter(|_| self.form.is_touched() || self.refused.is_some()) {
            page.styled(
                &format!("! {} {}", clean(&problem.member).as_str(), clean(&problem.message).as_str()),
                look.bad(),
            );
        }
        if self.refused.is_some() {
            page.blank();
        }
    }
}

/// What is drawn inside the dialog's frame.
#[derive(Debug, Default)]
struct Sheet {
    lines: Vec<Line<'static>>,
    /// What stays at the bottom while the lines scroll.
    footer: Vec<Line<'static>>,
    caret: Option<(usize, usize)>,
    focused: (usize, usize),
    /// How far the reader has scrolled, where lines are read and not filled in.
    scroll: Option<Scroll>,
}

impl Sheet {
    /// The first line to show, so that the field that has the keys is in view.
    fn top(&self, height: usize) -> usize {
        if let Some(scroll) = self.scroll {
            return scroll.top(self.lines.len(), height);
        }
        let lowest = self.focused.1.saturating_sub(height);
        lowest
            .max(self.caret.map_or(0, |(_, row)| (row + 1).saturating_sub(height)))
            .min(self.lines.len().saturating_sub(height))
    }
}

fn review(purpose: &dyn Purpose, differences: &[Difference], cells: usize, look: Look) -> Vec<Line<'static>> {
    let mut page = Page::new(look, cells);
    page.text(purpose.foretell());
    page.blank();
    for difference in differences {
        page.line(Line::from(Span::styled(clean(&difference.label).as_str().to_owned(), look.strong())));
        if difference.old.is_empty() {
            page.fact_styled("", clean(&difference.new).as_str(), look.good());
        } else {
            page.fact_styled("  from", clean(&difference.old).as_str(), look.text());
            page.fact_styled("  to", clean(&difference.new).as_str(), look.good());
        }
        for unseen in [hidden(&difference.old), hidden(&difference.new)].into_iter().flatten() {
            page.fact_styled("", &unseen, look.bad());
        }
        if !difference.note.is_empty() {
            page.fact_styled("", difference.note, look.busy());
        }
    }
    page.finish()
}

fn assent(purpose: &dyn Purpose, look: Look) -> Line<'static> {
    Line::from(vec![
        Span::styled("y", look.key()),
        Span::raw(format!(" {}   ", purpose.assent())),
        Span::styled("Esc", look.key()),
        Span::raw(" goes back to the form"),
    ])
}

/// What a text holds that can't be seen, as code points: what is sent is never other than what was looked through.
pub(in crate::app::dialog) fn hidden(text: &str) -> Option<String> {
    if !clean(text).altered() {
        return None;
    }
    let unseen = text.chars().filter(|c| clean(&c.to_string()).altered());
    let points: Vec<String> = unseen.map(|c| format!("U+{:04X}", u32::from(c))).collect();
    Some(format!("It holds what can't be seen: {}", points.join(" ")))
}
