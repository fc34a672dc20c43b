//! What the main pane shows of its subject: a page of text, unless it is a live chat.

use ratatui::text::Line;

use crate::api::Arn;
use crate::app::pane::details::{arn_page, trouble_page};
use crate::app::pane::journal::{Journal, Search};
use crate::app::pane::listing::{Phase, waiting_words};
use crate::app::screen::Focus;
use crate::app::text::clean;
use crate::app::widget::page::Page;

use super::detour::has_details;
use super::query::RoomQuery;
use super::{App, Lead, Mode, Tab};

impl App {
    /// The page that the main pane shows, laid out for `width` columns.
    pub(super) fn page(&self, width: usize) -> Vec<Line<'static>> {
        let look = self.settings.look;
        let mut page = Page::new(look, width);
        match self.subject() {
            subject if self.shown_tab() == Tab::Journal && (self.whole_journal || subject.is_some()) => {
                self.with_journal(|journal| journal.page(&mut page, look));
            }
            None => self.page_without_subject(&mut page),
            Some(arn) if self.shown_tab() == Tab::Json => self.details.json_page(&arn, &mut page, look, width),
            Some(arn) => match &self.lead {
                Lead::Rooms => {
                    let listed = self.rooms.find(arn.as_str());
                    let listed = listed.map(|row| &row.summary);
                    self.details.room_page(&arn, listed, &self.logging, &mut page, look);
                }
                Lead::Logging => {
                    let listed = self.logging.selected().map(|row| &row.configuration);
                    self.details.logging_page(&arn, listed, &mut page, look);
                }
                Lead::Other(_) => self.detour_page(&arn, &mut page),
            },
        }
        page.finish()
    }

    /// Lets `act` see the journal as the Journal tab shows it.
    fn with_journal<R>(&self, act: impl FnOnce(&Journal<'_>) -> R) -> R {
        let about = self.subject().filter(|_| !self.whole_journal);
        let name = |arn: &Arn| {
            let all = self.query.as_ref().map_or(&self.rooms, |query| &query.all);
            let room = all.find(arn.as_str()).map(|row| row.title.as_str().to_owned());
            room.or_else(|| self.logging.find(arn.as_str()).map(|row| row.title.as_str().to_owned()))
        };
        let (ledger, search) = (&self.ledger, &self.journal_search);
        act(&Journal { ledger, about: about.as_ref(), search, name: &name, now: self.now })
    }

    /// What the Journal tab is searched by, if it is shown.
    pub(super) fn shown_search(&mut self) -> Option<&mut Search> {
        (self.shown_tab() == Tab::Journal).then_some(&mut self.journal_search)
    }

    /// The words that the shown Journal tab is searched by, and what came of it; none if it is not searched.
    pub(super) fn search_words(&self) -> Option<(&str, usize, String)> {
        let typing = self.focus == Focus::Main && matches!(self.mode, Mode::Filter);
        if self.shown_tab() != Tab::Journal || (self.journal_search.is_empty() && !typing) {
            return None;
        }
        let (text, caret) = self.journal_search.text();
        #[expect(clippy::redundant_closure_for_method_calls, reason = "the method is not general enough")]
        let (found, all) = self.with_journal(|journal| journal.count());
        Some((text, caret, format!("{found} of {all}")))
    }

    /// The page of a resource that was named by its ARN.
    fn detour_page(&self, arn: &Arn, page: &mut Page) {
        let look = self.settings.look;
        match arn.kind() {
            "room" if has_details(arn) => {
                let listed = self.rooms.find(arn.as_str());
                self.details.room_page(arn, listed.map(|row| &row.summary), &self.logging, page, look);
            }
            "logging-configuration" if has_details(arn) => {
                let listed = self.logging.find(arn.as_str());
                self.details.logging_page(arn, listed.map(|row| &row.configuration), page, look);
            }
            _ => {
                arn_page(arn, page, look);
                self.tag_facts(page);
            }
        }
    }

    /// The tags that are listed, where no other answer tells them.
    fn tag_facts(&self, page: &mut Page) {
        let look = self.settings.look;
        page.heading("Tags");
        match self.tags.phase() {
            Phase::Failed(trouble) => trouble_page(trouble, page, look),
            Phase::Unasked | Phase::Loading if !self.tags.is_whole() => page.styled("loading", look.busy()),
            Phase::Waiting(since) => page.styled(&waiting_words(*since), look.busy()),
            Phase::Complete if self.tags.rows().is_empty() => page.styled("none", look.quiet()),
            Phase::Unasked | Phase::Loading | Phase::Complete => {}
        }
        for row in self.tags.rows() {
            page.fact(clean(&row.key).as_str(), clean(&row.raw).as_str());
        }
    }

    /// Without a row to follow, the main pane has the room to say why there is none.
    fn page_without_subject(&self, page: &mut Page) {
        let look = self.settings.look;
        let (phase, what, listed) = match &self.lead {
            Lead::Rooms => (self.rooms.phase(), "rooms", self.rooms.rows().len()),
            Lead::Logging => (self.logging.phase(), "logging configurations", self.logging.rows().len()),
            // It is its own subject.
            Lead::Other(_) => return,
        };
        match phase {
            Phase::Unasked | Phase::Failed(_) if self.identity_page(page, true) => {}
            Phase::Failed(trouble) => trouble_page(trouble, page, look),
            Phase::Unasked | Phase::Loading => page.styled("loading", look.busy()),
            Phase::Waiting(since) => page.styled(&waiting_words(*since), look.busy()),
            Phase::Complete if listed > 0 => {
                page.styled("The filter lets nothing through: Esc drops it.", look.quiet());
            }
            Phase::Complete if self.lead == Lead::Rooms && self.query.is_some() => {
                let words = self.query.as_ref().map_or("", RoomQuery::words);
                page.text(&format!("The service knows no room with {words}: Esc shows all rooms again."));
            }
            Phase::Complete => page.text(&format!("There are no {what} in {} yet.", self.settings.region)),
        }
    }
}
