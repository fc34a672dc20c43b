//! Asks for the name of what is to be deleted, typed out: the last step before something that can't be taken back.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Clear;
use tui_input::Input;

use crate::app::change::{Change, Failed};
use crate::app::key::Key;
use crate::app::keys::Command;
use crate::app::look::Look;
use crate::app::text::{clean, fit, width};
use crate::app::trouble::Trouble;
use crate::app::widget::edit;
use crate::app::widget::frame::boxed;
use crate::app::widget::page::{Page, TOLD};

use super::heard::{self, Heard};
use super::order::Order;
use super::{Next, area};

/// What is to be deleted, and why that is not to be done lightly.
pub struct Subject {
    /// The dialog's title.
    pub title: String,
    /// What must be typed.
    pub name: String,
    /// What it is: labels and texts.
    pub facts: Vec<(&'static str, String)>,
    /// What will come of it.
    pub warnings: Vec<String>,
}

/// A typed confirmation.
pub struct Confirm {
    subject: Subject,
    /// What will be done to it, such as `delete it`.
    verb: &'static str,
    then: Then,
    input: Input,
    stage: Stage,
}

/// What is done once it is confirmed.
enum Then {
    /// A change is sent.
    Send(Box<dyn Fn() -> Change + Send>),
    /// A live room does something.
    Order(Order),
}

/// How far it is.
#[derive(Debug)]
enum Stage {
    /// It is not known yet what still uses it.
    Looking,
    /// These still use it.
    Used {
        /// What they are called.
        names: Vec<String>,
        /// There are more.
        more: bool,
    },
    Typing,
    /// Enter was pressed on something else than the name.
    Mismatch,
    /// Somebody pasted.
    Pasted,
    Sending,
    Refused(Trouble),
}

impl Confirm {
    /// Asks before what `make` makes is sent.
    pub fn new(subject: Subject, make: impl Fn() -> Change + Send + 'static) -> Self {
        let then = Then::Send(Box::new(make));
        Self { subject, verb: "delete it", then, input: Input::default(), stage: Stage::Typing }
    }

    /// Asks before a live room does something.
    pub fn ordering(subject: Subject, verb: &'static str, order: Order) -> Self {
        Self { subject, verb, then: Then::Order(order), input: Input::default(), stage: Stage::Typing }
    }

    /// Nothing can be confirmed until [`Confirm::found_users`] says what still uses it.
    #[must_use]
    pub fn looking_for_users(mut self) -> Self {
        self.stage = Stage::Looking;
        self
    }

    /// What still uses it: if anything does, it can't be deleted. If that could not be found out, `why` says so, and
    /// the service will decide.
    pub fn found_users(&mut self, users: Result<(Vec<String>, bool), String>) {
        self.stage = match users {
            Ok((names, more)) if !names.is_empty() => Stage::Used { names, more },
            Ok(_) => Stage::Typing,
            Err(why) => {
                self.subject.warnings.push(format!("Which rooms use it could not be looked up: {why}."));
                Stage::Typing
            }
        };
    }

    pub(super) fn press(&mut self, key: Key, command: Option<Command>) -> Next {
        match (&self.stage, command) {
            (Stage::Sending, Some(Command::Cancel)) => return Next::Leave,
            (_, Some(Command::Cancel)) => return Next::Close,
            (Stage::Sending | Stage::Looking | Stage::Used { .. }, _) => {}
            (_, Some(Command::Accept)) if self.input.value() == self.subject.name => {
                return match &self.then {
                    Then::Send(make) => {
                        let change = Box::new(make());
                        self.stage = Stage::Sending;
                        Next::Send(change)
                    }
                    Then::Order(order) => Next::Order(order.clone()),
                };
            }
            (_, Some(Command::Accept)) => self.stage = Stage::Mismatch,
            _ => {
                if edit::press(&mut self.input, key) {
                    self.stage = Stage::Typing;
                }
            }
        }
        Next::Stay
    }

    /// A name that is pasted shows that somebody can copy, not that somebody has read it.
    pub(super) fn paste(&mut self) {
        if !matches!(self.stage, Stage::Sending | Stage::Looking | Stage::Used { .. }) {
            self.stage = Stage::Pasted;
        }
    }

    pub(super) fn answered(&mut self, failed: Option<&Failed>) -> Next {
        match failed {
            Some(failed) => {
                self.stage = Stage::Refused(Trouble::new(&failed.error));
                Next::Stay
            }
            None => Next::Close,
        }
    }

    /// What it says without a screen.
    pub(super) fn spoken(&self) -> Heard {
        let (name, title) = (clean(&self.subject.name), &self.subject.title);
        // What is said there to somebody with a screen is said here in other words.
        let mut lines = heard::told(&self.page(TOLD, Look::plain()).finish());
        let asks = match &self.stage {
            Stage::Looking | Stage::Sending => return Heard::waiting(title, Vec::new()),
            Stage::Used { .. } => "take it away from them first; cancel".to_owned(),
            Stage::Typing | Stage::Mismatch | Stage::Pasted | Stage::Refused(_) => {
                format!("to {}, type: delete {}; or cancel", self.verb, name.as_str())
            }
        };
        let asks = if self.verb == "delete it" { asks } else { asks.replace("type: delete", "type:") };
        lines.pop();
        match &self.stage {
            Stage::Mismatch => lines.push("that is not its name".to_owned()),
            Stage::Looking
            | Stage::Used { .. }
            | Stage::Typing
            | Stage::Pasted
            | Stage::Sending
            | Stage::Refused(_) => {}
        }
        Heard::new(title, lines, asks)
    }

    /// Takes a whole line in place of what was typed.
    pub(super) fn type_line(&mut self, line: &str) {
        if !matches!(self.stage, Stage::Sending | Stage::Looking | Stage::Used { .. }) {
            self.input = Input::new(line.strip_prefix("delete ").unwrap_or(line).to_owned());
            self.stage = Stage::Typing;
        }
    }

    fn page(&self, cells: usize, look: Look) -> Page {
        let mut page = Page::new(look, cells);
        if let Stage::Refused(trouble) = &self.stage {
            page.styled(&trouble.headline, look.bad());
            for (label, text) in &trouble.facts {
                page.fact(label, text);
            }
            page.text(&trouble.remedy);
            page.blank();
        }
        for (label, text) in &self.subject.facts {
            page.fact(label, clean(text).as_str());
        }
        page.blank();
        for warning in &self.subject.warnings {
            page.text(clean(warning).as_str());
        }
        page.blank();
        match &self.stage {
            Stage::Looking => {
                page.styled("looking which rooms use it ...", look.busy());
                return page;
            }
            Stage::Used { names, more } => {
                let count = if *more { format!("more than {}", names.len()) } else { names.len().to_string() };
                page.styled(&format!("Rooms that still use it: {count}."), look.bad());
                for user in names {
                    page.text(&format!("  {}", clean(user).as_str()));
                }
                page.blank();
                page.text("Take it away from them first (e edits a room). Esc closes.");
                return page;
            }
            Stage::Typing | Stage::Mismatch | Stage::Pasted | Stage::Sending | Stage::Refused(_) => {}
        }
        let name = clean(&self.subject.name);
        page.styled(
            &format!("To {}, type {} and press Enter. Esc leaves it alone.", self.verb, name.as_str()),
            look.strong(),
        );
        page
    }

    pub(super) fn draw(&self, frame: &mut Frame, size: (u16, u16), look: Look) -> Position {
        let cells = usize::from(area(size, 0).width.saturating_sub(4));
        let mut lines = self.page(cells, look).finish();
        let typed = clean(self.input.value());
        let remark = match self.stage {
            Stage::Looking | Stage::Used { .. } => return self.draw_lines(frame, size, look, &lines, None),
            Stage::Typing | Stage::Refused(_) => Line::default(),
            Stage::Mismatch => Line::styled("! that is not its name", look.bad()),
            Stage::Pasted => Line::styled("! pasting does not count: type it", look.bad()),
            Stage::Sending => {
                Line::styled("sending ... (Esc leaves it to itself; the outcome will be told)", look.busy())
            }
        };
        lines.push(Line::from(vec![
            Span::styled("> ", look.strong()),
            Span::styled(fit(typed.as_str(), cells.saturating_sub(3)), look.typed()),
        ]));
        lines.push(remark);
        let caret = 2 + width(typed.as_str()).min(cells.saturating_sub(3));
        self.draw_lines(frame, size, look, &lines, Some(caret))
    }

    /// The caret's column is on the last line but one.
    fn draw_lines(
        &self,
        frame: &mut Frame,
        size: (u16, u16),
        look: Look,
        lines: &[Line],
        caret: Option<usize>,
    ) -> Position {
        let area = area(size, lines.len());
        frame.render_widget(Clear, area);
        let title = fit(clean(&self.subject.title).as_str(), usize::from(area.width.saturating_sub(4)));
        let title = Line::styled(format!(" {title} "), look.bad());
        let inner = boxed(frame, area, look, true, title, Line::default());
        let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
        // On a low screen the end is what must be seen: the name, and where it is typed.
        let top = lines.len().saturating_sub(usize::from(inner.height));
        for (line, y) in lines.iter().skip(top).zip(inner.y..inner.bottom()) {
            frame.buffer_mut().set_line(inner.x, y, line, inner.width);
        }
        let Some(caret) = caret else { return inner.as_position() };
        let column = u16::try_from(caret).unwrap_or_default();
        Position::new(inner.x + column, inner.bottom().saturating_sub(2))
    }
}

impl std::fmt::Debug for Confirm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Confirm").field("name", &self.subject.name).field("stage", &self.stage).finish_non_exhaustive()
    }
}
