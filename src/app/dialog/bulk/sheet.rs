//! Draws the dialog for many deletions: what will be hit, how far it is, and what came of each.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Clear;
use tui_input::Input;

use crate::app::dialog::area;
use crate::app::dialog::heard::{self, Heard};
use crate::app::look::Look;
use crate::app::queue::Aim;
use crate::app::room::row::span;
use crate::app::screen::inside;
use crate::app::sweep::MOST;
use crate::app::text::{clean, fit, width};
use crate::app::widget::frame::boxed;
use crate::app::widget::page::Page;

use super::{Bulk, End, FEW, Item, Stage};

/// Protected users that are named; of more it is said how many they are.
const NAMED: usize = 3;

/// Rows of the list that are always there, or there would be nothing to see of what is hit.
const SAMPLE: usize = 3;

/// Items that are told one by one.
const TOLD_ITEMS: usize = 20;

impl Bulk {
    /// What it says without a screen.
    pub(in crate::app::dialog) fn spoken(&self) -> Heard {
        let title = self.title();
        let mut page = heard::page();
        let list = self.list();
        let told = |item: &&Item| {
            let word = item.state(Look::plain()).0;
            let word = if word.is_empty() { word } else { format!("{word}: ") };
            clean(&format!("{word}{}: {}", item.who.as_str(), item.what.as_str())).as_str().to_owned()
        };
        let wrong = |item: &&&Item| !matches!(self.stage, Stage::Over) || !item.end.is_good();
        let mut lines: Vec<String> = list.iter().filter(wrong).take(TOLD_ITEMS).map(told).collect();
        let more = list.iter().filter(wrong).count().saturating_sub(TOLD_ITEMS);
        lines.extend((more > 0).then(|| format!("and {more} more")));
        match &self.stage {
            Stage::Choosing(picker) => {
                self.left_alone(&mut page, Look::plain());
                let (reasons, asks) = picker.spoken();
                lines.extend(heard::told(&page.finish()).into_iter().chain(reasons));
                Heard::new(&title, lines, asks)
            }
            Stage::Asking { mismatch, .. } => {
                self.left_alone(&mut page, Look::plain());
                self.why(&mut page, Look::plain());
                lines.extend(heard::told(&page.finish()));
                lines.extend(mismatch.then(|| "that is not how many they are".to_owned()));
                let asks = if self.items.len() > FEW {
                    format!("type how many they are: {}; or cancel", self.items.len())
                } else {
                    "yes does it, no leaves them alone".to_owned()
                };
                Heard::new(&title, lines, asks)
            }
            Stage::Running => Heard::waiting(&title, Vec::new()),
            Stage::Over => {
                let summary = self.progress();
                lines.insert(0, summary.split(';').next().unwrap_or_default().to_owned());
                let asks = if self.count(|end| !end.is_good()) > 0 { "retry, or close" } else { "" };
                Heard::new(&title, lines, asks)
            }
        }
    }

    /// Takes a whole line where a number or a reason is typed.
    pub(in crate::app::dialog) fn type_line(&mut self, line: &str) {
        match &mut self.stage {
            Stage::Choosing(picker) => picker.type_line(line),
            Stage::Asking { typed, mismatch } => (*typed, *mismatch) = (Input::new(line.trim().to_owned()), false),
            Stage::Running | Stage::Over => {}
        }
    }

    /// Whether more may still be told of it by itself.
    pub fn is_under_way(&self) -> bool {
        let open = self.count(|end| end.is_open() || *end == End::Taken);
        open > 0 && matches!(self.stage, Stage::Running | Stage::Over)
    }

    /// The items in the order in which they are shown: when it is over, what went wrong comes first.
    pub(super) fn list(&self) -> Vec<&Item> {
        let mut list: Vec<&Item> = self.items.iter().collect();
        if matches!(self.stage, Stage::Over) {
            list.sort_by_key(|item| item.end.is_good());
        }
        list
    }

    /// Lines that are not the list.
    pub(super) fn around(&self, size: (u16, u16)) -> usize {
        let cells = usize::from(area(size, 0).width.saturating_sub(4));
        self.head(cells, Look::plain()).len() + self.foot(cells, Look::plain()).0.len()
    }

    fn head(&self, cells: usize, look: Look) -> Vec<Line<'static>> {
        let mut page = Page::new(look, cells);
        match &self.stage {
            Stage::Choosing(_) | Stage::Asking { .. } => {
                let only = if self.then.is_some() { "" } else { ", and nothing that is said from now on" };
                if self.items.is_empty() {
                    page.styled("Nothing that is here now is like that.", look.strong());
                } else {
                    page.styled(&format!("These are hit{only}:"), look.strong());
                }
            }
            Stage::Running | Stage::Over => page.styled(&self.progress(), look.strong()),
        }
        page.finish()
    }

    fn progress(&self) -> String {
        let done = self.count(End::is_good);
        let confirmed = self.count(|end| matches!(end, End::Confirmed(_)));
        let failed = self.count(|end| matches!(end, End::Failed(_) | End::Doubtful(_) | End::Unconfirmed));
        let (left, cancelled) = (self.count(End::is_open), self.count(|end| *end == End::Cancelled));
        let state = format!("{done} done ({confirmed} confirmed), {failed} failed, {left} left");
        match self.stage {
            Stage::Over if failed + cancelled > 0 => {
                let cancelled = if cancelled > 0 { format!(", {cancelled} cancelled") } else { String::new() };
                format!("{done} done ({confirmed} confirmed), {failed} failed{cancelled}; r tries those again")
            }
            Stage::Over => format!("All {done} done, {confirmed} confirmed by the room."),
            Stage::Choosing(_) | Stage::Asking { .. } | Stage::Running => {
                format!("{state}. Esc cancels what is left; Enter lets it go on out of sight")
            }
        }
    }

    /// What stands below the list, and where in it the caret is.
    fn foot(&self, cells: usize, look: Look) -> (Vec<Line<'static>>, Option<(usize, usize)>) {
        let mut page = Page::new(look, cells);
        if matches!(self.stage, Stage::Choosing(_) | Stage::Asking { .. }) {
            self.left_alone(&mut page, look);
        }
        match &self.stage {
            Stage::Choosing(picker) => {
                let mut lines = page.finish();
                let (picker, caret) = picker.draw(cells, look);
                let caret = caret.map(|(column, row)| (column, row + lines.len()));
                lines.extend(picker);
                (lines, caret)
            }
            Stage::Asking { typed, mismatch } => {
                self.why(&mut page, look);
                if self.items.len() <= FEW {
                    page.line(Line::from(vec![
                        Span::styled("y", look.key()),
                        Span::raw(" does it   "),
                        Span::styled("Esc", look.key()),
                        Span::raw(" leaves them alone"),
                    ]));
                    return (page.finish(), None);
                }
                let asks = format!("Type {} and press Enter.", self.items.len());
                page.styled(&asks, look.strong());
                let mut lines = page.finish();
                let remark = if *mismatch { "   ! that is not how many they are" } else { "" };
                lines.push(Line::from(vec![
                    Span::styled("> ", look.strong()),
                    Span::styled(typed.value().to_owned(), look.typed()),
                    Span::styled(remark, look.bad()),
                ]));
                let caret = (2 + width(typed.value()), lines.len() - 1);
                (lines, Some(caret))
            }
            Stage::Running | Stage::Over => (page.finish(), None),
        }
    }

    fn left_alone(&self, page: &mut Page, look: Look) {
        page.blank();
        if !self.spared.is_empty() {
            let messages: usize = self.spared.iter().map(|(_, count)| count).sum();
            let named: Vec<&str> = self.spared.iter().take(NAMED).map(|(who, _)| who.as_str()).collect();
            let more = match self.spared.len().saturating_sub(NAMED) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let of = named.join(", ");
            page.styled(&format!("Protected and left alone: {of}{more} ({messages})"), look.busy());
        }
        if let Some(sweep) = &self.then {
            let seconds = sweep.next.unwrap_or_default().as_secs_f64();
            let coming = format!("And what comes in the next {} and is like that: {}", span(seconds), sweep.text);
            page.styled(clean(&coming).as_str(), look.bad());
            page.styled(
                &format!("at most {MOST}, by itself, but not what you write or the filter hides. :purge stop ends it."),
                look.bad(),
            );
        }
        if self.hidden > 0 {
            page.styled(&format!("Hidden by the filter and left alone: {}", self.hidden), look.busy());
        }
    }

    fn why(&self, page: &mut Page, look: Look) {
        let reason = self.why.reason.as_deref().unwrap_or("none");
        page.styled(&format!("Public reason: {}", clean(reason).as_str()), look.text());
        if let Some(note) = &self.why.note {
            page.styled(&format!("Private note: {}", clean(note).as_str()), look.text());
        }
        page.styled("There is no way back. Everyone in the room can read the reason.", look.busy());
    }

    pub(in crate::app::dialog) fn draw(&self, frame: &mut Frame, size: (u16, u16), look: Look) -> Position {
        let cells = usize::from(area(size, 0).width.saturating_sub(4));
        let (head, (foot, caret)) = (self.head(cells, look), self.foot(cells, look));
        let list = self.list();
        let area = area(size, head.len() + foot.len() + list.len());
        frame.render_widget(Clear, area);
        let title = Line::styled(format!(" {} ", fit(&self.title(), cells)), look.bad());
        let inner = boxed(frame, area, look, true, title, Line::default());
        let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
        let whole = inside(area).1;
        // On a low screen the end comes first: what is asked, then who is hit, then what it is called.
        let sample = SAMPLE.min(list.len()).min(whole / 3);
        let foot_lines = foot.len().min(whole.saturating_sub(sample));
        let head_lines = head.len().min(whole.saturating_sub(foot_lines + sample));
        let height = whole.saturating_sub(head_lines + foot_lines);
        let top = self.scroll.top(list.len(), height);
        // Names in a column, so that texts that are not alike stand out.
        let names = list.iter().map(|item| width(item.who.as_str())).max().unwrap_or_default().min((cells / 3).max(14));
        let listed = list.iter().skip(top).take(height).map(|item| item.line((names, cells), look));
        let lines = head.into_iter().take(head_lines).chain(listed);
        for (line, y) in lines.zip(inner.y..inner.bottom()) {
            frame.buffer_mut().set_line(inner.x, y, &line, inner.width);
        }
        let foot_top = inner.bottom().saturating_sub(u16::try_from(foot_lines).unwrap_or_default());
        let cut = foot.len() - foot_lines;
        for (line, y) in foot.iter().skip(cut).zip(foot_top..inner.bottom()) {
            frame.buffer_mut().set_line(inner.x, y, line, inner.width);
        }
        if list.len() > height {
            let more = format!(" {}-{} of {}: j k ", top + 1, (top + height).min(list.len()), list.len());
            let columns = u16::try_from(more.len()).unwrap_or_default();
            let x = area.right().saturating_sub(columns + 2);
            frame.buffer_mut().set_string(x, area.bottom().saturating_sub(1), more, look.busy());
        }
        let Some((column, row)) = caret else { return Position::new(inner.x, inner.y) };
        let x = inner.x + u16::try_from(column).unwrap_or_default();
        let y = foot_top + u16::try_from(row.saturating_sub(cut)).unwrap_or_default();
        Position::new(x.min(inner.right()), y.min(inner.bottom()))
    }
}

impl Item {
    fn line(&self, (names, cells): (usize, usize), look: Look) -> Line<'static> {
        let (word, style) = self.state(look);
        let room = cells.saturating_sub(if word.is_empty() { 0 } else { width(&word).min(cells / 2) + 2 });
        let pad = |text: String, cells: usize| format!("{text}{}", " ".repeat(cells.saturating_sub(width(&text))));
        let who = pad(self.named(names), names);
        let what = fit(self.what.as_str(), room.saturating_sub(names + 2));
        let gap = if word.is_empty() { "" } else { "  " };
        let said = pad(format!("{who}  {what}"), room) + gap;
        Line::from(vec![Span::raw(said), Span::styled(fit(&word, cells / 2), style)])
    }

    /// Who it is in so many cells: the name gives way, never the short id.
    fn named(&self, cells: usize) -> String {
        let who = self.who.as_str();
        match who.rsplit_once('#') {
            Some((name, id)) if width(who) > cells => {
                format!("{}#{id}", fit(name, cells.saturating_sub(width(id) + 1)))
            }
            _ => who.to_owned(),
        }
    }

    fn state(&self, look: Look) -> (String, Style) {
        let is_message = matches!(self.aim, Aim::Message(_));
        match &self.end {
            End::Waiting => (String::new(), look.quiet()),
            End::Sent => ("sending".to_owned(), look.busy()),
            End::Taken => ("sent, not yet confirmed".to_owned(), look.busy()),
            End::Confirmed(after) => (format!("confirmed: {}", span(after.as_secs_f64())), look.good()),
            End::Unconfirmed => ("sent, never confirmed".to_owned(), look.bad()),
            End::Elsewhere if is_message => ("deleted already, or gone".to_owned(), look.quiet()),
            End::Elsewhere => ("gone".to_owned(), look.quiet()),
            End::Failed(why) => (format!("failed: {why}"), look.bad()),
            End::Doubtful(why) => (format!("nobody knows: {why}"), look.bad()),
            End::Cancelled => ("cancelled".to_owned(), look.quiet()),
        }
    }
}
