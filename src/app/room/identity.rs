//! As whom a room is watched: what each of its tokens is asked for. A token is for one connection, so the asking is kept.

use std::collections::BTreeMap;

use crate::api::Arn;
use crate::api::model::Capability;
use crate::api::ops::CreateChatToken;

use super::live::Settings;

/// As whom a room is watched, and what that user may do besides reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The user's id, as everyone in the room sees it.
    pub user_id: String,
    /// What the user may do; reading along is always allowed.
    pub capabilities: Vec<Capability>,
    /// What the service sends along with each message of this user.
    pub attributes: BTreeMap<String, String>,
    /// How long a session lasts; the service's 60 minutes if not given.
    pub session_minutes: Option<u32>,
}

impl Identity {
    /// The console's own: it reads along, unless the settings ask for more.
    pub fn of(settings: &Settings) -> Self {
        Self {
            user_id: settings.user_id.clone(),
            capabilities: settings.capabilities.clone(),
            attributes: settings.attributes.clone(),
            session_minutes: settings.session_minutes,
        }
    }

    /// The request for a token for one connection to `room`.
    pub fn token(&self, room: &Arn) -> CreateChatToken {
        CreateChatToken {
            room_identifier: room.clone(),
            user_id: self.user_id.clone(),
            capabilities: self.capabilities.clone(),
            session_duration_in_minutes: self.session_minutes,
            attributes: self.attributes.clone(),
        }
    }

    /// Who it is and what they may do: `nadia (SEND_MESSAGE)`. Not made safe.
    pub fn words(&self) -> String {
        let may: Vec<&str> = self.capabilities.iter().map(Capability::as_str).collect();
        let may = if may.is_empty() { "reads only".to_owned() } else { may.join(" ") };
        format!("{} ({may})", self.user_id)
    }
}

impl From<CreateChatToken> for Identity {
    fn from(token: CreateChatToken) -> Self {
        Self {
            user_id: token.user_id,
            capabilities: token.capabilities,
            attributes: token.attributes,
            session_minutes: token.session_duration_in_minutes,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::Timestamp;

    use super::*;
    use crate::app::outbox::{Job, Outbox};
    use crate::app::room::Room;
    use crate::app::room::link::Link;
    use crate::app::room::row::{Body, Notice};
    use crate::app::text::clean;
    use crate::messaging::Report;

    const ROOM: &str = "arn:aws:ivschat:us-west-2:123456789012:room/AbCdEf123456";

    fn settings() -> Settings {
        Settings { user_id: "console".into(), scrollback: 100, ..Settings::default() }
    }

    fn room() -> Room {
        Room::new(ROOM.parse().unwrap(), clean("lobby"), Arc::new(settings()))
    }

    fn nadia() -> Identity {
        Identity { user_id: "nadia".into(), capabilities: vec![Capability::SendMessage], ..Identity::of(&settings()) }
    }

    /// Joins, and lets the connection open.
    fn join(room: &mut Room, identity: Identity) -> Vec<Job> {
        let mut outbox = Outbox::default();
        room.join_as(identity, Timestamp::UNIX_EPOCH, &mut outbox);
        let answer = serde_json::from_str(r#"{"token":"t"}"#).unwrap();
        let id = room.link_id();
        room.token(Timestamp::UNIX_EPOCH, &id, Ok(answer), 0.0, &mut outbox);
        room.report(Timestamp::UNIX_EPOCH, &id, Report::Opened, &mut outbox);
        outbox.into_jobs()
    }

    fn notices(room: &Room) -> Vec<String> {
        let words = |row: &crate::app::room::row::Row| match &row.body {
            Body::Notice(notice) => notice.words(),
            Body::Message(_) => String::new(),
        };
        room.feed().from(0).map(words).collect()
    }

    #[test]
    fn joining_drops_the_link_and_asks_for_a_token_for_that_user() {
        let mut room = room();
        let jobs = join(&mut room, nadia());
        let [Job::Call(ask), Job::Connect(old, _), Job::After(..)] = &jobs[..] else { panic!("{jobs:?}") };
        let body = ask.call.request.body.clone().unwrap();
        assert_eq!((&body["userId"], &body["capabilities"][0]), (&"nadia".into(), &"SEND_MESSAGE".into()));
        assert!(matches!(room.link(), Link::Live { .. }));
        assert_eq!(notices(&room), [Notice::Joined.words()], "nobody was there before: nothing is missing");
        let jobs = join(&mut room, Identity { user_id: "zoe".into(), ..nadia() });
        let [Job::Disconnect(gone), Job::Call(_), Job::Connect(new, _), Job::After(..)] = &jobs[..] else {
            panic!("{jobs:?}")
        };
        assert!(gone == old && old.serial < new.serial);
    }

    #[test]
    fn who_joins_a_live_room_as_another_sees_the_gap() {
        let mut room = room();
        let own = room.own_identity();
        join(&mut room, own);
        assert!(!room.is_joined_as_another());
        join(&mut room, nadia());
        assert!(room.is_joined_as_another());
        assert_eq!(
            notices(&room)[1..],
            ["gap of under 0.1 s until 00:00:00Z: from here on as nadia (SEND_MESSAGE)".to_owned()]
        );
    }
}
