//! Rooms by the service's own filters: a list of its own that lies over the list of all rooms until it is dropped.

use crate::api::Operation;
use crate::api::ops::ListRooms;
use crate::api::paging::Pages;
use crate::app::msg::Ticket;
use crate::app::outbox::Outbox;
use crate::app::pane::listing::{Listing, Phase};
use crate::app::pane::rows::{RoomRow, function};
use crate::app::screen::Focus;
use crate::app::text::clean;

use super::{App, Lead};

/// What the rooms' list was narrowed to by the service.
#[derive(Debug)]
pub(super) struct RoomQuery {
    ask: ListRooms,
    /// How it is told, such as `logging=cw-prod`; safe to show.
    words: String,
    /// All rooms, with cursor, filter and marks. If they are not all here yet, they go on coming.
    pub(super) all: Listing<RoomRow>,
    pub(super) all_pages: Pages<ListRooms>,
    /// The list that it was asked from.
    from: Focus,
    /// Whether it was asked for again, so that the list of all rooms is out of date.
    repeated: bool,
}

impl RoomQuery {
    /// How it is told.
    pub(super) fn words(&self) -> &str {
        &self.words
    }
}

impl App {
    /// Shows the rooms that the service finds by name, handler or logging configuration. Members that the service
    /// would refuse are told and not sent; without any, all rooms are shown.
    pub(super) fn query_rooms(&mut self, ask: ListRooms, outbox: &mut Outbox) {
        if let Some(problem) = ask.problems().first() {
            return outbox.bad(clean(&format!("rooms: {}: {}", problem.member, problem.message)).as_str());
        }
        let from = self.list_of_lead();
        let words = self.query_words(&ask);
        if words.is_empty() {
            self.drop_query(outbox);
            return self.go_to_rooms();
        }
        self.queries += 1;
        // Each query counts its tickets from a number of its own, so that no late page is taken for another list's.
        let narrowed = std::mem::replace(&mut self.rooms, Listing::counting_from(Ticket(self.queries << 32)));
        let pages = std::mem::replace(&mut self.room_pages, Pages::new(ask.clone()));
        let (all, all_pages, repeated) = match self.query.take() {
            Some(before) => (before.all, before.all_pages, before.repeated),
            None => (narrowed, pages, false),
        };
        self.query = Some(RoomQuery { ask, words, all, all_pages, from, repeated });
        self.list_rooms(outbox);
        if let Some(query) = &mut self.query {
            query.repeated = repeated;
        }
        self.go_to_rooms();
    }

    /// What the rooms' list asks for, from its first page.
    pub(super) fn room_question(&mut self) -> ListRooms {
        match &mut self.query {
            Some(query) => {
                query.repeated = true;
                query.ask.clone()
            }
            None => ListRooms::default(),
        }
    }

    /// Shows all rooms again, with the cursor where it was; false if they are shown anyway.
    pub(super) fn drop_query(&mut self, outbox: &mut Outbox) -> bool {
        let Some(query) = self.query.take() else { return false };
        self.rooms = query.all;
        self.room_pages = query.all_pages;
        self.focus_on(query.from);
        if query.repeated {
            self.list_rooms(outbox);
        }
        let complete = *self.rooms.phase() == Phase::Complete;
        self.found_rooms(complete, outbox);
        true
    }

    /// The rooms that log where the logging configuration under the cursor does.
    pub(super) fn query_rooms_of_logging(&mut self, outbox: &mut Outbox) {
        if let Some(row) = self.logging.selected() {
            let arn = row.configuration.arn.clone();
            let ask = ListRooms { logging_configuration_identifier: Some(arn), ..ListRooms::default() };
            self.query_rooms(ask, outbox);
        }
    }

    fn go_to_rooms(&mut self) {
        self.pinned = None;
        self.focus_on(Focus::Rooms);
    }

    fn list_of_lead(&self) -> Focus {
        match self.lead {
            Lead::Rooms | Lead::Other(_) => Focus::Rooms,
            Lead::Logging => Focus::Logging,
        }
    }

    fn query_words(&self, ask: &ListRooms) -> String {
        let logging = ask.logging_configuration_identifier.as_ref().map(|arn| {
            let listed = self.logging.find(arn.as_str());
            listed.map_or_else(|| arn.id().to_owned(), |row| row.title.as_str().to_owned())
        });
        let handler = ask.message_review_handler_uri.as_deref().map(|arn| function(arn).to_owned());
        let members = [("name", ask.name.clone()), ("handler", handler), ("logging", logging)];
        let words = members.into_iter().filter_map(|(member, value)| Some(format!("{member}={}", value?)));
        clean(&words.collect::<Vec<_>>().join(" ")).as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::look::Look;
    use crate::app::outbox::Job;
    use crate::app::room::live;

    fn app() -> App {
        let room = live::Settings {
            user_id: "me".into(),
            reason: "spam".into(),
            disconnect_reason: String::new(),
            scrollback: 10,
            ..live::Settings::default()
        };
        let settings = super::super::Settings {
            who: crate::identity::facts::Wanted::default(),
            access: crate::app::identity::access::Settings::default(),
            region: "us-west-2".into(),
            endpoint: None,
            look: Look::plain(),
            open: None,
            room,
            reasons: crate::app::reasons::Reasons::default(),
            queue: crate::app::queue::Settings::default(),
            events: Vec::new(),
            token_presets: Vec::new(),
            unverified: false,
            token_folder: String::new(),
            groups: crate::app::groups::Groups::default(),
            columns: crate::app::pane::columns::Columns::default(),
            keymap: std::sync::Arc::default(),
            configuration: crate::app::configuration::Configuration::default(),
            seed: 1,
            replay: None,
        };
        App::new(settings, jiff::Timestamp::UNIX_EPOCH, (80, 24))
    }

    fn sent(outbox: Outbox) -> Vec<serde_json::Value> {
        let jobs = outbox.into_jobs().into_iter();
        jobs.filter_map(|job| if let Job::Call(ask) = job { ask.call.request.body } else { None }).collect()
    }

    #[test]
    fn names_and_handlers_are_asked_of_the_service_and_told() {
        let (mut app, mut outbox) = (app(), Outbox::default());
        let handler = "arn:aws:lambda:us-west-2:123456789012:function:link-guard".to_owned();
        let ask = ListRooms {
            name: Some("lobby".into()),
            message_review_handler_uri: Some(handler.clone()),
            ..ListRooms::default()
        };
        app.query_rooms(ask, &mut outbox);
        assert_eq!(app.query.as_ref().map(RoomQuery::words), Some("name=lobby handler=link-guard"));
        assert_eq!(sent(outbox), [serde_json::json!({ "name": "lobby", "messageReviewHandlerUri": handler })]);
    }

    #[test]
    fn what_the_service_would_refuse_is_told_and_not_sent() {
        let (mut app, mut outbox) = (app(), Outbox::default());
        app.query_rooms(ListRooms { name: Some("no blanks".into()), ..ListRooms::default() }, &mut outbox);
        assert!(app.query.is_none() && outbox.word().is_some_and(|word| word.text.starts_with("rooms: name: ")));
        assert!(sent(outbox).is_empty());
    }
}
