//! Lists, told line by line: rooms, logging configurations, tags, flagged messages, a user, how things stand.

use crate::api::Arn;
use crate::app::App;
use crate::app::pane::listing::Phase;
use crate::app::pane::rows::RoomRow;
use crate::app::room::Room;
use crate::app::room::link::{Link, Renewal};
use crate::app::room::row::{Row, Said};

use super::Session;
use super::numbers::Named;

/// Rooms that are told at once; more are found by their words.
const MOST: usize = 50;

impl Session {
    pub(super) fn tell_list_of_rooms(&mut self, app: &App, words: &str) {
        let (phase, rows) = app.listed_rooms();
        if let Phase::Failed(trouble) = phase {
            let why = trouble.brief();
            self.refuse(&format!("rooms: {why}"));
        }
        let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
        let fits = |row: &&RoomRow| {
            let haystack = format!("{} {}", row.summary.name, row.summary.arn.id()).to_lowercase();
            words.iter().all(|word| haystack.contains(word.as_str()))
        };
        let found: Vec<&RoomRow> = rows.iter().filter(fits).collect();
        let of = if found.len() < rows.len() { format!(" of {}", rows.len()) } else { String::new() };
        let lines: Vec<String> = found.iter().take(MOST).map(|row| room_line(app, row)).collect();
        self.say(&format!("rooms: {}{of}", found.len()));
        for line in lines {
            self.say(&line);
        }
        if found.len() > MOST {
            self.say(&format!("and {} more: rooms WORDS tells those that have them", found.len() - MOST));
        }
    }

    pub(super) fn tell_loggings(&mut self, app: &App) {
        let (phase, rows) = app.listed_loggings();
        if let Phase::Failed(trouble) = phase {
            self.refuse(&format!("logging configurations: {}", trouble.brief()));
        }
        self.say(&format!("logging configurations: {}", rows.len()));
        for row in rows {
            let (state, id) = (row.state().to_lowercase(), row.configuration.arn.id());
            self.say(&format!("{}: {state}, to {}, id {id}", row.title.as_str(), row.destination.as_str()));
        }
    }

    pub(super) fn tell_tags(&mut self, app: &App, arn: &Arn) {
        let (phase, rows) = app.listed_tags();
        if let Phase::Failed(trouble) = phase {
            return self.refuse(&format!("tags: {}", trouble.brief()));
        }
        self.say(&format!("tags of {}: {}", app.title_of(arn), rows.len()));
        for row in rows {
            self.say(&format!("{} = {}", row.key, row.raw));
        }
    }

    pub(super) fn tell_status(&mut self, app: &App) {
        let live: Vec<String> =
            app.live_rooms().filter(|room| room.is_watched()).map(|room| self.standing(room)).collect();
        if live.is_empty() {
            self.say("no room is live");
        }
        for line in live {
            self.say(&line);
        }
        if self.holds.by_word {
            self.say("paused: resume tells messages again");
        }
        match app.unfinished() {
            0 => {}
            1 => self.say("1 change is under way"),
            many => self.say(&format!("{many} changes are under way")),
        }
    }

    /// How a room stands, in a line.
    fn standing(&self, room: &Room) -> String {
        let here = if self.here.as_ref() == Some(room.arn()) { ", open" } else { "" };
        let flagged = match room.flagged() {
            0 => String::new(),
            flagged => format!(", {flagged} flagged"),
        };
        let held = self.ears.get(room.arn()).map_or(0, |ear| ear.held.0);
        let held = if held > 0 { format!(", {held} not told") } else { String::new() };
        let armed = if room.is_armed() { ", rules may delete" } else { "" };
        let rate = room.rate();
        format!(
            "{}: {}{here}{flagged}{held}{armed}, {rate:.1} messages a second",
            room.title().as_str(),
            link(room.link())
        )
    }

    /// The next flagged message that nobody has acted on; behind the last one it begins anew.
    pub(super) fn tell_next(&mut self, app: &App) -> Result<(), String> {
        let arn = self.room()?;
        let room = app.live_room_at(&arn).ok_or("the room is not open")?;
        let Some(ear) = self.ears.get_mut(&arn) else { return Err("nothing has come yet".to_owned()) };
        let from = ear.sought.map_or(0, |sought| sought + 1);
        let found = room.feed().from(from).find_map(|row| Some((row, flagged(row)?)));
        ear.sought = found.map(|(row, _)| row.seq);
        match found {
            Some((row, said)) => self.tell_said(room, row, said, ""),
            None if from > 0 => self.say("no flagged message is left below: next begins anew"),
            None => self.say("no flagged message is left here"),
        }
        Ok(())
    }

    pub(super) fn tell_flagged(&mut self, app: &App) -> Result<(), String> {
        let arn = self.room()?;
        let room = app.live_room_at(&arn).ok_or("the room is not open")?;
        let found: Vec<(&Row, &Said)> = room.feed().from(0).filter_map(|row| Some((row, flagged(row)?))).collect();
        self.say(&format!("flagged: {}", found.len()));
        for (row, said) in found {
            self.tell_said(room, row, said, "");
        }
        Ok(())
    }

    /// Who wrote a message, and what they have done in the room.
    pub(super) fn tell_user(&mut self, app: &App, named: &Named) {
        let Some(room) = app.live_room_at(&named.room) else { return };
        let Some(said) = room.feed().row(named.seq).and_then(Row::message) else { return };
        let (by, people) = (&said.by, room.people());
        self.say(&format!("{}, user id {}", by.label(), by.user_id));
        let badges: Vec<&str> = by.badges().iter().map(crate::app::text::Clean::as_str).collect();
        if !badges.is_empty() {
            self.say(&format!("badges: {}", badges.join(", ")));
        }
        if let Some(conduct) = people.conduct(&by.user_id) {
            let deleted = conduct.deleted_by_us + conduct.deleted_by_others;
            self.say(&format!(
                "messages here: {}, repeats {}, with links {}, deleted {deleted}, disconnected {} times",
                conduct.messages, conduct.repeats, conduct.links, conduct.disconnects
            ));
            if conduct.names.len() > 1 {
                let so_far: Vec<&str> = conduct.names.iter().map(crate::app::text::Clean::as_str).collect();
                self.say(&format!("names so far: {}", so_far.join(", ")));
            }
        }
        let alike: Vec<String> = people.namesakes(&by.user_id).take(5).map(|person| person.label()).collect();
        if !alike.is_empty() {
            self.say(&format!("others with a name that looks like it: {}", alike.join(", ")));
        }
        if room.settings().protected.has(by) {
            self.say("protected: no rule and nothing in bulk hits them");
        }
        for note in people.book().notes(&by.user_id) {
            let lines: Vec<&str> = note.lines.iter().map(crate::app::text::Clean::as_str).collect();
            self.say(&format!("note: {}", lines.join(" ")));
        }
        let standing = |row: &&Row| row.message().is_some_and(|other| other.by.user_id == by.user_id);
        let last: Vec<&Row> = room.feed().back_from(u64::MAX - 1).filter(standing).take(5).collect();
        for row in last.into_iter().rev() {
            if let Some(said) = row.message() {
                self.tell_said(room, row, said, "");
            }
        }
    }
}

fn flagged(row: &Row) -> Option<&Said> {
    row.message().filter(|said| said.signs.flag.is_some() && said.is_standing())
}

fn room_line(app: &App, row: &RoomRow) -> String {
    let arn = &row.summary.arn;
    let live = app.live_room_at(arn).filter(|room| room.is_watched()).map_or("", |_| ", live");
    let review =
        if row.review.as_str().is_empty() { String::new() } else { format!(", reviewed by {}", row.review.as_str()) };
    format!("{}{live}{review}, id {}", row.title.as_str(), arn.id())
}

/// How a connection stands, in a word or a few.
fn link(link: &Link) -> String {
    match link {
        Link::Off => "not watched".to_owned(),
        Link::Asking => "asking for a token".to_owned(),
        Link::Connecting(_) => "connecting".to_owned(),
        Link::Live { renewal: Renewal::UnderWay { trouble: Some(trouble), .. }, .. } => {
            format!("live, but can't be renewed: {}", trouble.as_str())
        }
        Link::Live { .. } => "live".to_owned(),
        Link::Waiting(until) => format!("lost, next try at {}", until.strftime("%H:%M:%S UTC")),
        Link::Stopped => "stopped".to_owned(),
    }
}
