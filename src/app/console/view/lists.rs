//! Draws the three lists: what they hold, or why they hold nothing.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use crate::app::pane::details::{state_style, trouble_page};
use crate::app::pane::listing::{Listing, Phase, Row, waiting_words};
use crate::app::pane::rows::{LoggingRow, RoomRow, TagRow};
use crate::app::room::link::Link;
use crate::app::screen::Focus;
use crate::app::text::{fit, width};
use crate::app::widget::frame::boxed;
use crate::app::widget::page::Page;

use super::super::{App, Lead, Mode};

/// How a list presents itself.
struct Face<'a, T> {
    focus: Focus,
    number: char,
    name: &'a str,
    /// What to say when there is nothing.
    empty: &'a str,
    line: &'a dyn Fn(&T, usize) -> Line<'static>,
}

/// Columns of the mark before a row.
const MARK: usize = 2;

impl App {
    pub(super) fn draw_rooms(&self, frame: &mut Frame, area: Rect) -> Option<Position> {
        let empty = format!("There are no rooms in {}.", self.settings.region);
        let line = |row: &RoomRow, columns: usize| self.room_line(row, columns);
        let face = Face { focus: Focus::Rooms, number: '1', name: "Rooms", empty: &empty, line: &line };
        self.draw_list(frame, area, &self.rooms, &face)
    }

    pub(super) fn draw_logging(&self, frame: &mut Frame, area: Rect) -> Option<Position> {
        let line = |row: &LoggingRow, columns: usize| self.logging_line(row, columns);
        let face =
            Face { focus: Focus::Logging, number: '2', name: "Logging", empty: "None: chat is not kept.", line: &line };
        self.draw_list(frame, area, &self.logging, &face)
    }

    pub(super) fn draw_tags(&self, frame: &mut Frame, area: Rect) -> Option<Position> {
        let look = self.settings.look;
        let line = |row: &TagRow, columns: usize| {
            let key = fit(row.shown_key.as_str(), columns / 2);
            let value = fit(row.value.as_str(), columns.saturating_sub(width(&key) + 3));
            Line::from(vec![Span::raw(key), Span::styled(" = ", look.quiet()), Span::raw(value)])
        };
        let face = Face { focus: Focus::Tags, number: '3', name: "Tags", empty: "No tags.", line: &line };
        self.draw_list(frame, area, &self.tags, &face)
    }

    fn room_line(&self, row: &RoomRow, columns: usize) -> Line<'static> {
        let look = self.settings.look;
        // One column stays free, or the rate would touch the frame.
        let columns = columns.saturating_sub(1);
        let room = self.live.get(&row.summary.arn);
        let (mark, style) = match room.map(super::super::Room::link) {
            Some(Link::Live { .. }) => ("*", look.good()),
            Some(Link::Asking | Link::Connecting(_) | Link::Waiting(_)) => ("~", look.busy()),
            Some(Link::Stopped) => ("!", look.bad()),
            Some(Link::Off) | None => (" ", look.text()),
        };
        let rate = room.map(super::super::Room::rate).filter(|rate| *rate > 0.0).map_or(String::new(), rate_words);
        let more = if columns >= 60 { wide_columns(row) } else { String::new() };
        let name_columns = columns.saturating_sub(MARK + width(&rate) + 1 + width(&more));
        let name = fit(row.title.as_str(), name_columns);
        let pad = " ".repeat(columns.saturating_sub(MARK + width(&name) + width(&rate) + width(&more)));
        Line::from(vec![
            Span::styled(mark, style),
            Span::raw(" "),
            Span::raw(name),
            Span::raw(pad),
            Span::styled(more, look.quiet()),
            Span::styled(rate, look.quiet()),
        ])
    }

    fn logging_line(&self, row: &LoggingRow, columns: usize) -> Line<'static> {
        let look = self.settings.look;
        let name = fit(row.title.as_str(), columns * 2 / 5);
        let pad = " ".repeat((columns * 2 / 5 + 1).saturating_sub(width(&name)));
        let rest = columns.saturating_sub(columns * 2 / 5 + 1);
        let state = fit(row.state(), rest);
        let destination = fit(row.destination.as_str(), rest.saturating_sub(width(&state) + 1));
        Line::from(vec![
            Span::raw(name),
            Span::raw(pad),
            Span::styled(state, state_style(row.configuration.state.as_ref(), look)),
            Span::raw(" "),
            Span::styled(destination, look.quiet()),
        ])
    }

    fn draw_list<T: Row>(&self, frame: &mut Frame, area: Rect, list: &Listing<T>, face: &Face<T>) -> Option<Position> {
        let focused = self.focus == face.focus;
        let typing = focused && matches!(self.mode, Mode::Filter);
        let (title, caret) = self.list_title(list, face, typing);
        let caret = Position::new((area.x + 1 + caret).min(area.right().saturating_sub(2)), area.y);
        let inner = boxed(frame, area, self.settings.look, focused, title, self.list_note(list));
        let (columns, height) = (usize::from(inner.width), usize::from(inner.height));
        if list.shown().len() == 0 {
            self.draw_nothing(frame, inner, list, face);
            return typing.then_some(caret);
        }
        let top = list.cursor().top(height);
        let mut at = None;
        for ((index, row), y) in list.shown().enumerate().skip(top).zip(inner.y..inner.bottom()) {
            frame.buffer_mut().set_line(inner.x, y, &(face.line)(row, columns), inner.width);
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
        }
    }

    /// Number, name, count and filter, and where in it the caret is.
    fn list_title<T: Row>(&self, list: &Listing<T>, face: &Face<T>, typing: bool) -> (Line<'static>, u16) {
        let look = self.settings.look;
        let (shown, all) = (list.shown().len(), list.rows().len());
        let count = if shown == all { format!("{all}") } else { format!("{shown}/{all}") };
        let head = format!(" {} {} {count} ", face.number, face.name);
        let (filter, caret) = list.filter();
        let caret = u16::try_from(width(&head) + 1 + caret).unwrap_or_default();
        let mut spans = vec![Span::styled(head, look.title())];
        if typing || !filter.is_empty() {
            spans.push(Span::styled(format!("/{} ", crate::app::text::clean(filter).as_str()), look.busy()));
        }
        (Line::from(spans), caret)
    }

    /// The order, if it is not the service's own, and how far the asking has got.
    fn list_note<T: Row>(&self, list: &Listing<T>) -> Line<'static> {
        let look = self.settings.look;
        match (list.phase(), list.order()) {
            (Phase::Loading, _) => Line::styled(" loading ", look.busy()),
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

/// A rate as it fits behind a name.
fn rate_words(rate: f64) -> String {
    if rate < 0.95 { "<1/s".to_owned() } else { format!("{rate:.0}/s") }
}

/// What a zoomed list has the room for: id, review handler, logging configurations, tags, last change.
fn wide_columns(row: &RoomRow) -> String {
    let summary = &row.summary;
    let handler = if summary.message_review_handler.as_ref().is_some_and(|handler| !handler.uri.is_empty()) {
        "review"
    } else {
        ""
    };
    let changed = summary.update_time.map_or(String::new(), |time| time.strftime("%Y-%m-%d %H:%MZ").to_string());
    format!(
        "{:<12}  {handler:<6}  {} logs  {:>2} tags  {changed:<17}  ",
        crate::app::text::clean(summary.arn.id()).as_str(),
        summary.logging_configuration_identifiers.len(),
        summary.tags.len(),
    )
}
