//! The columns of the three lists in order of worth, and the orders that `s` offers by them.

use serde::{Deserialize, Serialize};

use crate::app::widget::table::{Align, Column, Placed};

/// A column of the rooms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RoomColumn {
    /// The name, or the id if it has none.
    Name,
    /// Messages a second, and how many wait that a rule has flagged, if the room is watched.
    Live,
    /// Messages a second and characters a message that it takes: not in the list's answer.
    Limits,
    /// The function that reviews messages.
    Review,
    /// How many logging configurations it has.
    Logging,
    /// How many tags it has.
    Tags,
    /// Its id.
    Id,
    /// When it was made.
    Created,
    /// When it was last changed.
    Changed,
}

/// A column of the logging configurations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LoggingColumn {
    /// The name, or the id if it has none.
    Name,
    /// The state.
    State,
    /// Where it logs to.
    Destination,
    /// Its id.
    Id,
    /// When it was made.
    Created,
    /// When it was last changed.
    Changed,
}

/// A column of the tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagColumn {
    /// The key.
    Key,
    /// The value.
    Value,
}

/// A column of fixed width.
const fn fixed<K>(kind: K, title: &'static str, align: Align, cells: usize) -> Column<K> {
    Column { kind, title, align, least: cells, in_table: cells, most: cells }
}

/// A column of text that takes the room that there is.
const fn text<K>(kind: K, title: &'static str, least: usize, in_table: usize, most: usize) -> Column<K> {
    Column { kind, title, align: Align::Left, least, in_table, most }
}

/// The columns of the rooms.
pub const ROOMS: &[Column<RoomColumn>] = &[
    text(RoomColumn::Name, "NAME", 14, 18, 40),
    fixed(RoomColumn::Live, "LIVE", Align::Right, 8),
    fixed(RoomColumn::Limits, "LIMITS", Align::Right, 9),
    text(RoomColumn::Review, "REVIEW", 12, 16, 28),
    fixed(RoomColumn::Logging, "LOGS", Align::Right, 4),
    fixed(RoomColumn::Tags, "TAGS", Align::Right, 4),
    fixed(RoomColumn::Id, "ID", Align::Left, 12),
    fixed(RoomColumn::Created, "CREATED", Align::Left, 10),
    fixed(RoomColumn::Changed, "CHANGED", Align::Left, 10),
];

/// The columns of the logging configurations.
pub const LOGGING: &[Column<LoggingColumn>] = &[
    text(LoggingColumn::Name, "NAME", 10, 16, 32),
    fixed(LoggingColumn::State, "STATE", Align::Left, 13),
    text(LoggingColumn::Destination, "LOGS TO", 20, 26, 50),
    fixed(LoggingColumn::Id, "ID", Align::Left, 12),
    fixed(LoggingColumn::Created, "CREATED", Align::Left, 10),
    fixed(LoggingColumn::Changed, "CHANGED", Align::Left, 10),
];

/// The columns of the tags.
pub const TAGS: &[Column<TagColumn>] =
    &[text(TagColumn::Key, "KEY", 8, 24, 48), text(TagColumn::Value, "VALUE", 8, 24, 256)];

/// The columns that the lists may have, in order of worth.
#[derive(Debug, Clone)]
pub struct Columns {
    /// Those of the rooms.
    pub rooms: Vec<Column<RoomColumn>>,
    /// Those of the logging configurations.
    pub logging: Vec<Column<LoggingColumn>>,
}

impl Default for Columns {
    fn default() -> Self {
        Self { rooms: ROOMS.to_vec(), logging: LOGGING.to_vec() }
    }
}

impl Columns {
    /// These columns.
    pub fn new(rooms: &[RoomColumn], logging: &[LoggingColumn]) -> Self {
        Self { rooms: chosen(ROOMS, rooms), logging: chosen(LOGGING, logging) }
    }
}

fn chosen<K: Copy + PartialEq>(all: &[Column<K>], kinds: &[K]) -> Vec<Column<K>> {
    kinds.iter().filter_map(|kind| all.iter().find(|column| column.kind == *kind).copied()).collect()
}

/// The orders of the rooms' list that go with these columns, as indices into its orders. What is fetched only for the
/// rows in view, or changes by itself, gives no order: rows would jump about.
pub fn room_orders(columns: &[Placed<RoomColumn>]) -> Vec<usize> {
    let order = |column: &Placed<RoomColumn>| match column.kind {
        RoomColumn::Name => Some(1),
        RoomColumn::Review => Some(2),
        RoomColumn::Logging => Some(3),
        RoomColumn::Tags => Some(4),
        RoomColumn::Id => Some(5),
        RoomColumn::Created => Some(6),
        // Last changed first is the service's own.
        RoomColumn::Live | RoomColumn::Limits | RoomColumn::Changed => None,
    };
    columns.iter().filter_map(order).collect()
}

/// The orders of the logging configurations' list that go with these columns.
pub fn logging_orders(columns: &[Placed<LoggingColumn>]) -> Vec<usize> {
    let order = |column: &Placed<LoggingColumn>| match column.kind {
        LoggingColumn::Name => 1,
        LoggingColumn::State => 2,
        LoggingColumn::Destination => 3,
        LoggingColumn::Id => 4,
        LoggingColumn::Created => 5,
        LoggingColumn::Changed => 6,
    };
    columns.iter().map(order).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::widget::table::place;

    #[test]
    fn a_wide_table_has_all_columns_and_a_narrow_pane_the_first() {
        let kinds = |width| place(ROOMS, width, 3).iter().map(|column| column.kind).collect::<Vec<_>>();
        assert_eq!(kinds(138).len(), ROOMS.len());
        assert_eq!(kinds(28), [RoomColumn::Name, RoomColumn::Live]);
        assert!(kinds(78).contains(&RoomColumn::Tags) && !kinds(78).contains(&RoomColumn::Id));
    }

    #[test]
    fn each_order_is_offered_with_its_column() {
        assert_eq!(room_orders(&place(ROOMS, 138, 3)), [1, 2, 3, 4, 5, 6]);
        assert_eq!(room_orders(&place(ROOMS, 28, 3)), [1]);
        assert_eq!(logging_orders(&place(LOGGING, 138, 2)), [1, 2, 3, 4, 5, 6]);
    }
}
