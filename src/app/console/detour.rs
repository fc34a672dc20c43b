//! One resource whose tags were asked for by its ARN: panes show it until one goes back to where one was.

use crate::api::{Arn, Service};
use crate::app::outbox::Outbox;
use crate::app::screen::Focus;

use super::{App, Lead, Tab};

/// Resources that are remembered for completion.
const SEEN: usize = 50;

/// A resource that is shown, and where one was before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Detour {
    pub(super) arn: Arn,
    from: Lead,
    focus: Focus,
    tab: Tab,
}

impl Detour {
    /// What it is called where no list knows its name: kind and id; not yet safe to show.
    pub(super) fn title(&self) -> String {
        title(&self.arn)
    }
}

/// Kind and id of a resource that no list has.
pub(super) fn title(arn: &Arn) -> String {
    format!("{} {}", arn.kind(), arn.id())
}

/// Whether there is more to be known of a resource than its tags: those of Amazon IVS have no page here.
pub(super) fn has_details(arn: &Arn) -> bool {
    match Service::of(arn) {
        Some(Service::IvsChat) => matches!(arn.kind(), "room" | "logging-configuration"),
        Some(Service::Ivs) | None => false,
    }
}

impl App {
    /// Shows the tags of a resource.
    pub(super) fn show_tags(&mut self, arn: Arn) {
        if self.subject().as_ref() != Some(&arn) {
            if !has_details(&arn) {
                self.seen.retain(|seen| *seen != arn);
                self.seen.insert(0, arn.clone());
                self.seen.truncate(SEEN);
            }
            let from = std::mem::replace(&mut self.lead, Lead::Rooms);
            self.lead = Lead::Other(Box::new(Detour { arn, from, focus: self.focus, tab: self.tab }));
        }
        self.focus = Focus::Tags;
    }

    /// One step back from the tags or the main pane: to where a detour began, or to the list that is followed.
    pub(super) fn back_to_list(&mut self) {
        match std::mem::replace(&mut self.lead, Lead::Rooms) {
            Lead::Rooms => self.focus = Focus::Rooms,
            Lead::Logging => {
                self.lead = Lead::Logging;
                self.focus = Focus::Logging;
            }
            Lead::Other(detour) => {
                let Detour { arn: _, from, focus, tab } = *detour;
                (self.lead, self.focus, self.tab) = (from, focus, tab);
            }
        }
    }

    /// Opens what a detour led to, if it is a room.
    pub(super) fn open_detour(&mut self, outbox: &mut Outbox) {
        match self.subject().filter(|arn| has_details(arn) && arn.kind() == "room") {
            Some(arn) => self.open_room(&arn, outbox),
            None => outbox.hint("only its tags can be shown here: 3 goes to them"),
        }
    }
}
