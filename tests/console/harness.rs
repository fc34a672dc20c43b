//! A console on a pretend service: the real state, update and view, with a clock that the test turns.
//!
//! `Console::demo().keys("/lobby<enter>").shows("lobby-main")`

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::fmt::Write as _;
use std::sync::Arc;

use ivschat::api::answer::Answer;
use ivschat::api::error::Refusal;
use ivschat::api::model::Capability;
use ivschat::api::ops::CreateChatToken;
use ivschat::api::{Arn, Call, Error, ErrorKind, ReadOnly};
use ivschat::app::dialog::event::Template;
use ivschat::app::dialog::token::Preset;
use ivschat::app::file::{FileTrouble, Taped, Taping, ToWrite};
use ivschat::app::identity::{self, Generation, Told};
use ivschat::app::key::Key;
use ivschat::app::keys::Context;
use ivschat::app::look::Look;
use ivschat::app::msg::{Kept, LinkId, Ticket, Timer};
use ivschat::app::outbox::{Ask, Copied, Draft, Saying};
use ivschat::app::replay::{Replay, StandIn};
use ivschat::app::room::book::{Entry, Found};
use ivschat::app::room::guard::Brake;
use ivschat::app::room::live;
use ivschat::app::room::protected::Protected;
use ivschat::app::room::rules::{Rules, Trial};
use ivschat::app::{App, Job, Msg, Settings};
use ivschat::config::Config;
use ivschat::messaging::frame::Refused;
use ivschat::messaging::{Ended, Frame, Report, recording};
use ivschat::plain::Session;
use ivschat::simulator::World;
use ivschat::simulator::world::{self, ConnectionId, Delivery, Echoes, Quotas, Setup, Troubles, Variant};
use jiff::{SignedDuration, Timestamp};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use secrecy::ExposeSecret;

use super::persona::Persona;

/// Time between two presses of a person's keys.
const PRESS: SignedDuration = SignedDuration::from_millis(120);

/// How long a raid or a flood takes.
const BURST: SignedDuration = SignedDuration::from_secs(2);

/// What becomes of connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Network {
    Up,
    /// None can be made.
    Down,
    /// What is said over them gets lost on its way.
    Swallows,
}

/// A console on a pretend service.
pub(crate) struct Console {
    app: App,
    pub(crate) world: World,
    now: Timestamp,
    size: (u16, u16),
    /// Who the console is, and may become.
    pub(crate) persona: Persona,
    generation: Generation,
    read_only: ReadOnly,
    /// What the connections of whom the console was before have to say.
    ended_before: Vec<Msg>,
    /// Accounts that were left.
    pub(crate) worlds: Vec<World>,
    timers: Vec<(Timestamp, Generation, Timer)>,
    links: BTreeMap<LinkId, ConnectionId>,
    faults: HashMap<&'static str, ErrorKind>,
    hanging: BTreeSet<&'static str>,
    held: Vec<(Generation, Ask)>,
    delaying: BTreeSet<&'static str>,
    late: Vec<Msg>,
    scripted: HashMap<&'static str, VecDeque<serde_json::Value>>,
    calls: Vec<Call>,
    network: Network,
    said: Vec<serde_json::Value>,
    /// What was put into the clipboard, the latest last.
    pub(crate) clipboard: Vec<String>,
    /// Files by path: text and permissions.
    pub(crate) files: BTreeMap<String, (String, u32)>,
    /// What answers in the service's place.
    stand_in: Option<StandIn>,
    /// Where each room is recorded to.
    tapes: BTreeMap<Arn, String>,
    /// Tokens that the service gave away.
    pub(crate) tokens: Vec<String>,
    /// Every message and job as a log would print it.
    traces: String,
    drafts: Vec<Draft>,
    /// A session without a screen, and what it has told.
    plain: Option<(Session, Vec<String>)>,
    /// What is kept about users.
    pub(crate) kept: Vec<Entry>,
    /// Why nothing can be kept, if so.
    pub(crate) disk: Option<String>,
    ended: bool,
    suspended: bool,
}

impl Console {
    /// A console on the built-in world, at 80x24, after its first answers.
    pub(crate) fn demo() -> Self {
        Self::sized(80, 24)
    }

    /// The same at another size.
    pub(crate) fn sized(width: u16, height: u16) -> Self {
        Self::prepared(width, height, roomy(), None, |_| {})
    }

    /// The same with a room to open at once, as `ivschat chat ROOM` does.
    pub(crate) fn opening(room: &str) -> Self {
        Self::prepared(80, 24, roomy(), Some(room), |_| {})
    }

    /// A console whose world and faults are prepared before it asks for anything.
    pub(crate) fn prepared(
        width: u16,
        height: u16,
        setup: Setup,
        open: Option<&str>,
        prepare: impl FnOnce(&mut Self),
    ) -> Self {
        let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        let settings = settings(&setup.region, open);
        let persona = Persona::fixed("simulator", &setup.region);
        let mut console = Self {
            app: App::new(settings, now, (width, height)),
            world: World::new(setup, now),
            now,
            size: (width, height),
            persona,
            generation: Generation::default(),
            read_only: ReadOnly::new(true),
            ended_before: Vec::new(),
            worlds: Vec::new(),
            timers: Vec::new(),
            links: BTreeMap::new(),
            faults: HashMap::new(),
            hanging: BTreeSet::new(),
            held: Vec::new(),
            delaying: BTreeSet::new(),
            late: Vec::new(),
            scripted: HashMap::new(),
            calls: Vec::new(),
            network: Network::Up,
            said: Vec::new(),
            clipboard: Vec::new(),
            files: BTreeMap::new(),
            tapes: BTreeMap::new(),
            stand_in: None,
            tokens: Vec::new(),
            traces: String::new(),
            drafts: Vec::new(),
            plain: None,
            kept: Vec::new(),
            disk: None,
            ended: false,
            suspended: false,
        };
        prepare(&mut console);
        let jobs = console.app.start();
        console.carry_out(jobs);
        console.wait(500)
    }

    /// The console on the built-in world, with these templates of events in its configuration.
    pub(crate) fn knowing(events: Vec<Template>) -> Self {
        let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        Self::prepared(80, 24, roomy(), None, |console| {
            let settings = Settings { events, ..settings("us-west-2", None) };
            console.app = App::new(settings, now, (80, 24));
        })
    }

    /// A console that plays this recording, as `ivschat replay feed.jsonl --speed SPEED` does.
    pub(crate) fn replaying(recording: &str, speed: &str) -> Self {
        let now: Timestamp = "2030-01-01T00:00:00Z".parse().unwrap();
        let (name, tape) = ("feed.jsonl".to_owned(), Arc::new(recording::read(recording)));
        let replay = Replay { name, tape, speed: speed.parse().unwrap() };
        Self::prepared(80, 24, roomy(), None, |console| {
            let mut settings = settings(replay.room().region(), None);
            console.persona = Persona::fixed("replay", replay.room().region());
            console.stand_in = Some(replay.stand_in());
            settings.replay = Some(replay);
            console.now = now;
            console.app = App::new(settings, now, (80, 24));
        })
    }

    /// The console on the built-in world, with this reason for disconnections in its configuration.
    pub(crate) fn disconnecting_for(reason: &str) -> Self {
        let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        Self::prepared(80, 24, roomy(), None, |console| {
            let mut settings = settings("us-west-2", None);
            reason.clone_into(&mut settings.room.disconnect_reason);
            console.app = App::new(settings, now, (80, 24));
        })
    }

    /// The console on the built-in world, with other settings for live rooms.
    pub(crate) fn watching(configure: impl FnOnce(&mut live::Settings)) -> Self {
        Self::configured(|settings| configure(&mut settings.room))
    }

    /// The console on the built-in world, with a configuration of its own.
    pub(crate) fn configured(change: impl FnOnce(&mut Settings)) -> Self {
        let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        Self::prepared(80, 24, roomy(), None, |console| {
            let mut settings = settings("us-west-2", None);
            change(&mut settings);
            console.app = App::new(settings, now, (80, 24));
        })
    }

    /// The console on the built-in world, with these rules and protected users in its configuration.
    pub(crate) fn ruled(rules: &str, protected: &[&str]) -> Self {
        let text = format!("[chat]\nprotected = {protected:?}\n{rules}");
        let config = Config::parse(&text).unwrap();
        Self::watching(|room| {
            room.rules = Arc::new(Rules::compile(&config.rule).unwrap());
            room.brake = Brake(config.chat.rule_deletions_per_minute);
            room.protected = Arc::new(Protected::parse(&config.chat.protected).unwrap());
        })
    }

    /// Another client joins a room, for three hours.
    pub(crate) fn joins(&mut self, user: &str, room: &str) -> ConnectionId {
        let ask = CreateChatToken {
            room_identifier: self.room(room),
            user_id: user.to_owned(),
            capabilities: vec![Capability::SendMessage],
            session_duration_in_minutes: Some(180),
            attributes: BTreeMap::new(),
        };
        let token = self.holds(&ask)["token"].as_str().unwrap().to_owned();
        self.world.connect(self.now, &token).unwrap()
    }

    /// That client says this.
    pub(crate) fn says(&mut self, client: ConnectionId, content: &str) {
        let request = serde_json::json!({ "Action": "SEND_MESSAGE", "Content": content });
        self.world.receive(self.now, client, &request.to_string());
        self.deliver();
    }

    /// The number of the connection to this room that was begun last.
    pub(crate) fn link(&self, room: &ivschat::api::Arn) -> LinkId {
        self.links.keys().rfind(|id| id.room == *room).expect("the room is connected").clone()
    }

    /// Whether a connection to this room is open.
    pub(crate) fn is_connected(&mut self, room: &str) -> bool {
        let room = self.room(room);
        self.links.keys().any(|link| link.room == room)
    }

    /// Connections that are open now.
    pub(crate) fn open_links(&self) -> usize {
        self.links.len()
    }

    /// Presses these keys one after the other, as a person would.
    pub(crate) fn keys(mut self, keys: &str) -> Self {
        for key in Key::sequence(keys).unwrap() {
            self.advance(self.now + PRESS);
            self.send(Msg::Key(key));
        }
        self
    }

    /// Pastes a text.
    pub(crate) fn paste(mut self, text: &str) -> Self {
        self.send(Msg::Paste(text.to_owned()));
        self
    }

    /// Hands the console any message.
    pub(crate) fn happens(mut self, msg: Msg) -> Self {
        self.send(msg);
        self
    }

    /// The terminal has another size.
    pub(crate) fn resize(mut self, width: u16, height: u16) -> Self {
        self.size = (width, height);
        self.send(Msg::Resize(width, height));
        self
    }

    /// Lets time pass.
    pub(crate) fn wait(mut self, milliseconds: i64) -> Self {
        self.advance(self.now + SignedDuration::from_millis(milliseconds));
        self
    }

    /// From now on this operation fails.
    pub(crate) fn fails(mut self, operation: &'static str, kind: ErrorKind) -> Self {
        self.break_operation(operation, kind);
        self
    }

    /// From now on this operation fails (for use before the first asks).
    pub(crate) fn break_operation(&mut self, operation: &'static str, kind: ErrorKind) {
        self.faults.insert(operation, kind);
    }

    /// From now on the policy does not allow this operation.
    pub(crate) fn denies(mut self, operation: &str) -> Self {
        self.world.deny(operation);
        self
    }

    /// Where the terminal's own cursor is.
    pub(crate) fn cursor(&self) -> Position {
        let mut terminal = Terminal::new(TestBackend::new(self.size.0, self.size.1)).unwrap();
        terminal.draw(|frame| self.app.view(frame)).unwrap();
        terminal.get_cursor_position().unwrap()
    }

    /// The row that the terminal's own cursor is on, if it is shown.
    pub(crate) fn row_of_cursor(&self) -> Option<String> {
        let mut terminal = Terminal::new(TestBackend::new(self.size.0, self.size.1)).unwrap();
        terminal.draw(|frame| self.app.view(frame)).unwrap();
        let backend = terminal.backend();
        let row = usize::from(backend.cursor_position().y);
        backend.cursor_visible().then(|| rows(backend.buffer())[row].trim_end().to_owned())
    }

    /// From now on this operation works again; what hung is answered.
    pub(crate) fn works(mut self, operation: &'static str) -> Self {
        self.faults.remove(operation);
        self.releases(operation)
    }

    /// What hung is answered, be it with a failure.
    pub(crate) fn releases(mut self, operation: &'static str) -> Self {
        self.hanging.remove(operation);
        for (generation, ask) in std::mem::take(&mut self.held) {
            let msg = self.answer(ask);
            self.send(Msg::Of(generation, Box::new(msg)));
        }
        self
    }

    /// From now on this operation is carried out at once, and its answers are on their way until they arrive.
    pub(crate) fn delays(mut self, operation: &'static str) -> Self {
        self.delaying.insert(operation);
        self
    }

    /// What is on its way arrives, in the order in which it was asked for, and nothing is late any more.
    pub(crate) fn arrives(mut self) -> Self {
        self.delaying.clear();
        for msg in std::mem::take(&mut self.late) {
            self.send(msg);
        }
        self
    }

    /// The next calls of this operation are answered with these, whatever the service holds.
    pub(crate) fn answers(mut self, operation: &'static str, answers: &[serde_json::Value]) -> Self {
        self.scripted.entry(operation).or_default().extend(answers.iter().cloned());
        self
    }

    /// From now on this operation gets no answer.
    pub(crate) fn hangs(mut self, operation: &'static str) -> Self {
        self.hanging.insert(operation);
        self
    }

    /// All connections break, and no new one can be made.
    pub(crate) fn goes_offline(mut self) -> Self {
        self.network = Network::Down;
        for (id, connection) in std::mem::take(&mut self.links) {
            self.world.leave(connection);
            self.send(Msg::Ended(id, Ended::Broken("connection reset".to_owned())));
        }
        self
    }

    /// Connections can be made again.
    pub(crate) fn comes_online(mut self) -> Self {
        self.network = Network::Up;
        self
    }

    /// From now on what is said over connections gets lost on its way.
    pub(crate) fn swallows_what_is_said(mut self) -> Self {
        self.network = Network::Swallows;
        self
    }

    /// What is said over connections reaches the service again.
    pub(crate) fn delivers_what_is_said(mut self) -> Self {
        self.network = Network::Up;
        self
    }

    /// What was said last reaches the service now, which was thought lost.
    pub(crate) fn returns_what_was_said(self) -> Self {
        let last = self.said.last().expect("something was said").clone();
        self.returns(&last)
    }

    /// What the console said before reaches the service now.
    pub(crate) fn returns(mut self, said: &serde_json::Value) -> Self {
        let connection = *self.links.values().next_back().expect("a connection is open");
        self.world.receive(self.now, connection, &said.to_string());
        self.deliver();
        self
    }

    /// The service refuses what was said last, in these words.
    pub(crate) fn refuses_what_was_said(mut self, code: u16, message: &str) -> Self {
        let request_id = self.said.last().expect("something was said")["RequestId"].as_str().map(ToOwned::to_owned);
        let id = self.links.keys().next_back().expect("a connection is open").clone();
        let refused = Refused { id: "IG5mcmlvdGlv".to_owned(), request_id, code, message: message.to_owned() };
        self.send(Msg::Link(id, Report::Frames(vec![Frame::Error(refused)])));
        self
    }

    /// Another client says this in a room, under a name that is four times its id.
    pub(crate) fn says_as(&mut self, user: &str, room: &str, request: &serde_json::Value) {
        self.says_with(user, room, &[("displayName", &user.repeat(4))], request);
    }

    /// Another client says this in a room, with these attributes in its token.
    pub(crate) fn says_with(
        &mut self,
        user: &str,
        room: &str,
        attributes: &[(&str, &str)],
        request: &serde_json::Value,
    ) {
        let ask = CreateChatToken {
            room_identifier: self.room(room),
            user_id: user.to_owned(),
            capabilities: vec![Capability::SendMessage],
            session_duration_in_minutes: None,
            attributes: attributes.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
        };
        let token = self.holds(&ask)["token"].as_str().unwrap().to_owned();
        let connection = self.world.connect(self.now, &token).unwrap();
        self.world.receive(self.now, connection, &request.to_string());
        self.deliver();
    }

    /// These texts come over the connection to this room, whatever the service would say of them.
    pub(crate) fn hears(mut self, room: &str, frames: &[String]) -> Self {
        let arn = self.room(room);
        let frames = frames.iter().map(|frame| Frame::parse(frame)).collect();
        let link = self.link(&arn);
        self.happens(Msg::Link(link, Report::Frames(frames)))
    }

    /// The frames that the console has sent over its connections.
    pub(crate) fn said(&self) -> &[serde_json::Value] {
        &self.said
    }

    /// What the service answers to this, asked behind the console's back.
    #[track_caller]
    pub(crate) fn holds<O: ivschat::api::Operation>(&mut self, operation: &O) -> serde_json::Value {
        let answer = self.world.handle(self.now, &operation.request());
        answer.unwrap_or_else(|no| panic!("{no:?}")).body.unwrap_or_default()
    }

    /// Types this text, whatever it is.
    pub(crate) fn types(mut self, text: &str) -> Self {
        for c in text.chars() {
            self.advance(self.now + PRESS);
            self.send(Msg::Key(Key::char(c)));
        }
        self
    }

    /// Asserts that the screen holds this text.
    #[track_caller]
    pub(crate) fn shows(self, text: &str) -> Self {
        let screen = self.screen();
        assert!(screen.contains(text), "{text:?} is not on the screen:\n{screen}");
        self
    }

    /// Asserts that the screen does not hold this text.
    #[track_caller]
    pub(crate) fn hides(self, text: &str) -> Self {
        let screen = self.screen();
        assert!(!screen.contains(text), "{text:?} is on the screen:\n{screen}");
        self
    }

    /// Has the service do something that nobody in this console asked for.
    pub(crate) fn elsewhere<O: ivschat::api::Operation>(mut self, operation: &O) -> Self {
        self.world.handle(self.now, &operation.request()).unwrap();
        self.deliver();
        self
    }

    /// So many users whom nobody has seen write the same in the one room that is live, within two seconds.
    pub(crate) fn raid(self, users: u32, text: &str) -> Self {
        self.raid_with(users, text, &[])
    }

    /// The same, with each user writing it in one of these ways.
    pub(crate) fn raid_with(mut self, users: u32, text: &str, variants: &[Variant]) -> Self {
        let within = BURST;
        let raid = world::Raid { users, text: text.to_owned(), variants: variants.to_vec(), within };
        self.world.raid(self.now, None, &raid).unwrap();
        self.deliver();
        self.advance(self.now + BURST);
        self
    }

    /// One user writes so many messages in the one room that is live, within two seconds.
    pub(crate) fn flood(mut self, user: &str, messages: u32) -> Self {
        let flood = world::Flood { user: user.to_owned(), messages, text: "look at me".to_owned(), within: BURST };
        self.world.flood(self.now, None, &flood).unwrap();
        self.deliver();
        self.advance(self.now + BURST);
        self
    }

    /// Somebody elsewhere deletes the message that was said last in the one room that is live.
    pub(crate) fn moderator_deletes(mut self, reason: &str) -> Self {
        self.world.moderator_deletes(self.now, None, None, Some(reason)).unwrap();
        self.deliver();
        self
    }

    /// Somebody elsewhere disconnects this user from the one room that is live.
    pub(crate) fn moderator_disconnects(mut self, user: &str, reason: &str) -> Self {
        self.world.moderator_disconnects(self.now, None, Some(user), Some(reason)).unwrap();
        self.deliver();
        self
    }

    /// All sessions are over at once, as if their time were up.
    pub(crate) fn sessions_end(mut self) -> Self {
        self.world.end_sessions(self.now);
        self.deliver();
        self
    }

    /// From now on tokens are made for sessions of at most so many seconds.
    pub(crate) fn sessions_last(mut self, seconds: i64) -> Self {
        self.world.limit_sessions(Some(SignedDuration::from_secs(seconds)));
        self
    }

    /// From now on calls are answered, but what they do is told to nobody in the room.
    pub(crate) fn loses_echoes(mut self) -> Self {
        self.world.set_echoes(Echoes::Lost);
        self
    }

    /// The room is told again of what calls do.
    pub(crate) fn publishes_echoes(mut self) -> Self {
        self.world.set_echoes(Echoes::Published);
        self
    }

    /// The id of the selected message: what a deletion of it would name, without sending one.
    #[track_caller]
    pub(crate) fn selected_message(&self) -> String {
        self.app.selected_message().expect("a message is selected").to_owned()
    }

    /// The room and the id of the message that stands out on the screen.
    pub(crate) fn highlighted(&self) -> Option<(String, String)> {
        self.app.highlighted().map(|(arn, id)| (arn.to_string(), id.to_owned()))
    }

    /// The id of the selected message, if one is selected.
    pub(crate) fn selected(&self) -> Option<String> {
        self.app.selected_message().map(ToOwned::to_owned)
    }

    /// Where keys mean what they mean now.
    pub(crate) fn context(&self) -> Context {
        self.app.context()
    }

    /// The user id of who wrote the selected message, and the name and short id on the screen.
    #[track_caller]
    pub(crate) fn selected_author(&self) -> (String, String) {
        self.app.selected_author().expect("a message is selected")
    }

    /// The ARN of the room with this name.
    pub(crate) fn room(&mut self, name: &str) -> ivschat::api::Arn {
        let answer = self.holds(&ivschat::api::ops::ListRooms { name: Some(name.to_owned()), ..Default::default() });
        serde_json::from_value(answer["rooms"][0]["arn"].clone()).unwrap()
    }

    /// The ARN of the first resource of Amazon IVS that is of this kind.
    pub(crate) fn ivs_arn(&self, kind: &str) -> ivschat::api::Arn {
        let found = self.world.ivs_arns().find(|arn| arn.contains(&format!(":{kind}/")));
        found.expect("the built-in account has one").parse().unwrap()
    }

    /// Asserts that the console has ended, or has not.
    #[track_caller]
    pub(crate) fn has_ended(self, ended: bool) -> Self {
        assert_eq!(self.ended, ended, "{}", self.screen());
        self
    }

    /// Whether the console asked to be suspended.
    pub(crate) fn has_suspended(&self) -> bool {
        self.suspended
    }

    /// Whether anything was handed to the editor.
    pub(crate) fn has_draft(&self) -> bool {
        !self.drafts.is_empty()
    }

    /// The text that was handed to the editor last.
    #[track_caller]
    pub(crate) fn draft(&self) -> &Draft {
        self.drafts.last().expect("something is edited")
    }

    /// The text that was copied last.
    #[track_caller]
    pub(crate) fn copied(&self) -> &str {
        self.clipboard.last().expect("something was copied")
    }

    /// The bodies of all calls of an operation so far.
    pub(crate) fn calls(&self, operation: &str) -> Vec<serde_json::Value> {
        let calls = self.calls.iter().filter(|call| call.spec.name == operation);
        calls.map(|call| call.request.body.clone().unwrap_or_default()).collect()
    }

    /// All that a log of messages, jobs and the console's whole state would hold.
    pub(crate) fn traces(&self) -> String {
        format!("{}{:?}", self.traces, self.app)
    }

    /// The screen as text, one line a row.
    pub(crate) fn screen(&self) -> String {
        let buffer = self.buffer();
        rows(&buffer).iter().map(|row| row.trim_end().to_owned() + "\n").collect()
    }

    /// The row of the screen that holds this text.
    #[track_caller]
    pub(crate) fn row_of(&self, text: &str) -> usize {
        let screen = self.screen();
        let found = screen.lines().position(|row| row.contains(text));
        found.unwrap_or_else(|| panic!("{text:?} is not on the screen:\n{screen}"))
    }

    /// The rows drawn in reverse: where the cursor of the focused pane is.
    pub(crate) fn reversed_row(&self) -> Option<String> {
        let buffer = self.buffer();
        let middle = |y: u16| {
            let cells = (0..buffer.area.width)
                .filter(|x| buffer[(*x, y)].modifier.contains(ratatui::style::Modifier::REVERSED));
            cells.count()
        };
        // The tab that is shown is in reverse too, on the frame's line; a row is longer.
        let row = (0..buffer.area.height).find(|y| middle(*y) > 12)?;
        rows(&buffer).get(usize::from(row)).map(|row| row.trim_end().to_owned())
    }

    /// The screen as text, with a hash of all styles below it: a change of looks changes it, too.
    pub(crate) fn snapshot(&self) -> String {
        let buffer = self.buffer();
        let mut styles = String::new();
        for cell in &buffer.content {
            let _ = write!(styles, "{:?}{:?}{:?};", cell.fg, cell.bg, cell.modifier);
        }
        let hash = styles
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        format!("{}styles {hash:016x}\n", self.screen())
    }

    /// The screen, cell by cell.
    pub(crate) fn buffer(&self) -> Buffer {
        let mut terminal = Terminal::new(TestBackend::new(self.size.0, self.size.1)).unwrap();
        terminal.draw(|frame| self.app.view(frame)).unwrap();
        let buffer = terminal.backend().buffer().clone();
        for cell in &buffer.content {
            assert!(ivschat::app::text::is_safe(cell.symbol()), "{:?} would reach the terminal", cell.symbol());
        }
        buffer
    }

    fn send(&mut self, msg: Msg) {
        let _ = write!(self.traces, "{msg:?}");
        let jobs = self.app.update(self.now, msg);
        let _ = write!(self.traces, "{jobs:?}");
        self.carry_out(jobs);
        self.tell();
    }

    /// The console without a screen on the built-in world, after its first answers.
    pub(crate) fn plain() -> Self {
        Self::demo().without_a_screen()
    }

    /// The same, with a configuration or a world of its own.
    pub(crate) fn without_a_screen(mut self) -> Self {
        let mut session = Session::new();
        session.greet(&self.app);
        self.plain = Some((session, Vec::new()));
        self.tell();
        self
    }

    /// A line is typed. What the session waits for before it takes one is here by then.
    #[track_caller]
    pub(crate) fn types_line(mut self, line: &str) -> Self {
        let now = self.now;
        let (session, _) = self.plain.as_mut().expect("there is no screen");
        assert!(session.is_ready(&self.app) || Session::may_interrupt(line), "{line:?} would wait");
        let turn = session.take(&mut self.app, now, line);
        self.carry_out(turn.jobs);
        self.tell();
        let rest = turn.rest.map_or(0, |rest| i64::try_from(rest.as_millis()).unwrap());
        self.wait(rest)
    }

    /// Whether a line would wait.
    pub(crate) fn would_wait(&self) -> bool {
        !self.plain.as_ref().expect("there is no screen").0.is_ready(&self.app)
    }

    /// How many lines could not be followed.
    pub(crate) fn went_wrong(&self) -> usize {
        self.plain.as_ref().expect("there is no screen").0.wrong()
    }

    /// All that was told, line by line, and what was told before is forgotten.
    pub(crate) fn told(&mut self) -> Vec<String> {
        let lines = std::mem::take(&mut self.plain.as_mut().expect("there is no screen").1);
        for line in &lines {
            assert!(!line.contains(char::is_control), "{line:?} would reach the terminal");
            assert!(ivschat::app::text::is_safe(line), "{line:?} would reach the terminal");
        }
        lines
    }

    /// Says what is new, as the loop does after each thing that happened.
    fn tell(&mut self) {
        let Some((session, lines)) = self.plain.as_mut() else { return };
        let told = session.tell(&mut self.app, self.now);
        lines.extend(told.lines);
        self.carry_out(told.jobs);
    }

    fn carry_out(&mut self, jobs: Vec<Job>) {
        for job in jobs {
            match job {
                Job::Call(ask) if self.hanging.contains(ask.call.spec.name) => self.held.push((self.generation, *ask)),
                Job::Call(ask) if self.delaying.contains(ask.call.spec.name) => {
                    let msg = self.answer(*ask);
                    self.late.push(Msg::Of(self.generation, Box::new(msg)));
                }
                Job::Identity(ask) => self.identity(&ask),
                Job::Call(ask) => {
                    let msg = self.answer(*ask);
                    self.send(msg);
                }
                Job::After(delay, timer) => {
                    self.timers.push((self.now + SignedDuration::try_from(delay).unwrap(), self.generation, timer));
                }
                Job::Connect(id, token) => self.connect(id, token.expose_secret()),
                Job::Publish(saying) => self.publish(*saying),
                Job::Conclude(..) => {}
                Job::Disconnect(id) => {
                    if let Some(connection) = self.links.remove(&id) {
                        self.world.leave(connection);
                        self.send(Msg::Ended(id, Ended::ByUs));
                    }
                }
                Job::ReadBook => {
                    let found = Found { place: None, entries: self.kept.clone(), unreadable: 0 };
                    self.send(Msg::Book(Ok(found)));
                }
                Job::KeepInBook(entry) => self.keep(entry),
                Job::ReadJournal => self.send(Msg::Journal(Ok(Kept::default()))),
                Job::Copy(Copied { what, text }) => {
                    self.clipboard.push(text);
                    self.send(Msg::Copied(what, Ok("sent to the terminal's clipboard")));
                }
                Job::Edit(draft) => self.drafts.push(draft),
                Job::CopyToken(token) => {
                    self.clipboard.push(token.expose_secret().to_owned());
                    self.send(Msg::Copied("the token".to_owned(), Ok("sent to the terminal's clipboard")));
                }
                Job::TestRules(ticket, path, rules, protected) => {
                    let found = self.files.get(&path).ok_or_else(|| format!("{path}: No such file or directory"));
                    let found = found.map(|(text, _)| {
                        let mut trial = Trial::new(&rules, &protected);
                        text.lines().for_each(|line| trial.line(line));
                        Box::new(trial.finish())
                    });
                    self.send(Msg::RulesTested(ticket, found));
                }
                Job::ReadFile(ticket, path) => {
                    let missing = || FileTrouble::Other(format!("{path}: there is no such file or folder"));
                    let text = self.files.get(&path).map(|(text, _)| text.clone()).ok_or_else(missing);
                    self.send(Msg::FileRead(ticket, text));
                }
                Job::WriteFile(ticket, file) => self.write_file(ticket, file),
                Job::Tape(room, taping) => self.tape(room, taping),
                Job::Quit => self.ended = true,
                Job::Suspend => self.suspended = true,
            }
        }
        self.deliver();
    }

    /// Does what is asked about the identity. Somebody else's connections end late, and say so.
    fn identity(&mut self, ask: &identity::Ask) {
        let before = self.generation;
        match ask {
            identity::Ask::Become(generation, _) => {
                self.generation = *generation;
                self.read_only = ReadOnly::new(true);
                for (link, connection) in std::mem::take(&mut self.links) {
                    self.world.leave(connection);
                    self.ended_before.push(Msg::Of(before, Box::new(Msg::Ended(link, Ended::ByUs))));
                }
            }
            identity::Ask::ReadOnly(on) => self.read_only.set(*on),
            _ => {}
        }
        let (told, world) = self.persona.answer(ask);
        if let Some(world) = world {
            let old = std::mem::replace(&mut self.world, world);
            self.worlds.push(old);
        }
        for (generation, told) in told {
            self.send(Msg::Identity(generation, told));
        }
        for msg in std::mem::take(&mut self.ended_before) {
            self.send(msg);
        }
    }

    /// Somebody has confirmed the code in the browser.
    pub(crate) fn signs_in(mut self) -> Self {
        self.persona.without.clear();
        self.send(Msg::Identity(self.generation, Told::SignedIn(Ok(()))));
        self
    }

    /// The generation of who the console is.
    pub(crate) fn generation(&self) -> Generation {
        self.generation
    }

    /// A console that becomes whom this tells of, and asks for `profile`.
    pub(crate) fn being(persona: Persona, profile: Option<&str>, change: impl FnOnce(&mut Settings)) -> Self {
        Self::being_at(80, 24, persona, profile, change)
    }

    /// The same at another size.
    pub(crate) fn being_at(
        width: u16,
        height: u16,
        persona: Persona,
        profile: Option<&str>,
        change: impl FnOnce(&mut Settings),
    ) -> Self {
        let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        Self::prepared(width, height, roomy(), None, |console| {
            let mut settings = settings("us-west-2", None);
            settings.who.profile = profile.map(ToOwned::to_owned);
            settings.region.clear();
            change(&mut settings);
            console.persona = persona;
            console.app = App::new(settings, now, (width, height));
        })
    }

    fn keep(&mut self, entry: Box<Entry>) {
        let kept = self.disk.clone().map_or(Ok(()), Err);
        if kept.is_ok() {
            self.kept.push((*entry).clone());
        }
        self.send(Msg::BookKept(entry, kept));
    }

    fn write_file(&mut self, ticket: Ticket, ToWrite { path, text, mode, overwrite, .. }: ToWrite) {
        let written = if self.files.contains_key(&path) && !overwrite {
            Err(FileTrouble::Exists)
        } else if path.starts_with("/none/") {
            Err(FileTrouble::Other(format!("{path}: there is no such file or folder")))
        } else {
            self.files.insert(path.clone(), (text.expose_secret().to_owned(), mode));
            Ok(path)
        };
        self.send(Msg::FileWritten(ticket, written));
    }

    fn tape(&mut self, room: Arn, taping: Taping) {
        let taped = match taping {
            Taping::Begin { path, header } => {
                let text = self.files.get(&path).map_or("", |(text, _)| text);
                if text.lines().next().is_some_and(|first| !recording::is_header(first)) {
                    Taped::Ended(Err(format!("{path}: is there, and no recording: give another name")))
                } else {
                    let (appended, text) = (!text.is_empty(), format!("{text}{header}\n"));
                    self.files.insert(path.clone(), (text, 0o600));
                    self.tapes.insert(room.clone(), path.clone());
                    Taped::Began { path, appended }
                }
            }
            Taping::Line(line) => {
                let file = self.tapes.get(&room).and_then(|path| self.files.get_mut(path));
                return file.expect("a recording has begun").0.push_str(&(line + "\n"));
            }
            Taping::End => {
                self.tapes.remove(&room);
                Taped::Ended(Ok(()))
            }
        };
        self.send(Msg::Taped(room, taped));
    }

    fn answer(&mut self, ask: Ask) -> Msg {
        let operation = ask.call.spec.name;
        if let Some(stand_in) = &self.stand_in {
            let answer = stand_in.answer(&ask.call);
            return ask.reply(answer);
        }
        let error = |kind| Error { operation, request_id: Some("test-request".to_owned()), attempts: 1, kind };
        if self.read_only.refuses(&ask.call) {
            return ask.reply(Err(error(ErrorKind::ReadOnly)));
        }
        if let Some(trouble) = self.persona.without.get(self.persona.profile()) {
            return ask.reply(Err(error(ErrorKind::Unsigned(trouble.to_string()))));
        }
        self.calls.push(ask.call.clone());
        if let Some(kind) = self.faults.get(operation) {
            return ask.reply(Err(error(kind.clone())));
        }
        if let Some(body) = self.scripted.get_mut(operation).and_then(VecDeque::pop_front) {
            let (request_id, body) = (None, body.to_string().into_bytes());
            return ask.reply(Ok(Answer { status: 200, request_id, attempts: 1, body }));
        }
        let answer = match self.world.handle(self.now, &ask.call.request) {
            Ok(answer) => {
                let token = answer.body.as_ref().and_then(|body| body["token"].as_str());
                self.tokens.extend(token.map(ToOwned::to_owned));
                Ok(Answer {
                    status: answer.status,
                    request_id: Some("test-request".to_owned()),
                    attempts: 1,
                    body: answer.body.map(|body| body.to_string().into_bytes()).unwrap_or_default(),
                })
            }
            Err(no) => {
                let refusal = Refusal::read(no.status, Some(&no.error_type), no.body.to_string().as_bytes());
                Err(error(ErrorKind::Refused(refusal)))
            }
        };
        ask.reply(answer)
    }

    fn connect(&mut self, id: LinkId, token: &str) {
        if self.network == Network::Down {
            return self.send(Msg::Ended(id, Ended::Unreachable("connection refused".to_owned())));
        }
        match self.world.connect(self.now, token) {
            Ok(connection) => {
                self.links.insert(id.clone(), connection);
                self.send(Msg::Link(id, Report::Opened));
            }
            Err(no) => {
                self.send(Msg::Ended(id, Ended::Refused { status: no.status, body: no.body.to_string() }));
            }
        }
    }

    fn publish(&mut self, Saying { link, publish, .. }: Saying) {
        if self.read_only.is_on() {
            let refused = Err("the console is read-only".to_owned());
            return self.send(Msg::Published(link, publish.request_id().into(), refused));
        }
        let text = publish.to_text();
        let connection = self.links.get(&link).copied();
        self.said.push(serde_json::from_str(&text).unwrap());
        if let Some(connection) = connection.filter(|_| self.network != Network::Swallows) {
            self.world.receive(self.now, connection, &text);
        }
        let taken = connection.map(|_| ()).ok_or_else(|| "the connection is gone".to_owned());
        self.send(Msg::Published(link, publish.request_id().into(), taken));
    }

    fn deliver(&mut self) {
        for delivery in self.world.deliveries() {
            let (Delivery::Frame { to, .. } | Delivery::Close { to, .. }) = &delivery;
            let Some(id) = self.links.iter().find(|(_, at)| *at == to).map(|(id, _)| id.clone()) else { continue };
            match delivery {
                Delivery::Frame { text, .. } => {
                    let frames = Report::Frames(vec![Frame::parse(&text)]);
                    self.send(Msg::Of(self.generation, Box::new(Msg::Link(id, frames))));
                }
                Delivery::Close { code, reason, .. } => {
                    self.links.remove(&id);
                    self.send(Msg::Ended(id, Ended::ByServer { code, reason }));
                }
            }
        }
    }

    /// Lets everything happen in order that is due until `until`.
    fn advance(&mut self, until: Timestamp) {
        loop {
            let timer = self.timers.iter().map(|(at, ..)| *at).min();
            let next = timer.into_iter().chain(self.world.next_change()).min().filter(|next| *next <= until);
            let Some(next) = next else { break };
            self.now = self.now.max(next);
            self.world.advance(self.now);
            self.deliver();
            let now = self.now;
            let (due, later) = std::mem::take(&mut self.timers).into_iter().partition(|(at, ..)| *at <= now);
            self.timers = later;
            let due: Vec<(Timestamp, Generation, Timer)> = due;
            for (_, generation, timer) in due {
                let outlives = timer.outlives_identity();
                let msg = Msg::Due(timer);
                self.send(if outlives { msg } else { Msg::Of(generation, Box::new(msg)) });
            }
        }
        self.now = until;
    }
}

/// What the console of all tests is started with.
pub(crate) fn settings(region: &str, open: Option<&str>) -> Settings {
    Settings {
        region: region.to_owned(),
        look: Look::terminal(),
        open: open.map(ToOwned::to_owned),
        room: live::Settings {
            user_id: "ivschat-test".to_owned(),
            reason: "Removed by a moderator".to_owned(),
            disconnect_reason: String::new(),
            scrollback: 1000,
            ..live::Settings::default()
        },
        token_presets: vec![Preset {
            name: "host".to_owned(),
            capabilities: vec![Capability::SendMessage],
            session_minutes: Some(180),
            attributes: [("badge".to_owned(), "host".to_owned())].into(),
        }],
        token_folder: "/run/user/1000".to_owned(),
        seed: 1,
        ..Settings::default()
    }
}

/// The built-in world with a wider quota: the client paces calls, and nothing does here. Trouble comes only when a test
/// asks for it.
pub(crate) fn roomy() -> Setup {
    Setup { quotas: Quotas::Times(100.0), troubles: Troubles::OnDemand, ..Setup::default() }
}

fn rows(buffer: &Buffer) -> Vec<String> {
    let width = usize::from(buffer.area.width);
    buffer
        .content
        .chunks(width)
        .map(|cells| {
            let mut row = String::new();
            let mut skip = 0;
            for cell in cells {
                // The cell behind a wide character belongs to it.
                if skip == 0 {
                    row.push_str(cell.symbol());
                    skip = ivschat::app::text::width(cell.symbol()).max(1);
                }
                skip -= 1;
            }
            row
        })
        .collect()
}
