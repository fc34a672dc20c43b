//! A token that was issued: hidden until asked for, copied, written or used only on a key, and gone when this closes.

use jiff::{SignedDuration, Timestamp};
use ratatui::Frame;
use ratatui::layout::Position;
use ratatui::text::{Line, Span};
use secrecy::{ExposeSecret, SecretString};
use unicode_segmentation::UnicodeSegmentation;

use crate::api::ops::{ChatToken, CreateChatToken};
use crate::app::file::{FileTrouble, PRIVATE, ToWrite};
use crate::app::key::Key;
use crate::app::keys::{Command, Context};
use crate::app::look::Look;
use crate::app::text::{clean, width};
use crate::app::widget::page::{Page, TOLD};

use super::heard::{self, Heard};
use super::path::{PathPrompt, Step};
use super::token::prompt_sheet;
use super::{Next, Sheet, Wish, area};

/// Characters of a user id that go into a file's name.
const NAME: usize = 40;

/// A token that was issued.
#[derive(Debug)]
pub struct Issued {
    request: CreateChatToken,
    room: String,
    token: ChatToken,
    revealed: bool,
    writing: Option<PathPrompt>,
    /// Where it was written.
    written: Option<String>,
    /// The folder that is offered for it.
    folder: String,
}

impl Issued {
    /// What `request` brought, for the room that is called `room`.
    pub fn new(request: CreateChatToken, token: ChatToken, room: String, folder: String) -> Self {
        Self { request, room, token, revealed: false, writing: None, written: None, folder }
    }

    /// When the token can't be used any more.
    pub fn expires(&self) -> Option<Timestamp> {
        self.token.token_expiration_time
    }

    pub(super) fn context(&self) -> Context {
        self.writing.as_ref().map_or(Context::Issued, PathPrompt::context)
    }

    pub(super) fn press(&mut self, key: Key, command: Option<Command>) -> Next {
        if let Some(prompt) = &mut self.writing {
            return match prompt.press(key, command) {
                Step::Stay => Next::Stay,
                Step::Close => {
                    self.writing = None;
                    Next::Stay
                }
                Step::Go { path, overwrite } => {
                    let text = SecretString::from(format!("{}\n", self.token.token.expose_secret()));
                    let make_folder = path.starts_with(&self.folder);
                    Next::Ask(Wish::Write(ToWrite { path, text, mode: PRIVATE, make_folder, overwrite }))
                }
            };
        }
        match command {
            Some(Command::Reveal) => self.revealed = !self.revealed,
            Some(Command::Copy) => return Next::Ask(Wish::CopyToken(self.token.token.clone())),
            Some(Command::SaveFile) => {
                let help = "The token alone, in a file that only you can read. ~ is your home.";
                self.writing = Some(PathPrompt::new(help, &self.default_path()));
            }
            Some(Command::Join) => return Next::Ask(Wish::Join(Box::new(self.request.clone()))),
            Some(Command::Cancel) => return Next::Close,
            Some(_) | None => {}
        }
        Next::Stay
    }

    /// A user id may hold anything; a file's name holds what no shell and no folder minds.
    fn default_path(&self) -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() || "-_".contains(c) { c } else { '_' };
        let user: String = self.request.user_id.chars().take(NAME).map(plain).collect();
        format!("{}/ivschat-token-{user}.txt", self.folder.trim_end_matches('/'))
    }

    pub(super) fn paste(&mut self, text: &str) {
        if let Some(prompt) = &mut self.writing {
            prompt.paste(text);
        }
    }

    /// The file was written, or was not.
    pub(super) fn file_written(&mut self, written: Result<String, FileTrouble>) -> Option<String> {
        let prompt = self.writing.as_mut()?;
        match written {
            Err(trouble) => {
                prompt.failed(trouble);
                None
            }
            Ok(path) => {
                self.writing = None;
                self.written = Some(path.clone());
                Some(format!("wrote the token for you alone (0600): {path}"))
            }
        }
    }

    pub(super) fn draw(&self, frame: &mut Frame, size: (u16, u16), look: Look, now: Timestamp) -> Position {
        let cells = usize::from(area(size, 0).width.saturating_sub(4));
        if let Some(prompt) = &self.writing {
            return prompt_sheet(prompt, cells, look).draw(frame, size, look, "Write the token to a file");
        }
        let title = format!("Chat token for {}", self.request.user_id);
        Sheet { lines: self.lines(cells, look, now), top: 0, caret: None }.draw(frame, size, look, &title)
    }

    /// What it says without a screen. The token is said when it is asked for, and only then.
    pub(super) fn spoken(&self, now: Timestamp) -> Heard {
        if let Some(prompt) = &self.writing {
            return prompt.spoken("Write the token to a file");
        }
        let keys = |line: &String| {
            !line.contains("hidden: r shows it") && !line.starts_with("j joins") && !line.ends_with("r hides it.")
        };
        let lines = heard::told(&self.lines(TOLD, Look::plain(), now)).into_iter().filter(keys).collect();
        let title = format!("Chat token for {}", self.request.user_id);
        Heard::new(&title, lines, "show or hide, copy, write, join, or close: then the token is gone")
    }

    /// Takes a whole line where a path is typed.
    pub(super) fn type_line(&mut self, line: &str) {
        if let Some(prompt) = &mut self.writing {
            prompt.type_line(line);
        }
    }

    fn lines(&self, cells: usize, look: Look, now: Timestamp) -> Vec<Line<'static>> {
        let mut page = Page::new(look, cells);
        page.fact("Room", clean(&self.room).as_str());
        page.fact("", clean(self.request.room_identifier.as_str()).as_str());
        page.fact("User", clean(&self.request.user_id).as_str());
        let may: Vec<&str> = self.request.capabilities.iter().map(crate::api::model::Capability::as_str).collect();
        let may =
            if may.is_empty() { "read along, nothing else".to_owned() } else { format!("read, {}", may.join(", ")) };
        page.fact("May", &may);
        for (index, (key, value)) in self.request.attributes.iter().enumerate() {
            let label = if index == 0 { "Attributes" } else { "" };
            page.fact(label, clean(&format!("{key} = {value}")).as_str());
        }
        page.blank();
        self.times(&mut page, look, now);
        page.blank();
        if self.revealed {
            self.reveal(&mut page, cells, look);
        } else {
            page.fact_styled("Token", "hidden: r shows it, y copies it, w writes it to a file", look.quiet());
        }
        if let Some(path) = &self.written {
            page.fact_styled("Written to", clean(path).as_str(), look.good());
        }
        page.blank();
        page.styled("Good for one connection. It is kept nowhere: when this closes, it is gone.", look.quiet());
        let join = format!("j joins the room as {}, with tokens of its own.", self.request.user_id);
        page.styled(clean(&join).as_str(), look.quiet());
        page.finish()
    }

    fn times(&self, page: &mut Page, look: Look, now: Timestamp) {
        match self.token.token_expiration_time {
            Some(until) if until <= now => {
                page.fact_styled("Use it by", &format!("{}: expired, t issues another", time(until)), look.bad());
            }
            Some(until) => {
                page.fact_styled("Use it by", &format!("{}: {}", time(until), left(until, now)), look.strong());
            }
            None => page.fact("Use it by", "the service did not say; it is about a minute"),
        }
        match self.token.session_expiration_time {
            Some(until) if until <= now => page.fact("Session to", &format!("{}: over", time(until))),
            Some(until) => page.fact("Session to", &format!("{}: {}", time(until), left(until, now))),
            None => page.fact("Session to", "the service did not say"),
        }
    }

    /// The token itself, broken where a line ends.
    fn reveal(&self, page: &mut Page, cells: usize, look: Look) {
        let shown = clean(self.token.token.expose_secret());
        let mut line = String::new();
        for cluster in shown.as_str().graphemes(true) {
            if width(&line) + width(cluster) > cells {
                page.line(Line::from(Span::styled(std::mem::take(&mut line), look.text())));
            }
            line.push_str(cluster);
        }
        page.line(Line::from(Span::styled(line, look.text())));
        page.styled("This is a secret: r hides it.", look.busy());
    }
}

fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%SZ").to_string()
}

/// How long it is until then, in words that hold for a while: nothing on an idle screen counts seconds.
fn left(until: Timestamp, now: Timestamp) -> String {
    let left = until.duration_since(now);
    if left <= SignedDuration::from_secs(60) {
        return "within the minute".to_owned();
    }
    let minutes = (left.as_secs() + 30) / 60;
    format!("about {minutes} min left")
}
