//! How many live rooms the main pane shows at once: one, some in tiles, or all in one feed; and the way from one to the next.

use ratatui::layout::Rect;

use crate::api::Arn;
use crate::app::keys::Command;
use crate::app::outbox::Outbox;
use crate::app::room::merged::Merged;
use crate::app::screen::{self, Focus, inside};

use super::{App, Lead, Tab};

/// What the main pane shows of live rooms.
#[derive(Debug, Default)]
pub(super) enum Spread {
    /// The subject.
    #[default]
    One,
    /// Some, the subject among them.
    Tiles(Tiles),
    /// All of them in one feed. The room of the selected message is the subject.
    Merged(Box<Merged>),
}

/// Rooms side by side. The subject has the focus.
#[derive(Debug)]
pub(super) struct Tiles {
    /// A place for each tile; a room keeps its place.
    places: Vec<Option<Arn>>,
    /// The place of the subject.
    at: usize,
}

impl Tiles {
    fn new(count: usize) -> Self {
        Self { places: vec![None; count], at: 0 }
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.places.len()
    }

    /// What each shows.
    pub(super) fn rooms(&self) -> impl Iterator<Item = Option<&Arn>> {
        self.places.iter().map(Option::as_ref)
    }

    /// The subject is in its place, or in the one that had the focus.
    fn focus(&mut self, arn: &Arn) {
        match self.places.iter().position(|place| place.as_ref() == Some(arn)) {
            Some(at) => self.at = at,
            None => self.places[self.at] = Some(arn.clone()),
        }
    }

    fn has(&self, arn: &Arn) -> bool {
        self.places.iter().any(|place| place.as_ref() == Some(arn))
    }

    /// The room in the next tile that has one, or in the one before.
    fn step(&self, forward: bool) -> Option<&Arn> {
        let count = self.places.len();
        let places = (1..count).map(|step| if forward { self.at + step } else { self.at + count - step });
        places.into_iter().find_map(|place| self.places[place % count].as_ref())
    }
}

impl App {
    /// The tiles and their areas, if they are shown: a screen that is too small shows the subject alone.
    pub(super) fn tiles(&self) -> Option<(&Tiles, Vec<Rect>)> {
        let Spread::Tiles(tiles) = &self.spread else { return None };
        let main = self.areas().main;
        if self.shown_tab() != Tab::Chat || main.width == 0 {
            return None;
        }
        Some((tiles, screen::tiles(main, tiles.count())?))
    }

    /// `T`: two tiles, four, one room again.
    pub(super) fn turn_tiles(&mut self, outbox: &mut Outbox) {
        let next = match &self.spread {
            Spread::One | Spread::Merged(_) => 2,
            Spread::Tiles(tiles) if tiles.count() == 2 => 4,
            Spread::Tiles(_) => 1,
        };
        self.set_tiles(next, outbox);
    }

    /// So many rooms at once.
    pub(super) fn set_tiles(&mut self, count: usize, outbox: &mut Outbox) {
        self.leave_merged();
        let before = match std::mem::take(&mut self.spread) {
            Spread::Tiles(tiles) => tiles.places,
            Spread::One | Spread::Merged(_) => Vec::new(),
        };
        if count < 2 {
            return outbox.hint("one room at a time: T shows two");
        }
        let mut tiles = Tiles::new(count);
        for (place, room) in tiles.places.iter_mut().zip(before) {
            *place = room;
        }
        self.spread = Spread::Tiles(tiles);
        if self.areas().main.width > 0 && screen::tiles(self.areas().main, count).is_none() {
            outbox.hint(format!("the screen is too small for {count} rooms: one is shown until it is larger"));
        } else {
            outbox.hint("C-n and C-p go from tile to tile, C-k finds a room");
        }
    }

    /// `A`: all live rooms in one feed, or one room again.
    pub(super) fn turn_merged(&mut self, outbox: &mut Outbox) {
        if matches!(self.spread, Spread::Merged(_)) {
            return self.leave_merged();
        }
        let merged = Merged::new(self.settings.room.scrollback, &self.live);
        self.spread = Spread::Merged(Box::new(merged));
        outbox.hint("all live rooms in one feed: A goes back to one");
    }

    /// From a list: all live rooms in one feed, which gets the keys.
    fn show_merged(&mut self, outbox: &mut Outbox) {
        let Some(any) = self.live.keys().next().cloned() else {
            return outbox.hint("no room is live yet: w watches the one under the cursor");
        };
        // The chat is shown of a room that is live.
        if self.shown_room().is_none() {
            self.put_subject(&any);
        }
        self.tab = Tab::Chat;
        if !matches!(self.spread, Spread::Merged(_)) {
            self.turn_merged(outbox);
        }
        self.focus_on(Focus::Main);
    }

    /// Rooms are looked at in their own views again.
    pub(super) fn leave_merged(&mut self) {
        if matches!(self.spread, Spread::Merged(_)) {
            self.spread = Spread::One;
            for room in self.live.values_mut() {
                room.look_through(None);
            }
        }
    }

    /// Makes a room the subject, wherever the focus is.
    pub(super) fn put_subject(&mut self, arn: &Arn) {
        if self.subject().as_ref() != Some(arn) {
            self.lead = Lead::Rooms;
            self.pinned = (!self.rooms.select(arn.as_str())).then(|| arn.clone());
        }
    }

    /// The room that a key means: in the list of rooms the one under its cursor, though the subject may be one that the list
    /// does not show; elsewhere the subject.
    pub(super) fn meant_room(&self) -> Option<Arn> {
        match self.focus {
            Focus::Rooms => self.rooms.selected().map(|row| row.summary.arn.clone()),
            Focus::Logging | Focus::Tags | Focus::Main => self.subject().filter(|_| self.lead == Lead::Rooms),
        }
    }

    /// Watched rooms in the order of the list; those that it does not show come behind.
    pub(super) fn watched(&self) -> Vec<Arn> {
        let watched = |arn: &&Arn| self.live.get(*arn).is_some_and(crate::app::room::Room::is_watched);
        let mut rooms: Vec<Arn> = self.rooms.shown().map(|row| &row.summary.arn).filter(watched).cloned().collect();
        let unlisted: Vec<Arn> = self.live.keys().filter(watched).filter(|arn| !rooms.contains(arn)).cloned().collect();
        rooms.extend(unlisted);
        rooms
    }

    /// `C-n` and `C-p`: the next live room, or the one before; among tiles, the next tile.
    pub(super) fn step_room(&mut self, forward: bool, outbox: &mut Outbox) {
        let tile = self.tiles().filter(|_| self.focus == Focus::Main).map(|(tiles, _)| tiles.step(forward).cloned());
        let next = match tile {
            Some(next) => next,
            None => self.next_watched(forward),
        };
        let Some(arn) = next else {
            return outbox.hint(match self.live_count() {
                0 => "no room is live: w in the rooms' list watches one",
                _ => "no other room is live: w in the rooms' list watches one more",
            });
        };
        self.leave_merged();
        if matches!(self.focus, Focus::Logging | Focus::Tags) {
            self.focus = Focus::Rooms;
        }
        self.put_subject(&arn);
    }

    fn next_watched(&self, forward: bool) -> Option<Arn> {
        let (rooms, subject) = (self.watched(), self.subject()?);
        let count = rooms.len();
        match rooms.iter().position(|arn| *arn == subject) {
            Some(_) if count == 1 => None,
            Some(at) => rooms.get((at + if forward { 1 } else { count - 1 }) % count).cloned(),
            None if forward => rooms.first().cloned(),
            None => rooms.last().cloned(),
        }
    }

    /// After each update: tiles have their rooms and rooms their sizes, and the merged feed and its rooms are in step.
    pub(super) fn settle_spread(&mut self) {
        match &self.spread {
            Spread::One => {}
            Spread::Tiles(_) => self.settle_tiles(),
            Spread::Merged(_) => self.settle_merged(),
        }
    }

    fn settle_tiles(&mut self) {
        let subject = self.subject().filter(|arn| self.live.contains_key(arn));
        let is_free = |tiles: &Tiles, app: &Self| {
            let free = tiles.places.iter().any(Option::is_none);
            free && app.live.iter().any(|(arn, room)| room.is_watched() && !tiles.has(arn))
        };
        let Spread::Tiles(tiles) = &mut self.spread else { return };
        for place in &mut tiles.places {
            place.take_if(|arn| !self.live.contains_key(arn));
        }
        if let Some(arn) = &subject {
            tiles.focus(arn);
        }
        let Spread::Tiles(tiles) = &self.spread else { return };
        let more = if is_free(tiles, self) { self.watched() } else { Vec::new() };
        let Spread::Tiles(tiles) = &mut self.spread else { return };
        for arn in more {
            if !tiles.has(&arn)
                && let Some(place) = tiles.places.iter_mut().find(|place| place.is_none())
            {
                *place = Some(arn);
            }
        }
        let Some((tiles, areas)) = self.tiles() else { return };
        let sizes: Vec<(Arn, Rect)> =
            tiles.rooms().zip(areas).filter_map(|(arn, area)| Some((arn?.clone(), area))).collect();
        for (arn, area) in sizes {
            let (width, height) = inside(area);
            if let Some(room) = self.live.get_mut(&arn) {
                room.resize(width, height);
            }
        }
    }

    fn settle_merged(&mut self) {
        let main = self.areas().main;
        let Self { spread: Spread::Merged(merged), live, .. } = self else { return };
        merged.update(live, (main.width > 0).then(|| inside(main)));
        if self.focus != Focus::Main || self.tab != Tab::Chat || self.lead != Lead::Rooms {
            return;
        }
        // What is selected says whose chat this is; without, any live room will do, as they all are in it.
        let selected = merged.selected().map(|(arn, _)| arn.clone());
        let is_live = self.subject().is_some_and(|arn| self.live.contains_key(&arn));
        let other = self.live.keys().next().filter(|_| !is_live).cloned();
        if let Some(arn) = selected.or(other) {
            self.put_subject(&arn);
        }
    }

    /// What these keys do.
    pub(super) fn spread_command(&mut self, command: Command, outbox: &mut Outbox) {
        match command {
            Command::Tiles => self.turn_tiles(outbox),
            Command::Merged if self.focus != Focus::Main => self.show_merged(outbox),
            Command::Merged => self.turn_merged(outbox),
            Command::Switch => self.open_switch(),
            Command::NextRoom => self.step_room(true, outbox),
            Command::PreviousRoom => self.step_room(false, outbox),
            _ => {}
        }
    }
}
