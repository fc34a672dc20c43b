//! Draws the three lists: what they hold, or why they hold nothing.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use crate::app::pane::details::trouble_page;
use crate::app::pane::listing::{Listing, Marked, Phase, Row, waiting_words};
use crate::app::pane::rows::{LoggingRow, RoomRow, TagRow};
use crate::app::screen::{Focus, inside};
use crate::app::text::{clean, fit, width};
use crate::app::widget::frame::boxed;
use crate::app::widget::page::Page;
use crate::app::widget::table::{self, Placed, TABLE};

use super::super::query::RoomQuery;
use super::super::{App, Lead, Mode};
use super::cells::{INDENT, ROOM_INDENT};

/// How a list presents itself.
struct Face<'a, T> {
    focus: Focus,
    number: char,
    name: &'a str,
    /// What the service has narrowed it to.
    query: &'a str,
    /// What to say when there is nothing.
    empty: &'a str,
    /// The header row, where there is one.
    header: Option<Line<'static>>,
    line: &'a dyn Fn(&T) -> Line<'static>,
}

/// What a list says of itself on its frame.
struct Title {
    line: Line<'static>,
    /// Where the filter's caret is in it.
    caret: u16,
    /// Whether nothing had to be cut.
    is_whole: bool,
}

impl App {
    pub(super) fn draw_rooms(&self, frame: &mut Frame, area: Rect) -> Option<Position> {
        let query = self.query.as_ref().map_or("", RoomQuery::words);
        let empty = if query.is_empty() {
            format!("There are no rooms in {}.", self.settings.region)
        } else {
            format!("No room has {query}.")
        };
        let columns = self.room_columns();
        let line = |row: &RoomRow| self.room_line(row, &columns);
        let header = self.header(area, &columns, ROOM_INDENT);
        let face = Face { focus: Focus::Rooms, number: '1', name: "Rooms", query, empty: &empty, header, line: &line };
        self.draw_list(frame, area, &self.rooms, &face)
    }

    pub(super) fn draw_logging(&self, frame: &mut Frame, area: Rect) -> Option<Position> {
        let columns = self.logging_columns();
        let line = |row: &LoggingRow| self.logging_line(row, &columns);
        let header = self.header(area, &columns, INDENT);
        let empty = "None: chat is not kept.";
        let face = Face { focus: Focus::Logging, number: '2', name: "Logging", query: "", empty, header, line: &line };
        self.draw_list(frame, area, &self.logging, &face)
    }

    pub(super) fn draw_tags(&self, frame: &mut Frame, area: Rect) -> Option<Position> {
        let (columns, width) = (self.tag_columns(), inside(area).0);
        let line = |row: &TagRow| self.tag_line(row, &columns, width);
        let header = self.header(area, &columns, INDENT);
        let empty = "No tags.";
        // No list shows whose they are.
        let whose = match &self.lead {
            Lead::Other(detour) => format!("of {}", self.name_of(&detour.arn)),
            Lead::Rooms | Lead::Logging => String::new(),
        };
        let query = clean(&whose);
        let query = query.as_str();
        let face = Face { focus: Focus::Tags, number: '3', name: "Tags", query, empty, header, line: &line };
        self.draw_list(frame, area, &self.tags, &face)
    }

    fn header<K>(&self, area: Rect, columns: &[Placed<K>], indent: usize) -> Option<Line<'static>> {
        (inside(area).0 >= TABLE).then(|| table::header(columns, indent, self.settings.look.strong()))
    }

    fn draw_list<T: Row>(&self, frame: &mut Frame, area: Rect, list: &Listing<T>, face: &Face<T>) -> Option<Position> {
        let focused = self.focus == face.focus;
        let typing = focused && matches!(self.mode, Mode::Filter);
        let (note, room) = (self.list_note(list), inside(area).0);
        let beside = room.saturating_sub(note.width());
        // How far the asking has got is told at the cost of the filter's words; the order is not.
        let title = Some(self.list_title(list, face, typing, beside))
            .filter(|title| list.has_news() || title.is_whole)
            .unwrap_or_else(|| self.list_title(list, face, typing, room));
        let (title, caret) = (title.line, title.caret);
        let note = if title.width() <= beside { note } else { Line::default() };
        let caret = Position::new((area.x + 1 + caret).min(area.right().saturating_sub(2)), area.y);
        let mut inner = boxed(frame, area, self.settings.look, focused, title, note);
        if list.shown().len() == 0 {
            self.draw_nothing(frame, inner, list, face);
            return Some(if typing { caret } else { inner.as_position() });
        }
        if let Some(header) = &face.header {
            frame.buffer_mut().set_line(inner.x, inner.y, header, inner.width);
            inner = Rect { y: inner.y + 1, height: inner.height.saturating_sub(1), ..inner };
        }
        let mut at = None;
        for ((index, row), y) in list.visible().zip(inner.y..inner.bottom()) {
            frame.buffer_mut().set_line(inner.x, y, &(face.line)(row), inner.width);
            if list.is_marked(row.id()) {
                frame.buffer_mut().set_string(inner.x, y, "+", self.settings.look.mark());
            }
            // Of the lists without the focus only the one that the main pane follows shows where its cursor is.
            if index == list.cursor().index() && (focused || self.leads(face.focus)) {
                let line = Rect { y, height: 1, ..inner };
                frame.buffer_mut().set_style(line, self.settings.look.cursor(focused));
                at = Some(Position::new(inner.x, y));
            }
        }
        if typing { Some(caret) } else { at }
    }

    fn leads(&self, focus: Focus) -> bool {
        match self.lead {
            Lead::Rooms => focus == Focus::Rooms,
            Lead::Logging => focus == Focus::Logging,
            Lead::Other(_) => false,
        }
    }

    /// Number, name, count, marks and filter in so many cells, and where in it the caret is.
    fn list_title<T: Row>(&self, list: &Listing<T>, face: &Face<T>, typing: bool, room: usize) -> Title {
        let look = self.settings.look;
        let (shown, all) = (list.shown().len(), list.rows().len());
        // While the first pages come, nobody knows how many there are.
        let more = if list.is_asking() && !list.is_whole() && all > 0 { "+" } else { "" };
        let count = match (shown == all, all, list.phase()) {
            // Before anything has come nobody knows how many there are, and a denial is not a nought.
            (true, 0, Phase::Unasked | Phase::Loading | Phase::Waiting(_) | Phase::Failed(_)) => String::new(),
            (true, _, _) => format!("{all}{more} "),
            (false, _, _) => format!("{shown}/{all}{more} "),
        };
        let head = format!(" {} {} {count}", face.number, face.name);
        let (filter, caret) = list.filter();
        let filtered = typing || !filter.is_empty();
        let filter = if filtered { format!("/{} ", clean(filter).as_str()) } else { String::new() };
        let left = room.saturating_sub(width(&head));
        let query = if face.query.is_empty() { String::new() } else { format!(" {} ", face.query) };
        let long = mark_words(list.marked(), false);
        let whole = width(&query) + width(&long) + width(&filter) <= left;
        let marks = if whole { long } else { mark_words(list.marked(), true) };
        let for_query = left.saturating_sub(width(&marks) + width(&filter).min(left / 2));
        let query = fit(&query, for_query);
        let left = left.saturating_sub(width(&query) + width(&marks));
        let is_whole = width(&filter) <= left && !query.ends_with('…');
        let caret = u16::try_from(width(&head) + width(&query) + width(&marks) + 1 + caret).unwrap_or_default();
        let parts =
            [(head, look.title()), (query, look.busy()), (marks, look.mark()), (fit(&filter, left), look.busy())];
        Title { line: parts.into_iter().map(|(text, style)| Span::styled(text, style)).collect(), caret, is_whole }
    }

    /// The order, if it is not the service's own, and how far the asking has got.
    fn list_note<T: Row>(&self, list: &Listing<T>) -> Line<'static> {
        let look = self.settings.look;
        match (list.phase(), list.order()) {
            (Phase::Loading, _) => {
                let come = list.repeated().filter(|rows| *rows > 0).map_or(String::new(), |rows| format!("{rows} "));
                Line::styled(format!(" loading {come}"), look.busy())
            }
            (Phase::Waiting(_), _) => Line::styled(" no answer yet ", look.bad()),
            (Phase::Failed(_), _) if !list.is_whole() && !list.rows().is_empty() => {
                Line::styled(" not all ", look.bad())
            }
            (Phase::Failed(_), _) if !list.rows().is_empty() => Line::styled(" refresh failed ", look.bad()),
            (Phase::Unasked | Phase::Complete | Phase::Failed(_), Some(order)) => {
                Line::styled(format!(" by {order} "), look.quiet())
            }
            (Phase::Unasked | Phase::Complete | Phase::Failed(_), None) => Line::default(),
        }
    }

    /// An empty list says why: nothing there, not here yet, denied, or failed. It never passes one for another.
    fn draw_nothing<T: Row>(&self, frame: &mut Frame, inner: Rect, list: &Listing<T>, face: &Face<T>) {
        let look = self.settings.look;
        let mut page = Page::new(look, usize::from(inner.width));
        match list.phase() {
            // Where the rooms would be it is told what helps; at length beside it, if there is a pane beside it.
            Phase::Unasked | Phase::Failed(_) if face.focus == Focus::Rooms && self.who.trouble().is_some() => {
                self.identity_page(&mut page, self.areas().main.width == 0);
            }
            Phase::Unasked | Phase::Failed(_) if self.who.trouble().is_some() => {
                page.styled("no credentials", look.quiet());
            }
            Phase::Unasked => {}
            Phase::Loading => page.styled("loading", look.busy()),
            Phase::Waiting(since) => page.styled(&waiting_words(*since), look.busy()),
            Phase::Failed(trouble) => trouble_page(trouble, &mut page, look),
            Phase::Complete if list.rows().is_empty() => page.styled(face.empty, look.quiet()),
            Phase::Complete => page.styled("The filter lets nothing through.", look.quiet()),
        }
        for (line, y) in page.finish().iter().zip(inner.y..inner.bottom()) {
            frame.buffer_mut().set_line(inner.x, y, line, inner.width);
        }
    }
}

/// How many rows are marked, and how many of them an action would leave out because the filter hides them.
fn mark_words(marked: Marked, short: bool) -> String {
    match (marked.all, marked.hidden, short) {
        (0, _, _) => String::new(),
        (all, 0, false) => format!(" {all} marked "),
        (all, hidden, false) => format!(" {all} marked, {hidden} hidden "),
        (all, 0, true) => format!("+{all} "),
        (all, hidden, true) => format!("+{all}, {hidden} hidden "),
    }
}
