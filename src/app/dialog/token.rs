//! The form for a chat token: who, what they may do, for how long; with presets, a preview, and the request as a file.

use std::collections::BTreeMap;

use ratatui::Frame;
use ratatui::layout::Position;
use secrecy::SecretString;

use crate::api::awscli::{self, Place};
use crate::api::error::Problem;
use crate::api::limit;
use crate::api::model::Capability;
use crate::api::ops::CreateChatToken;
use crate::api::{Arn, Operation};
use crate::app::change::{Change, Done, Failed, News, Topic};
use crate::app::deed::Deed;
use crate::app::file::{FileTrouble, PLAIN, ToWrite};
use crate::app::key::Key;
use crate::app::keys::{Command, Context};
use crate::app::look::Look;
use crate::app::outbox::Copied;
use crate::app::screen::inside;
use crate::app::text::clean;
use crate::app::widget::form::{Choice, Entry, Field, Form, Item, Measure, Number, Pairs, Several, Text};
use crate::app::widget::page::{Page, Scroll, TOLD};

use super::form::{FormDialog, Plan, Purpose};
use super::heard::{self, Heard};
use super::path::{PathPrompt, Step};
use super::token_file::{self, CAPABILITIES, Loaded};
use super::{Next, Sheet, Wish, area};

/// Not a member: what fills the fields below it.
const PRESET: &str = "preset";
const USER: &str = "userId";
const MAY: &str = "capabilities";
const SESSION: &str = "sessionDurationInMinutes";
const ATTRIBUTES: &str = "attributes";

/// The preset of what was typed by hand. No preset of the configuration may be called so.
const TYPED: &str = "custom";

/// Minutes that a session lasts if the request does not say.
const USUAL_MINUTES: u32 = 60;

/// A kind of user that tokens are often issued for: all but the user id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preset {
    /// What it is called.
    pub name: String,
    /// What the user may do besides reading.
    pub capabilities: Vec<Capability>,
    /// How long the session lasts; as the service has it if not given.
    pub session_minutes: Option<u32>,
    /// What is sent along with each message.
    pub attributes: BTreeMap<String, String>,
}

/// The presets that are always there, and the reader's own; one of the reader's takes the place of its namesake.
fn presets(own: &[Preset]) -> Vec<Preset> {
    let preset = |name: &str, capabilities: &[Capability]| Preset {
        name: name.to_owned(),
        capabilities: capabilities.to_vec(),
        ..Preset::default()
    };
    let mut all =
        vec![preset("viewer", &[]), preset("chatter", &[Capability::SendMessage]), preset("moderator", &CAPABILITIES)];
    for preset in own {
        match all.iter_mut().find(|other| other.name == preset.name) {
            Some(namesake) => *namesake = preset.clone(),
            None => all.push(preset.clone()),
        }
    }
    all
}

/// The form for a chat token.
#[derive(Debug)]
pub struct TokenForm {
    form: FormDialog,
    room: Arn,
    place: Place,
    presets: Vec<Preset>,
    /// The preset that the fields were filled from last.
    chosen: String,
    /// What was typed by hand: trying presets does not lose it.
    typed: Preset,
    over: Over,
}

/// What is over the form.
#[derive(Debug)]
enum Over {
    Nothing,
    Preview(Scroll),
    Load(PathPrompt),
    Save(PathPrompt),
}

impl TokenForm {
    /// The form for a token for the room that is called `name`.
    pub fn new(room: Arn, name: &str, own: &[Preset], place: Place) -> Self {
        let presets = presets(own);
        let purpose = Issue { room: room.clone(), name: name.to_owned() };
        let form = FormDialog::new(purpose, Form::new(fields(&presets)));
        let chosen = presets.first().map(|preset| preset.name.clone()).unwrap_or_default();
        Self { form, room, place, presets, chosen, typed: Preset::default(), over: Over::Nothing }
    }

    pub(super) fn context(&self) -> Context {
        match &self.over {
            Over::Nothing if self.form.is_filling() => Context::Token,
            Over::Nothing => self.form.context(),
            Over::Preview(_) => Context::Preview,
            Over::Load(prompt) | Over::Save(prompt) => prompt.context(),
        }
    }

    pub(super) fn press(&mut self, key: Key, command: Option<Command>, size: (u16, u16)) -> Next {
        match &mut self.over {
            Over::Nothing => return self.press_in_form(key, command, size),
            Over::Preview(scroll) => match command {
                Some(Command::Move(motion)) => {
                    let mut moved = *scroll;
                    let (width, height) = preview_size(size);
                    moved.go(motion, self.preview(width, Look::plain()).len(), height);
                    self.over = Over::Preview(moved);
                }
                Some(Command::Copy) => {
                    return Next::Ask(Wish::Copy(Copied { what: "request as JSON".to_owned(), text: self.json() }));
                }
                Some(Command::CopyCommand) => {
                    return Next::Ask(Wish::Copy(Copied { what: "aws command".to_owned(), text: self.aws() }));
                }
                Some(Command::Preview | Command::Cancel) => self.over = Over::Nothing,
                Some(_) | None => {}
            },
            Over::Load(prompt) => match prompt.press(key, command) {
                Step::Stay => {}
                Step::Close => self.over = Over::Nothing,
                Step::Go { path, .. } => return Next::Ask(Wish::Read(path)),
            },
            Over::Save(prompt) => match prompt.press(key, command) {
                Step::Stay => {}
                Step::Close => self.over = Over::Nothing,
                Step::Go { path, overwrite } => {
                    let text = SecretString::from(self.file());
                    return Next::Ask(Wish::Write(ToWrite { path, text, mode: PLAIN, make_folder: false, overwrite }));
                }
            },
        }
        Next::Stay
    }

    fn press_in_form(&mut self, key: Key, command: Option<Command>, size: (u16, u16)) -> Next {
        match command.filter(|_| self.form.is_filling()) {
            Some(Command::Preview) => self.over = Over::Preview(Scroll::default()),
            Some(Command::LoadFile) => {
                let help = "The JSON of a request, as --cli-input-json takes it. It takes the place of what is in the \
                            form. ~ is your home.";
                self.over = Over::Load(PathPrompt::new(help, ""));
            }
            Some(Command::SaveFile) => {
                let help = if self.is_empty() {
                    "The form is empty: a skeleton is saved, as --generate-cli-skeleton prints it. ~ is your home."
                } else {
                    "The request is saved as JSON, as --cli-input-json takes it; the token is not in it. ~ is your home."
                };
                self.over = Over::Save(PathPrompt::new(help, ""));
            }
            _ => {
                let next = self.form.press(key, command, size);
                self.follow_preset();
                return next;
            }
        }
        Next::Stay
    }

    pub(super) fn paste(&mut self, text: &str) {
        match &mut self.over {
            Over::Nothing => {
                self.form.paste(text);
                self.follow_preset();
            }
            Over::Load(prompt) | Over::Save(prompt) => prompt.paste(text),
            Over::Preview(_) => {}
        }
    }

    pub(super) fn answered(&mut self, failed: Option<&Failed>) -> Next {
        // What the service says is said in the form.
        self.over = Over::Nothing;
        self.form.answered(failed)
    }

    /// The file was read, or was not.
    pub(super) fn file_read(&mut self, text: Result<String, FileTrouble>) {
        let Over::Load(prompt) = &mut self.over else { return };
        match text {
            Err(trouble) => prompt.failed(trouble),
            Ok(text) => match token_file::read(&text) {
                Err(problems) => prompt.refuse(problems),
                Ok(loaded) => {
                    let path = prompt.path();
                    self.over = Over::Nothing;
                    self.take(loaded, &path);
                }
            },
        }
    }

    /// The file was written, or was not.
    pub(super) fn file_written(&mut self, written: Result<String, FileTrouble>) -> Option<String> {
        let Over::Save(prompt) = &mut self.over else { return None };
        match written {
            Err(trouble) => {
                prompt.failed(trouble);
                None
            }
            Ok(path) => {
                self.over = Over::Nothing;
                Some(format!("saved the request as {path}"))
            }
        }
    }

    fn take(&mut self, loaded: Loaded, path: &str) {
        let other = loaded.room.filter(|room| room != self.room.as_str());
        let values = Preset {
            name: TYPED.to_owned(),
            capabilities: loaded.capabilities,
            session_minutes: loaded.session_minutes,
            attributes: loaded.attributes,
        };
        self.form.fill(|form| {
            if let Entry::Text(text) = form.entry_mut(USER) {
                text.set(&loaded.user_id);
            }
            fill(form, &values);
        });
        self.typed = values;
        self.choose(TYPED);
        let note = match other {
            Some(other) => {
                format!("{path} is loaded, but not its room: it names {other}, and this token is for {}", self.room)
            }
            None => format!("{path} is loaded."),
        };
        self.form.note(note);
    }

    fn choose(&mut self, name: &str) {
        name.clone_into(&mut self.chosen);
        self.form.fill(|form| {
            if let Entry::Choice(choice) = form.entry_mut(PRESET) {
                choice.choose(name);
            }
        });
    }

    /// A preset that was chosen fills the fields; fields that were changed by hand are nobody's preset any more.
    fn follow_preset(&mut self) {
        let chosen = self.form.form().choice(PRESET).to_owned();
        if chosen != self.chosen {
            let preset = self.presets.iter().find(|preset| preset.name == chosen).unwrap_or(&self.typed);
            self.form.fill(|form| fill(form, preset));
            self.chosen = chosen;
            return;
        }
        let (request, _) = request(&self.room, self.form.form());
        let now = Preset {
            name: TYPED.to_owned(),
            capabilities: request.capabilities,
            session_minutes: request.session_duration_in_minutes,
            attributes: request.attributes,
        };
        let preset = self.presets.iter().find(|preset| preset.name == self.chosen);
        let is_preset = preset.is_some_and(|preset| Preset { name: TYPED.to_owned(), ..preset.clone() } == now);
        if !is_preset {
            self.typed = now;
            if self.chosen != TYPED {
                self.choose(TYPED);
            }
        }
    }

    /// Whether nothing is asked for that a preset or a person would have put in.
    fn is_empty(&self) -> bool {
        let (request, problems) = request(&self.room, self.form.form());
        let unread = problems.iter().any(|problem| problem.member != USER);
        let CreateChatToken { user_id, capabilities, session_duration_in_minutes, attributes, .. } = request;
        user_id.is_empty()
            && capabilities.is_empty()
            && session_duration_in_minutes.is_none()
            && attributes.is_empty()
            && !unread
    }

    fn json(&self) -> String {
        token_file::write(&request(&self.room, self.form.form()).0)
    }

    fn file(&self) -> String {
        if self.is_empty() { token_file::skeleton() } else { self.json() }
    }

    fn aws(&self) -> String {
        awscli::Command::of(&request(&self.room, self.form.form()).0.call(), &self.place).to_string()
    }

    fn preview(&self, cells: usize, look: Look) -> Vec<ratatui::text::Line<'static>> {
        let (_, problems) = request(&self.room, self.form.form());
        let mut page = Page::new(look, cells);
        for problem in &problems {
            let words = format!("! {} {}", problem.member, problem.message);
            page.styled(clean(&words).as_str(), look.bad());
        }
        page.heading("POST /CreateChatToken");
        for line in self.json().lines() {
            page.text(clean(line).as_str());
        }
        page.heading("The same with the AWS CLI");
        page.text(clean(&self.aws()).as_str());
        page.finish()
    }

    /// What it says without a screen.
    pub(super) fn spoken(&self) -> Heard {
        match &self.over {
            Over::Nothing => {
                let heard = self.form.spoken();
                let asks =
                    if self.form.is_filling() { format!("{}; preview, load, save", heard.asks) } else { heard.asks };
                Heard { asks, ..heard }
            }
            Over::Preview(_) => Heard::new(
                "What will be sent",
                heard::told(&self.preview(TOLD, Look::plain())),
                "copy JSON, copy command, or back",
            ),
            Over::Load(prompt) => prompt.spoken("Load a request"),
            Over::Save(prompt) => prompt.spoken("Save the request"),
        }
    }

    /// Fills the field with this name.
    pub(super) fn say(&mut self, name: &str, value: &str) -> Result<(), String> {
        self.form.say(name, value)?;
        self.follow_preset();
        Ok(())
    }

    pub(super) fn explain(&self, name: &str) -> Result<String, String> {
        self.form.form().explain(name)
    }

    /// Takes a whole line where a path is typed.
    pub(super) fn type_line(&mut self, line: &str) {
        match &mut self.over {
            Over::Load(prompt) | Over::Save(prompt) => prompt.type_line(line),
            Over::Nothing | Over::Preview(_) => {}
        }
    }

    pub(super) fn draw(&self, frame: &mut Frame, size: (u16, u16), look: Look) -> Option<Position> {
        let (cells, height) = preview_size(size);
        let (sheet, title) = match &self.over {
            Over::Nothing => return self.form.draw(frame, size, look),
            Over::Preview(scroll) => {
                let lines = self.preview(cells, look);
                let top = scroll.top(lines.len(), height);
                (Sheet { lines, top, caret: None }, "What will be sent")
            }
            Over::Load(prompt) => (prompt_sheet(prompt, cells, look), "Load a request"),
            Over::Save(prompt) => (prompt_sheet(prompt, cells, look), "Save the request"),
        };
        Some(sheet.draw(frame, size, look, title))
    }
}

/// A prompt as what is drawn.
pub(super) fn prompt_sheet(prompt: &PathPrompt, cells: usize, look: Look) -> Sheet {
    let (lines, caret) = prompt.lines(cells, look);
    Sheet { lines, top: 0, caret: Some(caret) }
}

fn preview_size(size: (u16, u16)) -> (usize, usize) {
    let area = area(size, usize::MAX / 2);
    (usize::from(area.width.saturating_sub(4)), inside(area).1)
}

fn fields(presets: &[Preset]) -> Vec<Field> {
    let first = presets.first().cloned().unwrap_or_default();
    let options = presets.iter().map(|preset| preset.name.as_str()).chain([TYPED]);
    let notes = ["write messages", "delete messages", "disconnect users"];
    let items = CAPABILITIES.iter().zip(notes).map(|(capability, note)| {
        let id = capability.as_str();
        Item::new(id, id, note)
    });
    vec![
        Field::new(
            PRESET,
            "Preset",
            "Fills what is below, but not the user id. What you change by hand is kept under custom. Arrows choose.",
            Choice::new(options.map(|name| (name, name)), &first.name),
        ),
        Field::new(
            USER,
            "User id",
            "Who connects with it: any text, 1 to 128 characters. The room sees it with each message.",
            Text::new(limit::USER_ID, ""),
        ),
        Field::new(
            MAY,
            "Reads and may",
            "Reading along is always allowed. Space checks what the user may do besides.",
            Several::new(items.collect(), &ids(&first.capabilities), None, ""),
        ),
        Field::new(
            SESSION,
            "Minutes",
            "How long the session lasts, 1 to 180 minutes. The token itself must be used within about a minute.",
            Number::new(limit::SESSION_MINUTES, USUAL_MINUTES, first.session_minutes),
        ),
        Field::new(
            ATTRIBUTES,
            "Attributes",
            "Sent with each message of this user, such as displayName = Nadia. 1024 bytes in all. Pasted lines of \
             key=value become rows; C-x takes a row away.",
            Pairs::new(Measure::Bytes(limit::TOKEN_ATTRIBUTE_BYTES), &first.attributes),
        ),
    ]
}

fn ids(capabilities: &[Capability]) -> Vec<String> {
    capabilities.iter().map(|capability| capability.as_str().to_owned()).collect()
}

fn fill(form: &mut Form, preset: &Preset) {
    if let Entry::Several(several) = form.entry_mut(MAY) {
        several.check(&ids(&preset.capabilities));
    }
    if let Entry::Number(number) = form.entry_mut(SESSION) {
        number.set(preset.session_minutes);
    }
    if let Entry::Pairs(pairs) = form.entry_mut(ATTRIBUTES) {
        pairs.set(&preset.attributes);
    }
}

/// What the form asks for, as far as it can be read, and all that is wrong with it.
fn request(room: &Arn, form: &Form) -> (CreateChatToken, Vec<Problem>) {
    let (minutes, no_number) = taken(form.number(SESSION));
    let (attributes, no_pairs) = taken(form.pairs(ATTRIBUTES));
    let request = CreateChatToken {
        room_identifier: room.clone(),
        user_id: form.text(USER).to_owned(),
        capabilities: form.checked(MAY).into_iter().map(Capability::from).collect(),
        session_duration_in_minutes: minutes,
        attributes,
    };
    let problems = request.problems().into_iter().chain(no_number).chain(no_pairs).collect();
    (request, problems)
}

fn taken<T: Default>(result: Result<T, Problem>) -> (T, Option<Problem>) {
    match result {
        Ok(value) => (value, None),
        Err(problem) => (T::default(), Some(problem)),
    }
}

#[derive(Debug)]
struct Issue {
    room: Arn,
    name: String,
}

impl Purpose for Issue {
    fn title(&self) -> String {
        format!("Issue a chat token for {}", self.name)
    }

    fn verb(&self) -> &'static str {
        "issue"
    }

    fn plan(&self, form: &Form) -> Result<Plan, Vec<Problem>> {
        let (request, problems) = request(&self.room, form);
        if !problems.is_empty() {
            return Err(problems);
        }
        let user = request.user_id.clone();
        let deed = Deed { target: Some(self.room.clone()), user: Some(user.clone()), ..Deed::default() };
        let asked = request.clone();
        let change = Change::new(&request, deed, Topic::Nothing, move |token| Done {
            word: format!("issued a chat token for {}", clean(&user).as_str()),
            news: News::Token(Box::new((asked, token))),
        });
        Ok(Plan { changes: vec![change], ..Plan::default() })
    }
}
