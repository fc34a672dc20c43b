//! What the rows of the three lists show in their columns.

use jiff::Timestamp;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::app::clock::Clock;
use crate::app::look::Look;
use crate::app::pane::columns::{self, LoggingColumn, RoomColumn, TagColumn};
use crate::app::pane::details::{Limits, state_style};
use crate::app::pane::rows::{LoggingRow, RoomRow, TagRow};
use crate::app::room::glance;
use crate::app::screen::inside;
use crate::app::text::{clean, fit, width};
use crate::app::widget::table::{self, Cell, Placed, TABLE};

use super::super::App;

/// Cells before a room's columns: its mark, how its connection stands, a blank.
pub(super) const ROOM_INDENT: usize = 3;
/// Cells before the columns of other rows: the mark, a blank.
pub(super) const INDENT: usize = 2;

impl App {
    /// The columns of the rooms' list, as wide as its pane is now.
    pub(in crate::app::console) fn room_columns(&self) -> Vec<Placed<RoomColumn>> {
        table::place(&self.settings.columns.rooms, inside(self.areas().rooms).0, ROOM_INDENT)
    }

    /// The columns of the logging configurations' list.
    pub(in crate::app::console) fn logging_columns(&self) -> Vec<Placed<LoggingColumn>> {
        table::place(&self.settings.columns.logging, inside(self.areas().logging).0, INDENT)
    }

    pub(super) fn tag_columns(&self) -> Vec<Placed<TagColumn>> {
        table::place(columns::TAGS, inside(self.areas().tags).0, INDENT)
    }

    pub(super) fn room_line(&self, row: &RoomRow, columns: &[Placed<RoomColumn>]) -> Line<'static> {
        let look = self.settings.look;
        let room = self.live.get(&row.summary.arn);
        let (flag, style) = room.map_or((" ", look.text()), |room| glance::mark(room.link(), look));
        let mut spans = vec![Span::raw(" "), Span::styled(flag, style), Span::raw(" ")];
        spans.extend(table::row(columns, columns.iter().map(|column| self.room_cell(row, column.kind)).collect()));
        Line::from(spans)
    }

    fn room_cell(&self, row: &RoomRow, column: RoomColumn) -> Cell {
        let (summary, quiet) = (&row.summary, self.settings.look.quiet());
        match column {
            RoomColumn::Name => Cell::new(row.title.as_str(), Style::new()),
            RoomColumn::Live => self.live_cell(row),
            RoomColumn::Limits => self.limits_cell(row),
            RoomColumn::Review => Cell::path(row.review.as_str(), quiet),
            RoomColumn::Logging => Cell::new(summary.logging_configuration_identifiers.len().to_string(), quiet),
            RoomColumn::Tags => Cell::new(summary.tags.len().to_string(), quiet),
            RoomColumn::Id => Cell::new(clean(summary.arn.id()).as_str(), quiet),
            RoomColumn::Created => Cell::new(self.room_settings.clock.listed(summary.create_time, self.now), quiet),
            RoomColumn::Changed => Cell::new(self.room_settings.clock.listed(summary.update_time, self.now), quiet),
        }
    }

    /// How much is said, and how much of it waits for somebody: `12/s !3`, watched users as `@1`.
    fn live_cell(&self, row: &RoomRow) -> Cell {
        let look = self.settings.look;
        let Some(room) = self.live.get(&row.summary.arn) else { return Cell::new("", look.quiet()) };
        let rate = Some(room.rate()).filter(|rate| *rate > 0.0).map_or(String::new(), rate_words);
        match (room.flagged().min(99), room.watched_here(self.now).min(9)) {
            (0, 0) => Cell::new(rate, look.quiet()),
            (flagged, 0) => Cell::new(format!("{rate} !{flagged}"), look.bad()),
            (0, watched) => Cell::new(format!("{rate} @{watched}"), look.mark()),
            (flagged, watched) => Cell::new(format!("{rate}!{flagged}@{watched}"), look.bad()),
        }
    }

    /// Nobody has asked, the answer is on its way, it came, it did not: four things that look different.
    fn limits_cell(&self, row: &RoomRow) -> Cell {
        let look = self.settings.look;
        match self.details.limits(&row.summary.arn) {
            Limits::Unasked => Cell::new("-", look.quiet()),
            Limits::Asked => Cell::new("..", look.quiet()),
            Limits::Known(Some(rate), Some(length)) => Cell::new(format!("{rate}/s {length:>3}"), look.quiet()),
            Limits::Known(..) => Cell::new("?", look.quiet()),
            Limits::Failed => Cell::new("!", look.bad()),
        }
    }

    pub(super) fn logging_line(&self, row: &LoggingRow, columns: &[Placed<LoggingColumn>]) -> Line<'static> {
        let look = self.settings.look;
        let cell =
            |column: &Placed<LoggingColumn>| logging_cell(row, column, (&self.room_settings.clock, self.now), look);
        let mut spans = vec![Span::raw(" ".repeat(INDENT))];
        spans.extend(table::row(columns, columns.iter().map(cell).collect()));
        Line::from(spans)
    }

    /// A tag: in a table with a column for each half, in a narrow pane as people write it.
    pub(super) fn tag_line(&self, row: &TagRow, columns: &[Placed<TagColumn>], pane: usize) -> Line<'static> {
        let (key, value, quiet) = (row.shown_key.as_str(), row.value.as_str(), self.settings.look.quiet());
        let mut spans = vec![Span::raw(" ".repeat(INDENT))];
        if pane >= TABLE {
            let cell = |column: &Placed<TagColumn>| match column.kind {
                TagColumn::Key => Cell::new(key, Style::new()),
                TagColumn::Value => Cell::new(value, Style::new()),
            };
            spans.extend(table::row(columns, columns.iter().map(cell).collect()));
        } else {
            let room = pane.saturating_sub(INDENT + 1);
            let key = fit(key, room / 2);
            let value = fit(value, room.saturating_sub(width(&key) + 3));
            spans.extend([Span::raw(key), Span::styled(" = ", quiet), Span::raw(value)]);
        }
        Line::from(spans)
    }
}

fn logging_cell(
    row: &LoggingRow,
    column: &Placed<LoggingColumn>,
    (clock, now): (&Clock, Timestamp),
    look: Look,
) -> Cell {
    let (configuration, quiet) = (&row.configuration, look.quiet());
    match column.kind {
        LoggingColumn::Name => Cell::new(row.title.as_str(), Style::new()),
        LoggingColumn::State => Cell::new(clean(row.state()).as_str(), state_style(configuration.state.as_ref(), look)),
        LoggingColumn::Destination => Cell::path(row.destination.as_str(), quiet),
        LoggingColumn::Id => Cell::new(clean(configuration.arn.id()).as_str(), quiet),
        LoggingColumn::Created => Cell::new(clock.listed(configuration.create_time, now), quiet),
        LoggingColumn::Changed => Cell::new(clock.listed(configuration.update_time, now), quiet),
    }
}

/// A rate as it fits behind a name.
pub(in crate::app::console) fn rate_words(rate: f64) -> String {
    if rate < 0.95 { "<1/s".to_owned() } else { format!("{rate:.0}/s") }
}
