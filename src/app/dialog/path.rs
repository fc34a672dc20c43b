//! Asks for a file's path: typed, tried, and kept with the reason if it did not work.

use ratatui::text::Line;

use crate::api::error::Problem;
use crate::api::limit;
use crate::app::file::FileTrouble;
use crate::app::key::Key;
use crate::app::keys::{Command, Context};
use crate::app::look::Look;
use crate::app::text::clean;
use crate::app::widget::form::{Entry, Field, Form, Text};
use crate::app::widget::page::Page;

use super::heard::Heard;

const PATH: &str = "path";
const LIMIT: limit::Text = limit::Text { min: 1, max: 4096, chars: limit::Chars::Any };

/// A prompt for a path.
#[derive(Debug)]
pub struct PathPrompt {
    form: Form,
    state: State,
    trouble: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Typing,
    Waiting,
    /// There is a file of this name: may it go?
    Exists,
}

/// What a key means for the prompt.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// It stays.
    Stay,
    /// It is not wanted any more.
    Close,
    /// The file is to be read or written.
    Go { path: String, overwrite: bool },
}

impl PathPrompt {
    pub(super) fn new(help: &'static str, path: &str) -> Self {
        let field = Field::new(PATH, "File", help, Text::new(LIMIT, path));
        Self { form: Form::new(vec![field]), state: State::Typing, trouble: Vec::new() }
    }

    pub(super) fn context(&self) -> Context {
        match self.state {
            State::Typing | State::Waiting => Context::Path,
            State::Exists => Context::Overwrite,
        }
    }

    pub(super) fn press(&mut self, key: Key, command: Option<Command>) -> Step {
        match (self.state, command) {
            (State::Typing, Some(Command::Accept)) if self.path().is_empty() => {
                self.trouble = vec!["must not be empty".to_owned()];
            }
            (State::Typing, Some(Command::Accept)) => return self.go(false),
            (State::Exists, Some(Command::Accept)) => return self.go(true),
            (State::Typing | State::Waiting, Some(Command::Cancel)) => return Step::Close,
            (State::Exists, Some(Command::Cancel)) => self.state = State::Typing,
            (State::Typing, command) => {
                if self.form.press(key, command) {
                    self.trouble.clear();
                }
            }
            (State::Waiting | State::Exists, _) => {}
        }
        Step::Stay
    }

    fn go(&mut self, overwrite: bool) -> Step {
        self.state = State::Waiting;
        self.trouble.clear();
        Step::Go { path: self.path(), overwrite }
    }

    pub(super) fn path(&self) -> String {
        self.form.text(PATH).to_owned()
    }

    pub(super) fn paste(&mut self, text: &str) {
        if self.state == State::Typing {
            self.form.paste(text);
            self.trouble.clear();
        }
    }

    /// It did not work.
    pub(super) fn failed(&mut self, trouble: FileTrouble) {
        match trouble {
            FileTrouble::Exists => self.state = State::Exists,
            FileTrouble::Other(why) => self.refuse(vec![why]),
        }
    }

    /// The file is not what it should be.
    pub(super) fn refuse(&mut self, why: Vec<String>) {
        self.state = State::Typing;
        self.trouble = why;
        self.form.touch_all();
    }

    /// What it says without a screen.
    pub(super) fn spoken(&self, title: &str) -> Heard {
        let lines = self.trouble.iter().map(|why| format!("wrong: {}", clean(why).as_str())).collect();
        let path = self.path();
        match self.state {
            State::Typing if path.is_empty() => Heard::new(title, lines, "type the path of the file, or cancel"),
            State::Typing => {
                let asks = format!("type the path of the file, yes for {}, or cancel", clean(&path).as_str());
                Heard::new(title, lines, asks)
            }
            State::Waiting => Heard::waiting(title, lines),
            State::Exists => {
                let asks = format!("{} is there already: yes overwrites it, no goes back", clean(&path).as_str());
                Heard::new(title, lines, asks)
            }
        }
    }

    /// Takes a whole line in place of what was typed; yes stands for what is there.
    pub(super) fn type_line(&mut self, line: &str) {
        if line != "yes"
            && let Entry::Text(text) = self.form.entry_mut(PATH)
        {
            text.set(line);
        }
        self.trouble.clear();
    }

    /// The prompt as lines, and where its caret is.
    pub(super) fn lines(&self, cells: usize, look: Look) -> (Vec<Line<'static>>, (usize, usize)) {
        let problems: Vec<Problem> = self.trouble.iter().map(|why| Problem::new(PATH, why.as_str())).collect();
        let layout = self.form.layout(cells, &problems, look);
        let mut page = Page::new(look, cells);
        page.blank();
        match self.state {
            State::Typing => page.styled(layout.help, look.quiet()),
            State::Waiting => page.styled("a moment ...", look.busy()),
            State::Exists => {
                let words = format!("{} is there already. Overwrite it?  y overwrites, Esc goes back", self.path());
                page.styled(clean(&words).as_str(), look.bad());
            }
        }
        let lines = layout.lines.into_iter().chain(page.finish()).collect();
        (lines, layout.caret)
    }
}
