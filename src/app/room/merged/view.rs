//! Draws the merged feed: the rows as in their rooms, each behind its room's name.

use std::collections::BTreeMap;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use crate::api::Arn;
use crate::app::look::Look;
use crate::app::room::Room;
use crate::app::room::view::{Manner, Margin, Scene};
use crate::app::text::{fit, fit_end, width};

use super::index::Joined;
use super::{Merged, Rooms};

/// Columns of the rooms' names and the blank behind them, in a pane of so many.
pub fn room_columns(columns: usize, rooms: &Rooms) -> usize {
    let most = match columns {
        0..60 => 8,
        60..100 => 14,
        _ => 20,
    };
    let longest = rooms.values().map(|room| width(room.title().as_str())).max().unwrap_or_default();
    longest.clamp(4, most) + 1
}

/// Draws the rows that are on the screen; returns where the selected one begins.
pub fn draw(merged: &Merged, rooms: &Rooms, buffer: &mut Buffer, area: Rect, manner: Manner) -> Option<Position> {
    let columns = room_columns(usize::from(area.width), rooms);
    let names = short_names(rooms, columns - 1);
    let name = |room: &Room| (names.get(room.arn()).cloned().unwrap_or_default(), style(room.arn(), manner.look));
    let joined = Joined { index: &merged.index, rooms };
    let at = |key| joined.at(key);
    let margin = Some((u16::try_from(columns).unwrap_or_default(), &name as &Margin));
    Scene { sight: merged.sight(), rows: &joined, at: &at, oldest: merged.index.oldest(), margin }
        .draw(buffer, area, manner)
}

/// A room's colour: the same for the same room. Names say what it says.
fn style(arn: &Arn, look: Look) -> Style {
    let hash = arn.as_str().bytes().fold(0_u64, |hash, byte| hash.wrapping_mul(31).wrapping_add(byte.into()));
    look.name(hash)
}

/// Names in so many cells by which rooms can be told apart: from the front, or the back where the fronts are the same; with
/// a piece of the id where the names are.
fn short_names(rooms: &Rooms, cells: usize) -> BTreeMap<Arn, String> {
    let ways: [&dyn Fn(&Room) -> String; 2] =
        [&|room| fit(room.title().as_str(), cells), &|room| fit_end(room.title().as_str(), cells)];
    let mut names: BTreeMap<Arn, String> = BTreeMap::new();
    for way in ways {
        let short: BTreeMap<&Arn, String> = rooms.iter().map(|(arn, room)| (arn, way(room))).collect();
        for (arn, name) in &short {
            let alone = short.values().filter(|other| *other == name).count() == 1;
            if alone && !names.contains_key(arn) && !names.values().any(|other| other == name) {
                names.insert((*arn).clone(), name.clone());
            }
        }
    }
    for (arn, room) in rooms {
        let id = fit(arn.id(), 4).replace('…', "");
        let room_for = cells.saturating_sub(width(&id) + 1);
        names.entry(arn.clone()).or_insert_with(|| format!("{}#{id}", fit(room.title().as_str(), room_for)));
    }
    names
}
