//! Groups of rooms: the list shows one of them, or all of one are watched.

use crate::api::Arn;
use crate::app::commands::nearest;
use crate::app::groups::WORD;
use crate::app::outbox::Outbox;
use crate::app::screen::Focus;

use super::App;

impl App {
    /// The group that is called so.
    ///
    /// # Errors
    /// If there is none, in words for the reader that are not yet safe to show.
    pub(super) fn group(&self, name: &str) -> Result<String, String> {
        let groups = &self.settings.groups;
        if groups.has(name) {
            return Ok(name.to_owned());
        }
        if groups.names().next().is_none() {
            return Err("there are no groups: each [group.NAME] in the configuration is one".to_owned());
        }
        let near = nearest(name, groups.names()).map_or_else(
            || format!("there are {}", groups.names().collect::<Vec<_>>().join(", ")),
            |near| format!("did you mean {near}?"),
        );
        Err(format!("no group is called {name:?}: {near}"))
    }

    /// `:group NAME`: the rooms' list shows this group alone, until its filter is dropped.
    pub(super) fn show_group(&mut self, name: &str) {
        self.focus_on(Focus::Rooms);
        self.set_filter(&format!("{WORD}{name}"));
    }

    /// `:watch-group NAME`: all rooms of the group that are listed by now are watched without being opened.
    pub(super) fn watch_group(&mut self, name: &str, outbox: &mut Outbox) {
        let listed = self.query.as_ref().map_or(self.rooms.rows(), |query| query.all.rows());
        let summaries = listed.iter().map(|row| &row.summary);
        let rooms = summaries.filter(|room| self.settings.groups.of(&room.arn, &room.name).any(|group| group == name));
        let rooms: Vec<Arn> = rooms.map(|room| room.arn.clone()).collect();
        let more = if self.rooms.is_asking() { ", of those that have come so far" } else { "" };
        match rooms.len() {
            0 => outbox.hint(format!("no room is in {name}{more}")),
            1 => outbox.hint(format!("watching 1 room of {name}{more}")),
            count => {
                outbox.hint(format!("watching {count} rooms of {name}{more}: C-n and C-p go from one to the next"));
            }
        }
        self.watch_all(rooms, outbox);
    }
}
