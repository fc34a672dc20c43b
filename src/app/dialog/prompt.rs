//! Asks why one message is deleted or one user disconnected: a digit answers, and sends.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;
use ratatui::widgets::Clear;

use crate::api::Arn;
use crate::app::key::Key;
use crate::app::keys::{Command, Context};
use crate::app::look::Look;
use crate::app::text::{clean, fit};
use crate::app::widget::frame::boxed;
use crate::app::widget::page::Page;

use super::heard::{self, Heard};
use super::order::Order;
use super::reason::{Drawn, Picked, Picker};
use super::{Next, area};

/// Cells of the message that are quoted, so that the longest one leaves room for the reasons on 80x24.
const QUOTED: usize = 120;

/// What is hit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A message.
    Message {
        /// Its id.
        id: Box<str>,
        /// What it says, safe to show.
        text: String,
    },
    /// Whoever wrote it.
    User {
        /// The id in the user's token.
        user_id: String,
        /// How many of the user's messages are here.
        messages: usize,
        /// Whether the console watches as this user.
        ourselves: bool,
    },
}

/// A question that a digit answers.
#[derive(Debug)]
pub struct Prompt {
    room: Arn,
    name: String,
    /// Name and short id of the user, safe to show.
    who: String,
    target: Target,
    picker: Picker,
}

impl Prompt {
    /// Asks about `target`, of or by `who`, in the room that is called `name`.
    pub fn new(room: Arn, name: String, who: String, target: Target, picker: Picker) -> Self {
        Self { room, name, who, target, picker }
    }

    pub(super) fn context(&self) -> Context {
        self.picker.context()
    }

    pub(super) fn press(&mut self, key: Key, command: Option<Command>) -> Next {
        let why = match self.picker.press(key, command) {
            Picked::Nothing => return Next::Stay,
            Picked::Closed => return Next::Close,
            Picked::For(why) => why,
        };
        let room = self.room.clone();
        Next::Order(match &self.target {
            Target::Message { id, .. } => Order::Delete { room, message: id.clone(), why },
            Target::User { user_id, .. } => Order::Disconnect { room, user: user_id.clone(), why, form: false },
        })
    }

    pub(super) fn paste(&mut self, text: &str) {
        self.picker.paste(text);
    }

    fn title(&self) -> String {
        match &self.target {
            Target::Message { .. } => format!("Delete a message of {} in {}", self.who, self.name),
            Target::User { .. } => format!("Disconnect {} from {}", self.who, self.name),
        }
    }

    fn facts(&self, page: &mut Page, look: Look) {
        match &self.target {
            Target::Message { text, .. } => {
                page.fact("Message", &format!("{}: {}", self.who, fit(text, QUOTED)));
                page.fact_styled("", "Taken from view for everyone: no way back. Chat logs keep it.", look.busy());
            }
            Target::User { user_id, messages, ourselves } => {
                let s = if *messages == 1 { "" } else { "s" };
                let id = clean(user_id);
                page.fact("Whom", &format!("{}, user id {}, {messages} message{s} here", self.who, id.as_str()));
                let note = if *ourselves {
                    "This is you: the console itself is thrown out."
                } else {
                    "Not a ban: they may come back with a new token."
                };
                page.fact_styled("", note, look.busy());
            }
        }
    }

    /// What it says without a screen.
    pub(super) fn spoken(&self) -> Heard {
        let mut page = heard::page();
        self.facts(&mut page, Look::plain());
        let mut lines = heard::told(&page.finish());
        let (reasons, asks) = self.picker.spoken();
        lines.extend(reasons);
        Heard::new(&self.title(), lines, asks)
    }

    pub(super) fn picker_mut(&mut self) -> &mut Picker {
        &mut self.picker
    }

    fn lines(&self, cells: usize, look: Look) -> Drawn {
        let mut page = Page::new(look, cells);
        self.facts(&mut page, look);
        page.blank();
        let mut lines = page.finish();
        let (picker, caret) = self.picker.draw(cells, look);
        let caret = caret.map(|(column, row)| (column, row + lines.len()));
        lines.extend(picker);
        (lines, caret)
    }

    pub(super) fn draw(&self, frame: &mut Frame, size: (u16, u16), look: Look) -> Position {
        let cells = usize::from(area(size, 0).width.saturating_sub(4));
        let (lines, caret) = self.lines(cells, look);
        let area = area(size, lines.len());
        frame.render_widget(Clear, area);
        let title = Line::styled(format!(" {} ", fit(clean(&self.title()).as_str(), cells)), look.bad());
        let inner = boxed(frame, area, look, true, title, Line::default());
        let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
        // On a low screen the end is what must be seen: the reasons, and where one is typed.
        let top = lines.len().saturating_sub(usize::from(inner.height));
        for (line, y) in lines.iter().skip(top).zip(inner.y..inner.bottom()) {
            frame.buffer_mut().set_line(inner.x, y, line, inner.width);
        }
        // A digit needs no caret: reading begins at the top.
        let Some((column, row)) = caret else { return inner.as_position() };
        let x = inner.x + u16::try_from(column).unwrap_or_default();
        let y = inner.y + u16::try_from(row.saturating_sub(top)).unwrap_or_default();
        Position::new(x.min(inner.right()), y.min(inner.bottom()))
    }
}
