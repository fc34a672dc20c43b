//! Where things are on the screen: pure arithmetic over its size, so that moving and drawing agree.

use ratatui::layout::Rect;

/// The fewest columns and rows that there is a console in.
pub const SMALLEST: (u16, u16) = (40, 10);
/// From this width on, lists and main pane stand side by side whichever has the focus.
const WIDE: u16 = 100;
/// Below this width there is room for one pane only.
const NARROW: u16 = 60;
/// Columns that a card has at least beside the main pane.
const CARD: u16 = 42;
/// Below this height, bars aside, a card beside the main pane leaves no room for the rooms.
const TALL: u16 = 28;
/// Below this height, bars aside, there is room for one list only.
const LOW: u16 = 12;

/// What has the focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Focus {
    /// The rooms.
    #[default]
    Rooms,
    /// The logging configurations.
    Logging,
    /// The tags of the selected resource.
    Tags,
    /// The main pane.
    Main,
}

impl Focus {
    const ORDER: [Self; 4] = [Self::Rooms, Self::Logging, Self::Tags, Self::Main];

    /// The next pane, or the one before.
    #[must_use]
    pub fn step(self, forward: bool) -> Self {
        let at = Self::ORDER.iter().position(|focus| *focus == self).unwrap_or_default();
        Self::ORDER[(at + if forward { 1 } else { Self::ORDER.len() - 1 }) % Self::ORDER.len()]
    }
}

/// The areas of the screen. A pane that is not shown has an empty one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Areas {
    /// Who and where we are.
    pub strip: Rect,
    /// The rooms, frame included.
    pub rooms: Rect,
    /// The logging configurations, frame included.
    pub logging: Rect,
    /// The tags, frame included.
    pub tags: Rect,
    /// The main pane, frame included.
    pub main: Rect,
    /// The card of a user, frame included: beside the main pane, or in its place.
    pub card: Rect,
    /// What is going on.
    pub status: Rect,
    /// What can be pressed.
    pub hints: Rect,
}

/// Whether there is a console in a screen of this size.
pub fn is_large_enough(width: u16, height: u16) -> bool {
    width >= SMALLEST.0 && height >= SMALLEST.1
}

/// Divides a screen of this size; one that is too small has no areas.
pub fn areas(width: u16, height: u16, focus: Focus, zoom: bool) -> Areas {
    if !is_large_enough(width, height) {
        return Areas::default();
    }
    let line = |y: u16| Rect { x: 0, y, width, height: 1 };
    let body = Rect { x: 0, y: 1, width, height: height.saturating_sub(3) };
    let frame = Areas {
        strip: line(0),
        status: line(height.saturating_sub(2)),
        hints: line(height.saturating_sub(1)),
        ..Areas::default()
    };
    // The focused pane alone: asked for, or there is no room for more.
    let alone = zoom || width < NARROW || (focus == Focus::Main && width < WIDE);
    if alone {
        return frame.with(focus, body);
    }
    let left = left_columns(width);
    // Lists and main pane share a line, as the lists do among themselves.
    let main = Rect { x: left - 1, width: width - left + 1, ..body };
    let left = Rect { width: left, ..body };
    let lists = if body.height < LOW { frame.with(lists_focus(focus), left) } else { stacked(frame, left) };
    Areas { main, ..lists }
}

/// The list that stays when there is room for one: the focused one, or the rooms.
fn lists_focus(focus: Focus) -> Focus {
    match focus {
        Focus::Rooms | Focus::Main => Focus::Rooms,
        Focus::Logging => Focus::Logging,
        Focus::Tags => Focus::Tags,
    }
}

impl Areas {
    fn with(self, pane: Focus, area: Rect) -> Self {
        match pane {
            Focus::Rooms => Self { rooms: area, ..self },
            Focus::Logging => Self { logging: area, ..self },
            Focus::Tags => Self { tags: area, ..self },
            Focus::Main => Self { main: area, ..self },
        }
    }
}

impl Areas {
    /// The same with a card of a user in the main pane's room: in the place of the lists, so that the feed stays where it
    /// is; where there is no room for both, over the feed while the keys go to the card.
    #[must_use]
    pub fn with_card(self, focus: Focus, focused: bool) -> Self {
        let body = Rect { x: 0, y: 1, width: self.strip.width, height: self.status.y.saturating_sub(1) };
        let at_main = focus == Focus::Main;
        if self.main.width == 0 || !(at_main || focus == Focus::Rooms) {
            return self;
        }
        if body.width < WIDE {
            return if focused && at_main { Self { card: self.main, ..self } } else { self };
        }
        let rooms = if self.rooms.width > 0 && body.height >= TALL { body.height / 4 } else { 0 };
        if rooms == 0 && !at_main {
            return self;
        }
        let width = self.main.x.saturating_add(1).max(CARD);
        let left = Rect { width, ..body };
        let overlap = u16::from(rooms > 0);
        Self {
            main: Rect { x: width - 1, width: body.width - width + 1, ..body },
            rooms: Rect { height: rooms, width: if rooms > 0 { width } else { 0 }, ..left },
            logging: Rect::default(),
            tags: Rect::default(),
            card: Rect { y: left.y + rooms - overlap, height: left.height - rooms + overlap, ..left },
            ..self
        }
    }
}

/// The least that a tile needs, frame included.
const TILE: (u16, u16) = (36, 6);
/// From this width on two tiles stand side by side: above each other, each has the whole width, but fewer messages.
const BESIDE: u16 = 96;

/// The main pane cut into so many tiles, which share the lines between them; nothing if they would be too small.
pub fn tiles(main: Rect, count: usize) -> Option<Vec<Rect>> {
    let columns = if count > 2 || main.width >= BESIDE { 2 } else { 1 };
    let rows = u16::try_from(count).ok()?.div_ceil(columns);
    // Where one ends, in columns or rows from where the first begins.
    let cut = |all: u16, parts: u16, part: u16| (all - 1) * part / parts;
    let mut tiles = Vec::new();
    for (row, column) in (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column))) {
        let (left, right) = (cut(main.width.max(1), columns, column), cut(main.width.max(1), columns, column + 1));
        let (top, bottom) = (cut(main.height.max(1), rows, row), cut(main.height.max(1), rows, row + 1));
        tiles.push(Rect { x: main.x + left, y: main.y + top, width: right - left + 1, height: bottom - top + 1 });
    }
    tiles.iter().all(|tile| tile.width >= TILE.0 && tile.height >= TILE.1).then_some(tiles)
}

fn left_columns(width: u16) -> u16 {
    if width < WIDE { (width * 2 / 5).max(26) } else { (width * 3 / 10).clamp(34, 48) }
}

/// The three lists over each other; neighbours share a line of their frames.
fn stacked(frame: Areas, left: Rect) -> Areas {
    let logging = (left.height / 5).clamp(4, 9);
    let tags = (left.height * 3 / 10).clamp(4, 12);
    let rooms = left.height.saturating_sub(logging + tags - 2);
    Areas {
        rooms: Rect { height: rooms, ..left },
        logging: Rect { y: left.y + rooms - 1, height: logging, ..left },
        tags: Rect { y: left.y + rooms + logging - 2, height: tags, ..left },
        ..frame
    }
}

/// The rows inside a framed area.
pub fn inside(area: Rect) -> (usize, usize) {
    (usize::from(area.width.saturating_sub(2)), usize::from(area.height.saturating_sub(2)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_fill_the_left_side_and_share_their_lines() {
        for (width, height) in [(80, 24), (140, 40), (100, 15), (60, 15)] {
            let areas = areas(width, height, Focus::Rooms, false);
            assert_eq!(areas.rooms.bottom(), areas.logging.y + 1, "{width}x{height}");
            assert_eq!(areas.logging.bottom(), areas.tags.y + 1, "{width}x{height}");
            assert_eq!(areas.tags.bottom(), areas.status.y, "{width}x{height}");
            assert_eq!(areas.rooms.right(), areas.main.x + 1, "{width}x{height}");
        }
    }

    #[test]
    fn a_narrow_screen_gives_the_focused_main_pane_all_of_it() {
        let narrow = areas(80, 24, Focus::Main, false);
        assert_eq!((narrow.main.width, narrow.rooms.width), (80, 0));
        let wide = areas(140, 40, Focus::Main, false);
        assert!(wide.rooms.width > 0);
        assert_eq!(areas(140, 40, Focus::Main, true).main.width, 140);
        assert_eq!(areas(140, 40, Focus::Tags, true).tags.width, 140);
    }

    #[test]
    fn a_small_screen_shows_fewer_panes_and_each_has_room_for_rows() {
        let low = areas(100, 14, Focus::Tags, false);
        assert_eq!((low.rooms.width, low.logging.width, low.tags.height), (0, 0, 11));
        let narrow = areas(40, 10, Focus::Rooms, false);
        assert_eq!((narrow.rooms.width, narrow.main.width), (40, 0));
        for (width, height) in [(40, 10), (59, 12), (60, 10), (80, 24), (99, 15), (100, 40)] {
            for focus in Focus::ORDER {
                let areas = areas(width, height, focus, false);
                let shown = [areas.rooms, areas.logging, areas.tags, areas.main];
                assert!(shown.iter().all(|area| area.width == 0 || inside(*area).1 >= 2), "{width}x{height} {focus:?}");
            }
        }
    }

    #[test]
    fn a_card_stands_beside_the_feed_where_there_is_room_and_the_feed_does_not_move() {
        let before = areas(140, 40, Focus::Main, false);
        let wide = before.with_card(Focus::Main, true);
        assert_eq!(wide.main, before.main);
        assert_eq!((wide.card.right(), wide.card.bottom()), (wide.main.x + 1, wide.status.y));
        assert_eq!(wide.rooms.bottom(), wide.card.y + 1, "the rooms and their counts stay in sight");
        assert_eq!(before.with_card(Focus::Tags, false), before, "who goes to the tags sees them");
        let narrow = areas(80, 24, Focus::Main, false);
        assert_eq!(narrow.with_card(Focus::Main, true).card, narrow.main);
        assert_eq!(narrow.with_card(Focus::Main, false), narrow, "the feed is there again");
    }

    #[test]
    fn tiles_fill_the_main_pane_and_share_their_lines() {
        let narrow = tiles(Rect::new(0, 1, 80, 21), 2).unwrap();
        assert_eq!(narrow, [Rect::new(0, 1, 80, 11), Rect::new(0, 11, 80, 11)]);
        let four = tiles(Rect::new(0, 1, 80, 21), 4).unwrap();
        assert_eq!((four[0], four[3]), (Rect::new(0, 1, 40, 11), Rect::new(39, 11, 41, 11)));
        let wide = tiles(Rect::new(41, 1, 99, 37), 2).unwrap();
        assert_eq!((wide[0].right(), wide[1].x, wide[1].right(), wide[1].height), (91, 90, 140, 37));
        assert_eq!(tiles(Rect::new(0, 1, 60, 9), 4), None);
    }

    #[test]
    fn no_size_panics() {
        for width in 0..120 {
            for height in 0..50 {
                for focus in Focus::ORDER {
                    for count in [2, 4] {
                        tiles(areas(width, height, focus, false).main, count);
                    }
                    for zoom in [false, true] {
                        let areas = areas(width, height, focus, zoom);
                        if is_large_enough(width, height) {
                            let area = areas.with_card(focus, true).card;
                            assert!(area.right() <= width && area.bottom() <= height, "{width}x{height}");
                        }
                    }
                }
            }
        }
    }
}
